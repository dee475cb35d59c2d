// UTF-8: every code point there and back, and everything that is not one.
#include "base/utf8.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::utf8_test {

TEST_CASE("every code point is read as it was written, whole, and not when it is cut") {
    for (char32_t c = 0; c <= 0x10'ffff; ++c) {
        if (c == 0xd800) c = 0xe000;  // surrogates are none
        std::string text;
        append_code_point(text, c);
        std::size_t at = 0;
        bool good = next_code_point(text, at) == c && at == text.size();
        for (std::size_t cut = 1; cut < text.size(); ++cut) {
            at = 0;
            good &= next_code_point(std::string_view(text).substr(0, cut), at) == not_utf8;
            good &= at == 1;
        }
        REQUIRE(good);
    }
}

TEST_CASE("what is no code point is passed byte by byte") {
    for (std::string const bad :
         {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80",
          "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe",
          "\xff", "\xc3(", "\xe2\x82(", "\xf0\x9f\x92("}) {
        CAPTURE(bad);
        std::size_t at = 0;
        CHECK(next_code_point(bad, at) == not_utf8);
        CHECK(at == 1);
    }
}

TEST_CASE("a text is cut between characters, and other bytes anywhere") {
    auto const cut = [](std::string text, std::size_t bytes_max) {
        cut_text(text, bytes_max);
        return text;
    };
    CHECK(cut("short", 5) == "short");
    CHECK(cut("longer", 5) == "longe");
    CHECK(cut("a", 0) == "");
    std::string const text = "a\u00e9\u20ac\U0001f6a2z";  // of 1, 2, 3, 4 and 1 bytes
    for (std::size_t most = 0; most <= text.size() + 1; ++most) {
        CAPTURE(most);
        std::size_t whole = 0;
        for (std::size_t const end : {1u, 3u, 6u, 10u, 11u})
            if (end <= most) whole = end;
        CHECK(cut(text, most) == text.substr(0, whole));
    }
    CHECK(cut(std::string(9, '\x80'), 5) == std::string(5, '\x80'));
    CHECK(cut(std::string(9, '\x80'), 2) == std::string(2, '\x80'));
}

}  // namespace pilothouse::tests::utf8_test
