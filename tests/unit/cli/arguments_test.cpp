// What many commands' arguments mean.
#include "server/cli/arguments.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::arguments_test {

TEST_CASE("an end is a date, a time, or how long from now") {
    auto const now = *from_rfc3339("2026-01-02T03:04:05Z");
    auto const end = [&](char const* text) {
        auto const at = cli::parse_end(text, now);
        return at ? to_rfc3339(*at).substr(0, 19) : at.error().detail;
    };
    CHECK(end("2027-01-31") == "2027-01-31T00:00:00");
    CHECK(end("2027-01-31T12:00:00+02:00") == "2027-01-31T10:00:00");
    CHECK(end("30d") == "2026-02-01T03:04:05");
    CHECK(end("12 h") == "2026-01-02T15:04:05");
    CHECK(to_rfc3339(cli::parse_start("2 d", now).value()).starts_with("2025-12-31T03:04:05"));
    for (char const* const text : {"", "tomorrow", "2027-02-29", "2027-1-1", "20270131xx",
                                   "2027-01-31T12:00:00", "9999-01-01", "90", "36526d", "-1d"}) {
        CAPTURE(text);
        CHECK_FALSE(cli::parse_end(text, now).has_value());
        CHECK_FALSE(cli::parse_start(text, now).has_value());
    }
}

TEST_CASE("below a page stands what follows it") {
    CHECK(cli::older_ones(0, 2, 5) == "3 older ones: --skip 2 shows the next\n");
    CHECK(cli::older_ones(4, 1, 6) == "1 older ones: --skip 5 shows the next\n");
    CHECK(cli::older_ones(3, 2, 5).empty());
    CHECK(cli::older_ones(7, 0, 5).empty());
    CHECK(cli::older_ones(0, 0, 0).empty());
}

}  // namespace pilothouse::tests::arguments_test
