#include "chart/sanitise.hpp"

#include "chart/utf8.hpp"

#include <doctest/doctest.h>

using namespace pilothouse::chart;
using namespace std::string_view_literals;

TEST_CASE("text is sanitised as Helm does it") {
    struct row {
        std::string_view written, sanitised;
    };
    for (auto const& [written, sanitised] : {
             row{"plain text", "plain text"},
             row{"", ""},
             row{"a\tb\nc\rd\ve\ff", "a b c d e f"},
             row{"a\u0085b\u00a0c\u1680d\u2003e\u2028f\u2029g\u202fh\u205fi\u3000j",
                 "a b c d e f g h i j"},
             row{"  both ends  ", "  both ends  "},
             row{"a\r\nb", "a  b"},
             row{"bell\a null\0 escape\x1b delete\x7f"sv, "bell null escape delete"},
             row{"\u0080a\u009fb", "ab"},
             row{"soft\u00adhyphen", "softhyphen"},
             row{"a\u200bb\u200cc\u200dd\u200ee\u2060f\ufeffg", "abcdefg"},
             row{"a\u202eb\u2066c", "abc"},
             row{"private\ue000 unassigned\u0378 last\U0010fffd", "private unassigned last"},
             row{"\u00e4\u4e2d\U0001f600\ufe0fe\u0301\ufffd\u00b2",
                 "\u00e4\u4e2d\U0001f600\ufe0fe\u0301\ufffd\u00b2"},
             row{"a\xff"
                 "b\xe4",
                 "a\ufffdb\ufffd"},
         }) {
        CAPTURE(written);
        CHECK(sanitise(written) == sanitised);
        CHECK(sanitise(sanitised) == sanitised);
    }
}

TEST_CASE("every code point survives a round through UTF-8, and nothing else is one") {
    for (char32_t c = 0; c <= 0x10'ffff; c += c < 0x1'0000 ? 1 : 97) {
        if (c >= 0xd800 && c <= 0xdfff) continue;
        std::string text;
        append_code_point(text, c);
        std::size_t at = 0;
        REQUIRE(next_code_point(text, at) == c);
        REQUIRE(at == text.size());
        for (std::size_t cut = 1; cut < text.size(); ++cut) {
            std::size_t begin = 0;
            REQUIRE(next_code_point(std::string_view(text).substr(0, cut), begin) == not_utf8);
            REQUIRE(begin == 1);
        }
    }
    for (auto const bad : {"\x80"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xe0\x80\x80"sv, "\xed\xa0\x80"sv,
                           "\xed\xbf\xbf"sv, "\xf0\x80\x80\x80"sv, "\xf4\x90\x80\x80"sv,
                           "\xf8\x88\x80\x80\x80"sv, "\xff"sv, "\xc3("sv}) {
        std::size_t at = 0;
        CHECK(next_code_point(bad, at) == not_utf8);
        CHECK(at == 1);
    }
}
