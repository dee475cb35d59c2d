// Letters and digits, for every byte that there is.
#include "base/ascii.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace pilothouse::tests::ascii_test {

TEST_CASE("letters and digits are those of ASCII, and no other byte is one") {
    constexpr std::string_view digits = "0123456789";
    constexpr std::string_view small = "abcdefghijklmnopqrstuvwxyz";
    constexpr std::string_view capital = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (int byte = 0; byte < 256; ++byte) {
        auto const c = static_cast<char>(byte);
        CAPTURE(byte);
        bool const digit = digits.find(c) != std::string_view::npos;
        auto const place = capital.find(c);
        bool const letter =
            place != std::string_view::npos || small.find(c) != std::string_view::npos;
        CHECK(ascii::is_digit(c) == digit);
        CHECK(ascii::is_letter(c) == letter);
        CHECK(ascii::is_letter_or_digit(c) == (letter || digit));
        CHECK(ascii::lower(c) == (place != std::string_view::npos ? small[place] : c));
    }
}

TEST_CASE("words are compared without regard to the case of ASCII letters alone") {
    CHECK(ascii::equal_ignoring_case("", ""));
    CHECK(ascii::equal_ignoring_case("Content-Length", "cONTENT-lENGTH"));
    CHECK_FALSE(ascii::equal_ignoring_case("chunked", "chunke"));
    CHECK_FALSE(ascii::equal_ignoring_case("chunke", "chunked"));
    CHECK_FALSE(ascii::equal_ignoring_case("a@", "a`"));
    CHECK_FALSE(ascii::equal_ignoring_case("\xc4", "\xe4"));  // Latin-1's A and a with dots
}

}  // namespace pilothouse::tests::ascii_test
