// UTF-8, read one code point at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pilothouse {

inline constexpr char32_t not_utf8 = 0xffff'ffff;

// The code point that begins at `at`, which moves behind it; at < text.size(). not_utf8 where no
// well-formed sequence begins; `at` then moves by one byte.
[[nodiscard]] char32_t next_code_point(std::string_view text, std::size_t& at) noexcept;

// At most so many bytes of the text, from its begin; no character is cut in two.
void cut_text(std::string& text, std::size_t bytes_max);

// Appends the UTF-8 form of a valid code point.
void append_code_point(std::string& text, char32_t code_point);

}  // namespace pilothouse
