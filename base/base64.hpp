// Base64 (RFC 4648), strictly: one value has one spelling.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pilothouse {

// Clause 4: `+` and `/`, padded. Clause 5, for URLs: `-` and `_`, here without padding.
enum class base64_form : bool { standard, url };

[[nodiscard]] std::string encode_base64(std::string_view bytes,
                                        base64_form form = base64_form::standard);
// Empty where it is anything else, spaces and line ends included.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text,
                                                       base64_form form = base64_form::standard);

}  // namespace pilothouse
