#include "base/base64.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::base64_test {

TEST_CASE("the vectors of RFC 4648, 10, both ways") {
    struct {
        std::string bytes, text;
    } const rows[] = {{"", ""},
                      {"f", "Zg=="},
                      {"fo", "Zm8="},
                      {"foo", "Zm9v"},
                      {"foob", "Zm9vYg=="},
                      {"fooba", "Zm9vYmE="},
                      {"foobar", "Zm9vYmFy"}};
    for (auto const& row : rows) {
        CAPTURE(row.bytes);
        CHECK(encode_base64(row.bytes) == row.text);
        CHECK(decode_base64(row.text) == row.bytes);
        auto const bare = row.text.substr(0, row.text.find('='));
        CHECK(encode_base64(row.bytes, base64_form::url) == bare);
        CHECK(decode_base64(bare, base64_form::url) == row.bytes);
    }
}

TEST_CASE("every byte, and the digits that differ between the forms") {
    std::string all;
    for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
    CHECK(decode_base64(encode_base64(all)) == all);
    CHECK(decode_base64(encode_base64(all, base64_form::url), base64_form::url) == all);
    CHECK(encode_base64("\xFB\xFF\xBF") == "+/+/");
    CHECK(encode_base64("\xFB\xFF\xBF", base64_form::url) == "-_-_");
}

TEST_CASE("what is not the one spelling is refused") {
    for (std::string const text : {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm 9", "Zm9v\n",
                                   "-_-_", "=", "====", "Z=g=", "Zm9v="})
        CHECK_MESSAGE(!decode_base64(text), text);
    for (std::string const text : {"Z", "Zg==", "Zh", "+/+/", "Zm9vY"})
        CHECK_MESSAGE(!decode_base64(text, base64_form::url), text);
}

}  // namespace pilothouse::tests::base64_test
