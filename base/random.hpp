// Unguessable numbers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pilothouse {

// From the operating system's generator through OpenSSL; throws std::runtime_error where there is
// none.
[[nodiscard]] std::string random_bytes(std::size_t count);

inline constexpr std::string_view base62_digits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// `count` characters of [0-9A-Za-z], each of the 62 equally likely.
[[nodiscard]] std::string random_base62(std::size_t count);

// The same of [0-9a-z], each of the 36.
[[nodiscard]] std::string random_base36(std::size_t count);

}  // namespace pilothouse
