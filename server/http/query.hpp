// The query part of a request's target.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pilothouse::http {

// True when the query has a parameter of this name, with a value or without, however it is encoded.
[[nodiscard]] bool has_parameter(std::string_view query, std::string_view name);

// The first value of this name, decoded (`+` is a space here, as in HTML forms); nullopt: absent or
// badly encoded.
[[nodiscard]] std::optional<std::string> parameter(std::string_view query, std::string_view name);

}  // namespace pilothouse::http
