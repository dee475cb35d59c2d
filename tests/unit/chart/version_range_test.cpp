#include "chart/version_range.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::tests::version_range_test {

using namespace pilothouse::chart;

namespace {

version_range range(std::string_view text) {
    auto parsed = version_range::parse(text);
    REQUIRE_MESSAGE(parsed, text);
    return *parsed;
}

// Those of `versions`, separated by spaces, that are in the range.
std::string within(std::string_view text, std::string_view versions) {
    auto const r = range(text);
    std::string found;
    for (std::size_t at = 0; at < versions.size();) {
        auto const end = std::min(versions.find(' ', at), versions.size());
        auto const word = versions.substr(at, end - at);
        auto const version = chart_version::parse(word);
        REQUIRE_MESSAGE(version, word);
        if (r.contains(*version)) found += (found.empty() ? "" : " ") + std::string(word);
        at = end + 1;
    }
    return found;
}

struct row {
    std::string_view range;
    std::string_view versions;
    std::string_view within;
};

void check(std::vector<row> const& rows) {
    for (auto const& r : rows) {
        CAPTURE(r.range);
        CHECK(within(r.range, r.versions) == r.within);
    }
}

}  // namespace

TEST_CASE("a comparison compares precedence") {
    constexpr std::string_view all = "1.2.2 1.2.3 v1.2.3 1.2.3+b 1.2.4 1.10.0 2.0.0";
    check({
        {"1.2.3", all, "1.2.3 v1.2.3 1.2.3+b"},
        {"=1.2.3", all, "1.2.3 v1.2.3 1.2.3+b"},
        {"=v1.2.3+c", all, "1.2.3 v1.2.3 1.2.3+b"},
        {"!=1.2.3", all, "1.2.2 1.2.4 1.10.0 2.0.0"},
        {">1.2.3", all, "1.2.4 1.10.0 2.0.0"},
        {">=1.2.3", all, "1.2.3 v1.2.3 1.2.3+b 1.2.4 1.10.0 2.0.0"},
        {"=>1.2.4", all, "1.2.4 1.10.0 2.0.0"},
        {"<1.2.3", all, "1.2.2"},
        {"<=1.2.3", all, "1.2.2 1.2.3 v1.2.3 1.2.3+b"},
        {"=<1.2.2", all, "1.2.2"},
        {"  >=  1.10.0  ", all, "1.10.0 2.0.0"},
    });
}

TEST_CASE("a number that is left out, or a wildcard, opens a comparison") {
    constexpr std::string_view all = "0.0.0 0.9.0 1.0.0 1.1.9 1.2.0 1.2.9 1.3.0 2.0.0";
    check({
        {"1", all, "1.0.0 1.1.9 1.2.0 1.2.9 1.3.0"},
        {"1.x", all, "1.0.0 1.1.9 1.2.0 1.2.9 1.3.0"},
        {"=1.X.7", all, "1.0.0 1.1.9 1.2.0 1.2.9 1.3.0"},
        {"1.2", all, "1.2.0 1.2.9"},
        {"1.2.*", all, "1.2.0 1.2.9"},
        {"*", all, all},
        {"x.x.x", all, all},
        {"!=1.2", all, "0.0.0 0.9.0 1.0.0 1.1.9 1.3.0 2.0.0"},
        {"!=1", all, "0.0.0 0.9.0 2.0.0"},
        {"!=*", all, "0.9.0 1.0.0 1.1.9 1.2.0 1.2.9 1.3.0 2.0.0"},
        {">1", all, "2.0.0"},
        {">1.2", all, "1.3.0 2.0.0"},
        {">*", all, "0.9.0 1.0.0 1.1.9 1.2.0 1.2.9 1.3.0 2.0.0"},
        {">=1.2", all, "1.2.0 1.2.9 1.3.0 2.0.0"},
        {">=*", all, all},
        {"<1.2", all, "0.0.0 0.9.0 1.0.0 1.1.9"},
        {"<=1", all, "0.0.0 0.9.0 1.0.0 1.1.9 1.2.0 1.2.9 1.3.0"},
        {"<=1.2.x", all, "0.0.0 0.9.0 1.0.0 1.1.9 1.2.0 1.2.9"},
        {"<=*", all, "0.0.0"},
        {"<*", all, ""},
    });
}

