#include "chart/chart_version.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace pilothouse::tests::chart_version_test {

using namespace pilothouse::chart;

namespace {

chart_version version(std::string_view text) {
    auto parsed = chart_version::parse(text);
    REQUIRE_MESSAGE(parsed, text);
    return *parsed;
}

}  // namespace

TEST_CASE("what Helm takes for a version is taken, and kept as written") {
    for (std::string const text : {"1.2.3",
                                   "1.2",
                                   "1",
                                   "v1.2.3",
                                   "v1",
                                   "01.2.3",
                                   "1.02",
                                   "1.2.3-rc.1+a.b",
                                   "2024-01-01",
                                   "1.2.3+build.5",
                                   "1.2.3+001",
                                   "1.2.3-0a",
                                   "1.2.3-0",
                                   "1.2.3--",
                                   "1.2.3-a-b.c--d",
                                   "1-2.0.0",
                                   "1.2-beta",
                                   "0.0.0",
                                   "18446744073709551615.0.0",
                                   "1.0.0-99999999999999999999999",
                                   "1.0.0+up1.2.3-rancher1",
                                   "1.0.0-0A.is.legal",
                                   "1.1.2-prerelease+meta",
                                   "1.0.0-alpha0.valid",
                                   "1.0.0-alpha.beta.1",
                                   "1.0.0-rc.1+build.123",
                                   "10.2.3-DEV-SNAPSHOT",
                                   "1.2.3-SNAPSHOT-123",
                                   "2.0.0+build.1848",
                                   "1.0.0+0.build.1-rc.10000aaa-kk-0.1",
                                   "1.0.0-alpha-a.b-c"}) {
        CAPTURE(text);
        auto const parsed = chart_version::parse(text);
        REQUIRE(parsed);
        CHECK(parsed->text() == text);
    }
}

TEST_CASE("what Helm does not take for a version is refused") {
    using namespace std::string_view_literals;
    for (auto const text : {""sv,
                            "v"sv,
                            "V1.0.0"sv,
                            "vv1.0.0"sv,
                            " 1.2.3"sv,
                            "1.2.3 "sv,
                            "=1.2.3"sv,
                            "1.2.3.4"sv,
                            "latest"sv,
                            "1.x"sv,
                            "1.2.3-01"sv,
                            "1.2.3-a.01"sv,
                            "1.2.3-"sv,
                            "1.2.3+"sv,
                            "1.2.3_4"sv,
                            "1.2.3-rc_1"sv,
                            "1.2.3-alpha..1"sv,
                            "1.2.3-.a"sv,
                            "1.2.3+a..b"sv,
                            "1.2.3+a+b"sv,
                            "1."sv,
                            "1..2"sv,
                            ".1"sv,
                            "-1"sv,
                            "+1"sv,
                            "18446744073709551616.0.0"sv,
                            "1.18446744073709551616"sv,
                            "1.2.3/../x"sv,
                            "1.0.0+a/b"sv,
                            "1.2.3\\x"sv,
                            "1.2.3\0"sv,
                            "1.2.3\n"sv,
                            "\u0661.2.3"sv,
                            "1.0.0\x1b[2J"sv,
                            "1e3"sv,
                            "0x10"sv,
                            ".."sv,
                            "true"sv}) {
        CAPTURE(text);
        auto const parsed = chart_version::parse(text);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().code == errc::unacceptable_chart);
    }
}

TEST_CASE("a version has at most 250 characters") {
    CHECK(chart_version::parse("1.2.3-" + std::string(244, 'a')));
    CHECK_FALSE(chart_version::parse("1.2.3-" + std::string(245, 'a')));
}

TEST_CASE("a version with identifiers behind a dash is a pre-release, build metadata is not") {
    CHECK(version("1.2.3-rc.1").prerelease());
    CHECK(version("2024-01-01").prerelease());
    CHECK_FALSE(version("1.2.3").prerelease());
    CHECK_FALSE(version("1.2.3+rc-1").prerelease());
}

TEST_CASE("precedence rises along the specification's own list, and keys rise with it") {
    std::vector<std::string_view> const rising = {
        "0.0.0-0",
        "0.0.0",
        "0.0.9",
        "0.0.10",
        "0.9",
        "1.0.0-0",
        "1.0.0-9",
        "1.0.0-10",
        "1.0.0-18446744073709551615",
        "1.0.0--",
        "1.0.0-18446744073709551616",  // beyond 64 bits Helm compares as text
        "1.0.0-9999999999999999999999",
        "1.0.0-A",
        "1.0.0-a",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.1.0",
        "1.0.0-alpha.beta",
        "1.0.0-alpha-",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.1",
        "1.1-a",
        "1.1",
        "2",
        "2024-01-01",
        "2024",
        "18446744073709551615",
    };
    for (std::size_t i = 0; i < rising.size(); ++i) {
        for (std::size_t k = 0; k < rising.size(); ++k) {
            CAPTURE(rising[i]);
            CAPTURE(rising[k]);
            auto const a = version(rising[i]);
            auto const b = version(rising[k]);
            CHECK((a.compare_precedence(b) <=> 0) == (i <=> k));
            CHECK((a.precedence_key() <=> b.precedence_key()) == (i <=> k));
        }
    }
}

TEST_CASE("spelling and build metadata do not count for precedence but do for identity") {
    for (auto const text : {"1.0.0", "v1.0.0", "1.0", "1", "01.0", "1.0.0+a", "1.0.0+b.2"}) {
        CAPTURE(text);
        auto const one = version("1.0.0");
        auto const other = version(text);
        CHECK(one.compare_precedence(other) == std::weak_ordering::equivalent);
        CHECK(one.precedence_key() == other.precedence_key());
        CHECK((one == other) == (std::string_view(text) == "1.0.0"));
    }
}

}  // namespace pilothouse::tests::chart_version_test
