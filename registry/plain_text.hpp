// Words that people write about things of the registry: reasons, descriptions.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string_view>

namespace pilothouse::registry {

enum class text_shape : bool { one_line, lines };

// Well-formed UTF-8 of at most `characters_max` characters, without control characters (but tabs
// and line feeds among lines). errc::invalid_argument, which begins with `what`.
[[nodiscard]] result<void> check_text(std::string_view what, std::string_view text,
                                      std::size_t characters_max, text_shape shape);

}  // namespace pilothouse::registry
