#include "base/plain_text.hpp"

#include "base/utf8.hpp"

#include <string>

namespace pilothouse {

result<void> check_text(std::string_view what, std::string_view text, std::size_t characters_max,
                        text_shape shape) {
    std::size_t characters = 0;
    for (std::size_t at = 0; at < text.size(); ++characters) {
        auto const point = next_code_point(text, at);
        bool const white = point == '\n' || point == '\t' || point == '\r';
        bool const turns =
            (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
        bool const control = point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0x2028 ||
                             point == 0x2029 || point == not_utf8 || turns;
        if (control && !(white && shape == text_shape::lines))
            return failure(errc::invalid_argument,
                           std::string(what) + " must be UTF-8 text without control characters" +
                               (shape == text_shape::one_line ? ", on one line" : ""));
    }
    if (characters > characters_max)
        return failure(errc::invalid_argument, std::string(what) + " has more than " +
                                                   std::to_string(characters_max) + " characters");
    return {};
}

}  // namespace pilothouse