TEST_CASE("a tilde keeps the minor number, or the major one where it is the only one") {
    constexpr std::string_view all = "0.0.0 0.0.5 0.2.3 1.2.2 1.2.3 1.2.9 1.3.0 2.0.0";
    check({
        {"~1.2.3", all, "1.2.3 1.2.9"},
        {"~> 1.2.3", all, "1.2.3 1.2.9"},
        {"~1.2", all, "1.2.2 1.2.3 1.2.9"},
        {"~1", all, "1.2.2 1.2.3 1.2.9 1.3.0"},
        {"~0.2.0", all, "0.2.3"},
        {"~0", all, "0.0.0 0.0.5 0.2.3"},
        {"~0.0", all, "0.0.0 0.0.5"},
        {"~0.0.1", all, "0.0.5"},
        {"~*", all, all},
        {"~0.0.0", all, all},  // Helm's own corner
    });
}

TEST_CASE("a caret keeps the first number that is not zero") {
    constexpr std::string_view all = "0.0.0 0.0.3 0.0.4 0.2.3 0.2.4 0.3.0 1.2.2 1.2.3 1.9.0 2.0.0";
    check({
        {"^1.2.3", all, "1.2.3 1.9.0"},
        {"^1.2", all, "1.2.2 1.2.3 1.9.0"},
        {"^1", all, "1.2.2 1.2.3 1.9.0"},
        {"^0.2.4", all, "0.2.4"},
        {"^0.2", all, "0.2.3 0.2.4"},
        {"^0.0.3", all, "0.0.3"},
        {"^0.0", all, "0.0.0 0.0.3 0.0.4"},
        {"^0", all, "0.0.0 0.0.3 0.0.4 0.2.3 0.2.4 0.3.0"},
        {"^*", all, "0.0.0"},  // Helm's own corner
    });
}

TEST_CASE("conditions are joined by commas or spaces, alternatives by two bars") {
    constexpr std::string_view all = "1.0.0 1.2.0 1.3.0 1.9.0 2.0.0 3.0.0 3.1.0 3.9.0 4.0.0";
    check({
        {">=1.2, <2", all, "1.2.0 1.3.0 1.9.0"},
        {">=1.2 <2", all, "1.2.0 1.3.0 1.9.0"},
        {">=1.2,<2", all, "1.2.0 1.3.0 1.9.0"},
        {">= 1.2 , < 2", all, "1.2.0 1.3.0 1.9.0"},
        {">=1.2, <2, !=1.3", all, "1.2.0 1.9.0"},
        {">=1.2, <2 || ^3.1", all, "1.2.0 1.3.0 1.9.0 3.1.0 3.9.0"},
        {"1.0.0||2.0.0||4", all, "1.0.0 2.0.0 4.0.0"},
        {">3, <1", all, ""},
    });
}

TEST_CASE("a hyphen between spaces makes a range that holds its ends") {
    constexpr std::string_view all = "1.1.9 1.2.0 1.3.0 1.4.5 1.5.0 2.0.0 3.0.0";
    check({
        {"1.2 - 1.4", all, "1.2.0 1.3.0 1.4.5"},
        {"1.2.0 - 1.4.5", all, "1.2.0 1.3.0 1.4.5"},
        {"  1.2.1  -  2  ", all, "1.3.0 1.4.5 1.5.0 2.0.0"},
        {"1.2 - 1.4 || 3", all, "1.2.0 1.3.0 1.4.5 3.0.0"},
        {"3||1.2 - 1.4", all, "1.2.0 1.3.0 1.4.5 3.0.0"},
        {"1.2 - 1.4, !=1.3", all, "1.2.0 1.4.5"},
        {"!=1.3, 1.2 - 1.4", all, "1.2.0 1.4.5"},
        {"1.2 - 1.4 !=1.3", all, "1.2.0 1.4.5"},
        {"1 - 2 1.3 - 1.5", all, "1.3.0 1.4.5 1.5.0"},
        {"1.5-0 - 2", all, "1.5.0 2.0.0"},
    });
}

