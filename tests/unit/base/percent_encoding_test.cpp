#include "base/percent_encoding.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace pilothouse::tests::percent_encoding_test {

using namespace std::string_view_literals;

TEST_CASE("percent-encoded text is decoded, and nothing else is touched") {
    struct row {
        std::string_view encoded, plain;
    };
    for (auto const& [encoded, plain] : {
             row{"", ""},
             row{"plain", "plain"},
             row{"grp%2Fproj", "grp/proj"},
             row{"grp%2fproj", "grp/proj"},
             row{"a+b", "a+b"},
             row{"a%2Bb", "a+b"},
             row{"1.0.0%2Bbuild", "1.0.0+build"},
             row{"%25", "%"},
             row{"%2541", "%41"},
             row{"%00", "\0"sv},
             row{"%C3%A4%ff", "\xc3\xa4\xff"},
             row{"\xc3\xa4", "\xc3\xa4"},
             row{"..%2F..", "../.."},
         }) {
        CAPTURE(encoded);
        CHECK(percent_decode(encoded) == std::string(plain));
    }
}

TEST_CASE("a percent sign without two hexadecimal digits is refused") {
    for (std::string_view const bad : {"%", "%4", "abc%", "abc%4", "%zz", "%4z", "%z4", "%%41",
                                       "% 1", "%+1", "%-1", "%0x41", "%u0041"}) {
        CAPTURE(bad);
        CHECK_FALSE(percent_decode(bad));
    }
}

TEST_CASE("a segment is encoded but for what every reader leaves alone") {
    CHECK(percent_encode("") == "");
    CHECK(percent_encode("azAZ09-._~") == "azAZ09-._~");
    CHECK(percent_encode("a/b?c#d") == "a%2Fb%3Fc%23d");
    CHECK(percent_encode("1.0.0+x y%") == "1.0.0%2Bx%20y%25");
    CHECK(percent_encode("\xc3\xa4\0"sv) == "%C3%A4%00");
}

TEST_CASE("every byte survives being encoded and decoded") {
    std::string all;
    for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
    CHECK(percent_decode(percent_encode(all)) == all);
}

}  // namespace pilothouse::tests::percent_encoding_test
