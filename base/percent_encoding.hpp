// Percent-encoding of URIs (RFC 3986, 2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pilothouse {

// `%2F` becomes `/`; `+` stays what it is. nullopt: a `%` without two hexadecimal digits behind it.
// What comes out may be any bytes.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

// Fit to be one segment of a path, or a value of a query: all but letters, digits and `-._~` is
// encoded, in upper case.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace pilothouse
