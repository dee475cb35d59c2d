#include "chart/chart_name.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::chart_name_test {

using namespace pilothouse::chart;

TEST_CASE("a chart name of letters, digits, dots, dashes and underscores is taken") {
    for (std::string const name :
         {"a", "0", "mychart", "MyChart", "my-chart_2.0", "a..b", "a-", "1.10", "index.yaml"}) {
        CAPTURE(name);
        auto const parsed = chart_name::parse(name);
        REQUIRE(parsed);
        CHECK(parsed->text() == name);
    }
    CHECK(chart_name::parse(std::string(250, 'x')));
}

TEST_CASE("a chart name that could be a path, a URL or a trick is refused") {
    using namespace std::string_view_literals;
    for (auto const name :
         {""sv,        "."sv,     ".."sv,     "../x"sv,     "a/b"sv,          "a\\b"sv,
          ".hidden"sv, "-x"sv,    "_x"sv,     "a b"sv,      "a:b"sv,          "a?b"sv,
          "a#b"sv,     "a%2Fb"sv, "%2e%2e"sv, "<script>"sv, "mych\u00e4rt"sv, "a\0b"sv,
          "a\n"sv,     " a"sv,    "a+b"sv,    "\u0430"sv}) {
        CAPTURE(name);
        auto const parsed = chart_name::parse(name);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().code == errc::unacceptable_chart);
    }
    CHECK_FALSE(chart_name::parse(std::string(251, 'x')));
}

TEST_CASE("the refusal of a name shows it in printable characters and not at full length") {
    auto const parsed = chart_name::parse("a\x1b[2J\"" + std::string(64 * 1024, 'b'));
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().detail.size() < 400);
    for (char const c : parsed.error().detail) CHECK((c >= ' ' && c <= '~'));
}

TEST_CASE("a channel name is letters and digits with single separators between two of them") {
    for (std::string const name :
         {"release", "my-repo", "My-Re_po", "my_repo42", "1.2.3", "v1.2.3-beta-12", "a"}) {
        CAPTURE(name);
        auto const parsed = channel_name::parse(name);
        REQUIRE(parsed);
        CHECK(parsed->text() == name);
    }
    CHECK(channel_name::parse(std::string(255, 'a')));
}

TEST_CASE("a channel name that GitLab refuses is refused") {
    for (std::string const name : {"", "h\u00e9", ".1.23", "1..23", "1.2.3.", "a--b", "a._b", "a+b",
                                   "a b", "a/b", "-a", "a-", "_", "a\n", "..", "a%2fb"}) {
        CAPTURE(name);
        auto const parsed = channel_name::parse(name);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().code == errc::invalid_channel);
    }
    CHECK_FALSE(channel_name::parse(std::string(256, 'a')));
}

}  // namespace pilothouse::tests::chart_name_test
