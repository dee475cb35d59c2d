#include "index/json_text.hpp"

#include "base/utf8.hpp"

#include <doctest/doctest.h>
#include <yaml-cpp/yaml.h>
#include <boost/json.hpp>

#include <string>
#include <vector>

using namespace std::string_literals;

namespace pilothouse::index::json_text_test {

namespace {

std::string quoted(std::string_view text) {
    std::string out = "x";  // what is there already stays
    append_quoted(out, text);
    REQUIRE(out.front() == 'x');
    return out.substr(1);
}

}  // namespace

TEST_CASE("text is quoted so that JSON and YAML read the same string") {
    struct row {
        std::string text, expected;
    };
    std::vector<row> const rows = {
        {"", R"("")"},
        {"plain text / with a slash", R"("plain text / with a slash")"},
        {"\"\\", R"("\"\\")"},
        {"\n\r\t", R"("\n\r\t")"},
        {"\0\x01\b\f\x1b\x1f"s, R"("\u0000\u0001\u0008\u000c\u001b\u001f")"},
        {"\x7f", R"("\u007f")"},
        {"\xc2\x80\xc2\x85\xc2\x9f", R"("\u0080\u0085\u009f")"},
        {"\xc2\xa0", "\"\xc2\xa0\""},
        {"\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa",
         "\"\xe2\x80\xa7\\u2028\\u2029\xe2\x80\xaa\""},
        {"\xef\xbb\xbf", R"("\ufeff")"},
        {"\xef\xbf\xbd", "\"\xef\xbf\xbd\""},
        {"\xef\xbf\xbe\xef\xbf\xbf", R"("\ufffe\uffff")"},
        {"m\xc3\xa4\xe4\xb8\xad\xf0\x9f\x9a\xa2", "\"m\xc3\xa4\xe4\xb8\xad\xf0\x9f\x9a\xa2\""},
        {"\xf4\x8f\xbf\xbf", "\"\xf4\x8f\xbf\xbf\""},
        {"yes", R"("yes")"},
        {"1.10", R"("1.10")"},
    };
    for (auto const& [text, expected] : rows) {
        CAPTURE(expected);
        std::string const out = quoted(text);
        CHECK(out == expected);
        CHECK(boost::json::parse(out).as_string() == text);
        CHECK(YAML::Load(out).as<std::string>() == text);
    }
}

TEST_CASE("bytes that are not UTF-8 become one replacement character each") {
    std::string const fffd = "\xef\xbf\xbd";
    struct row {
        std::string text;
        int replaced;
    };
    std::vector<row> const rows = {
        {"\x80", 1},              // a continuation alone
        {"\xff", 1},              // never legal
        {"\xc0\xaf", 2},          // '/' in two bytes
        {"\xe0\x80\xaf", 3},      // in three
        {"\xed\xa0\x80", 3},      // a surrogate
        {"\xf4\x90\x80\x80", 4},  // beyond U+10FFFF
        {"\xf5\x80\x80\x80", 4},  //
        {"\xe2\x82", 2},          // cut
        {"\xf0\x9f\x9a", 3},      // cut
    };
    for (auto const& [text, replaced] : rows) {
        CAPTURE(replaced);
        std::string expected = "\"a";
        for (int i = 0; i < replaced; ++i) expected += fffd;
        CHECK(quoted("a" + text + "z") == expected + "z\"");
        CHECK(quoted("a" + text) == expected + "\"");
    }
}

TEST_CASE("every character survives both readers") {
    for (char32_t point = 0; point <= 0x10FFFF; point += point < 0x3000 ? 1 : 251) {
        if (point >= 0xD800 && point <= 0xDFFF) continue;
        std::string text;
        append_code_point(text, point);
        std::string const out = quoted("<" + text + ">");
        CAPTURE(static_cast<std::uint32_t>(point));
        REQUIRE(boost::json::parse(out).as_string() == "<" + text + ">");
        REQUIRE(YAML::Load(out).as<std::string>() == "<" + text + ">");
    }
}

}  // namespace pilothouse::index::json_text_test
