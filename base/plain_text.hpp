// Words that people write for people: names, reasons, descriptions.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string_view>

namespace pilothouse {

enum class text_shape : bool { one_line, lines };

// Well-formed UTF-8 of at most `characters_max` characters, without control characters (but tabs
// and ends of lines among lines), nor such as turn the direction of what is around them.
// errc::invalid_argument, which begins with `what`.
[[nodiscard]] result<void> check_text(std::string_view what, std::string_view text,
                                      std::size_t characters_max, text_shape shape);

}  // namespace pilothouse