TEST_CASE("pre-releases are within a range only where its alternative names one") {
    constexpr std::string_view all = "1.0.0-alpha 1.0.0-rc.2 1.0.0-rc.10 1.0.0 1.1.0-rc.1 1.1.0";
    check({
        {"*", all, "1.0.0 1.1.0"},
        {">=1.0.0", all, "1.0.0 1.1.0"},
        {"<2", all, "1.0.0 1.1.0"},
        {"!=3", all, "1.0.0 1.1.0"},
        {">=1.0.0-0", all, all},
        {">1.0.0-rc.2", all, "1.0.0-rc.10 1.0.0 1.1.0-rc.1 1.1.0"},
        {"<2, >1.0.0-rc.2", all, "1.0.0-rc.10 1.0.0 1.1.0-rc.1 1.1.0"},
        {"=1.0.0-rc.2", all, "1.0.0-rc.2"},
        {"1.0.0 || 1.1.0-rc.1", all, "1.0.0 1.1.0-rc.1"},
        {"* || 1.1.0-rc.1", all, "1.0.0 1.1.0-rc.1 1.1.0"},
        {"*-0", all, all},
        {"~1.0.x-rc", all, "1.0.0-rc.2 1.0.0-rc.10 1.0.0"},
        {"^1.1-0", all, "1.1.0-rc.1 1.1.0"},
        {"!=1.0.x-alpha", all, "1.0.0-rc.2 1.0.0-rc.10 1.0.0 1.1.0-rc.1 1.1.0"},
        {"!=1.0.x, >0-0", all, "1.0.0-alpha 1.0.0-rc.2 1.0.0-rc.10 1.1.0-rc.1 1.1.0"},
    });
}

TEST_CASE("what is no range is refused with a sentence that shows some") {
    std::string const alternatives_of_33 = [] {
        std::string text = "1";
        for (int i = 1; i < 33; ++i) text += "||1";
        return text;
    }();
    for (std::string const& text : std::vector<std::string>{
             "",
             " ",
             "||",
             "1 ||",
             "|| 1",
             "1 | 2",
             "latest",
             "1.2.3.4",
             "1.",
             ".1",
             "1..2",
             "1.2.3-",
             "1.2.3-01",
             "1.2.3-a..b",
             "1.2.3+",
             "1.2.3 +b",
             ">",
             ">>1",
             "> =1",
             "==1",
             "!1",
             "!<1",
             "<>1",
             "~^1",
             "1,",
             ",1",
             "1,,2",
             "1;2",
             ">=1<2",
             "xx",
             "1.xx",
             "1.2x",
             "x1",
             "1 -",
             "1 -2",
             "- 1",
             "1 - ",
             "1 - 2 - 3",
             "1 - 2,",
             "1 2 - 3",
             "~1 - 2",
             "1 - ^2",
             "V1",
             "vv1",
             "99999999999999999999",
             "1.2.3\v",
             "1\0012",
             "1.2.3-\xc3\xa9",
             std::string("1\0", 2),
             std::string(513, ' '),
             "1" + std::string(512, '0'),
             alternatives_of_33,
         }) {
        CAPTURE(text);
        auto const parsed = version_range::parse(text);
        REQUIRE(!parsed);
        CHECK(parsed.error().code == errc::invalid_argument);
        CHECK(parsed.error().detail.find("Ranges look like 1.2.3") != std::string::npos);
    }
}

TEST_CASE("a range cut at any byte is a range or a failure, and nothing else") {
    constexpr std::string_view whole =
        " >=1.2.3-rc.1+b, <2.x || ~> v3.1 !=3.1.4 ||^0.2|| 1.2 - 1.4.* , *||=<7";
    CHECK(version_range::parse(whole));
    for (std::size_t end = 0; end < whole.size(); ++end) {
        auto const parsed = version_range::parse(whole.substr(0, end));
        if (!parsed) CHECK(parsed.error().code == errc::invalid_argument);
    }
}

TEST_CASE("ranges that are read alike are spelled alike, and read again as the same") {
    struct spelling {
        std::string_view given, usual;
    };
    for (auto const& s : std::vector<spelling>{
             {"1.2.3", "1.2.3"},
             {"= 1.2.3+b", "1.2.3"},
             {"v1.2.3", "1.2.3"},
             {"1", "1.*"},
             {"1.X.3", "1.*"},
             {"1.2", "1.2.*"},
             {"x.1.2", "*"},
             {"*-rc.1", "*-rc.1"},
             {"~>1.2.3", "~1.2.3"},
             {"^ 1.2.3-rc.1", "^1.2.3-rc.1"},
             {"=>1.2.3 =<2.0.0", ">=1.2.3, <=2.0.0"},
             {">=1.2,<2||^3.1", ">=1.2.*, <2.* || ^3.1.*"},
             {"1.2 - 1.4", ">=1.2.*, <=1.4.*"},
             {"!=1.2.3>1", ""},
         }) {
        CAPTURE(s.given);
        auto const parsed = version_range::parse(s.given);
        if (s.usual.empty()) {
            CHECK(!parsed);
            continue;
        }
        REQUIRE(parsed);
        CHECK(parsed->text() == s.usual);
        CHECK(range(parsed->text()).text() == s.usual);
    }
}

}  // namespace pilothouse::tests::version_range_test
