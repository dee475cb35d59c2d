// Pairs of names and values, as in the query part of a request's target and in bodies of HTML
// forms.
#pragma once

#include <string>
#include <string_view>

namespace pilothouse::http {

struct query_pair {
    std::string name, value;
};

// Takes the first pair off `encoded`, which is not empty, and decodes it: `+` is a space, as in
// HTML forms; what is badly encoded stays as it is. Without `=` the value is empty; between two
// `&`, the name too.
[[nodiscard]] query_pair take_pair(std::string_view& encoded);

}  // namespace pilothouse::http
