#include "chart/sanitise.hpp"

#include "base/utf8.hpp"

#include <unicode/uchar.h>

#include <algorithm>

namespace pilothouse::chart {

namespace {

// Unicode's property White_Space.
bool white_space(char32_t c) {
    return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_WHITE_SPACE) != 0;
}

// Letters, marks, numbers, punctuation and symbols. SPACE is white space already.
bool prints(char32_t c) {
    constexpr std::uint32_t printing =
        U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK | U_GC_P_MASK | U_GC_S_MASK;
    return (U_GET_GC_MASK(static_cast<UChar32>(c)) & printing) != 0;
}

}  // namespace

std::string sanitise(std::string_view text) {
    auto const plain = [](char c) { return c >= ' ' && c <= '~'; };
    if (std::all_of(text.begin(), text.end(), plain)) return std::string(text);

    std::string clean;
    clean.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        char32_t c = next_code_point(text, at);
        if (c == not_utf8) c = U'\uFFFD';
        if (white_space(c))
            clean += ' ';
        else if (prints(c))
            append_code_point(clean, c);
    }
    return clean;
}

}  // namespace pilothouse::chart
