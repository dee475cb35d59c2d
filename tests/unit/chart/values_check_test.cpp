#include "chart/values_check.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::values_check_test {

using namespace pilothouse::chart;
using namespace std::string_literals;

TEST_CASE("values that Helm reads are accepted without a doubt") {
    for (auto const& text :
         {""s, "# nothing\n"s, "{}"s, "a: 1\n"s, "~"s,
          "\xef\xbb\xbf"
          "a: b\n"s,
          "a: &x [1]\nb: *x\n"s, "a: 1\n---\nb: 2\n"s, "---\na: 1\n--- # next\n~\n"s,
          "a: |\n  text\n  ---x\n"s, "a: {b: [c, {d: 'e'}]}\r\n"s, "x: &x {a: 1}\ny:\n  <<: *x\n"s,
          "a: 1\na: 2\n"s}) {
        CAPTURE(text);
        auto const doubt = check_values(text);
        REQUIRE(doubt);
        CHECK(*doubt == "");
    }
}

TEST_CASE("values that Helm surely refuses are refused") {
    std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 9; ++i) {
        auto const below = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below;
        for (int k = 0; k < 9; ++k) bomb += ", " + below;
        bomb += "]\n";
    }
    for (auto const& text :
         {"- a\n"s, "[]"s, "text"s, "1"s, "''"s, "a: 1\n---\n- b\n"s, "a: 1\n---\ntext\n"s, bomb,
          "&a {b: *a}"s, "a: &a\n- *a\n"s, std::string(20'000, '['), "a: " + std::string(500, '['),
          "a: \xff\n"s, "a: \x07\n"s, "a: \0\n"s,
          "\xff\xfe"
          "a\0"s}) {
        CAPTURE(text.substr(0, 60));
        auto const doubt = check_values(text);
        REQUIRE_FALSE(doubt);
        CHECK(doubt.error().code == errc::unacceptable_chart);
    }
}

TEST_CASE("values that are merely not YAML are accepted, with a word about it") {
    for (auto const& text :
         {"a:\n\tb: c\n"s, "a: [b\n"s, "a: b: c\n"s, "a: *nobody\n"s, "a: \"open\n"s}) {
        CAPTURE(text);
        auto const doubt = check_values(text);
        REQUIRE(doubt);
        CHECK(doubt->starts_with("Line "));
    }
}

TEST_CASE("values that would cost much memory to read are accepted unread") {
    for (auto const& text :
         {"a: " + std::string(300'000, '['), "a: [" + std::string(300'000, ',')}) {
        auto const doubt = check_values(text);
        REQUIRE(doubt);
        CHECK(*doubt == "It is too large to be looked through.");
    }
}

TEST_CASE("many aliases of something small are no bomb") {
    std::string text = "a: &a {b: 1}\n";
    for (int i = 0; i < 2000; ++i) text += "k" + std::to_string(i) + ": *a\n";
    CHECK(check_values(text));
}

}  // namespace pilothouse::tests::values_check_test
