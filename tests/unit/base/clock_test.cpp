// Time on the wire: RFC 3339, and HTTP's dates in their three forms.
#include "base/clock.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pilothouse::tests::clock_test {

namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t in_1994 = 784'111'777 * second;  // of RFC 9110, 5.6.7

}  // namespace

TEST_CASE("times are written in UTC with nine digits") {
    CHECK(to_rfc3339(from_nanoseconds(0)) == "1970-01-01T00:00:00.000000000Z");
    CHECK(to_rfc3339(from_nanoseconds(in_1994 + 5)) == "1994-11-06T08:49:37.000000005Z");
    CHECK(to_rfc3339(from_nanoseconds(951'826'554 * second + 120'000'000)) ==
          "2000-02-29T12:15:54.120000000Z");
    CHECK(to_rfc3339(from_nanoseconds(INT64_MAX)) == "2262-04-11T23:47:16.854775807Z");
}

TEST_CASE("RFC 3339 is read in all its spellings") {
    struct row {
        char const* text;
        std::int64_t nanoseconds;
    };
    for (auto const& [text, nanoseconds] : std::vector<row>{
             {"1970-01-01T00:00:00Z", 0},
             {"1994-11-06T08:49:37Z", in_1994},
             {"1994-11-06t08:49:37z", in_1994},
             {"1994-11-06 08:49:37Z", in_1994},
             {"1994-11-06T08:49:37.5Z", in_1994 + second / 2},
             {"1994-11-06T08:49:37.000000001Z", in_1994 + 1},
             {"1994-11-06T08:49:37.0000000019Z", in_1994 + 1},
             {"1994-11-06T08:49:37+00:00", in_1994},
             {"1994-11-06T08:49:37-00:00", in_1994},
             {"1994-11-06T10:19:37+01:30", in_1994},
             {"1994-11-05T23:49:37-09:00", in_1994},
             {"1994-11-07T08:48:37+23:59", in_1994},
             {"2016-12-31T23:59:60Z", 1'483'228'799 * second},
             {"2024-02-29T00:00:00Z", 1'709'164'800 * second},
         }) {
        CAPTURE(text);
        auto const read = from_rfc3339(text);
        REQUIRE(read);
        CHECK(to_nanoseconds(*read) == nanoseconds);
    }
}

TEST_CASE("what is no RFC 3339 time is refused") {
    for (char const* const text : {"",
                                   "now",
                                   "1994-11-06",
                                   "1994-11-06T08:49:37",
                                   "1994-11-06T08:49Z",
                                   "1994-11-06T08:49:37.Z",
                                   "1994-11-06T08:49:37,5Z",
                                   "94-11-06T08:49:37Z",
                                   "1994-13-06T08:49:37Z",
                                   "1994-00-06T08:49:37Z",
                                   "1994-11-31T08:49:37Z",
                                   "2023-02-29T08:49:37Z",
                                   "1994-11-00T08:49:37Z",
                                   "1994-11-06T24:00:00Z",
                                   "1994-11-06T08:60:37Z",
                                   "1994-11-06T08:49:61Z",
                                   "1994-11-06T08:49:37+24:00",
                                   "1994-11-06T08:49:37+01:60",
                                   "1994-11-06T08:49:37+0100",
                                   "1994-11-06T08:49:37+01",
                                   "1969-12-31T23:59:59Z",
                                   "2262-01-01T00:00:00Z",
                                   "0000-01-01T00:00:00Z",
                                   "1994-11-06T08:49:37Z ",
                                   " 1994-11-06T08:49:37Z",
                                   "1994-11-06T08:49:37ZZ",
                                   "+994-11-06T08:49:37Z",
                                   "1994/11/06T08:49:37Z",
                                   "1994-11-06_08:49:37Z"}) {
        CAPTURE(text);
        CHECK_FALSE(from_rfc3339(text));
    }
}

TEST_CASE("a time cut at any byte is no time, but where its fraction ends") {
    std::string const text = "1994-11-06T08:49:37.25+01:30";
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
        CAPTURE(cut);
        CHECK_FALSE(from_rfc3339(text.substr(0, cut)));
    }
    CHECK(from_rfc3339(text));
}

TEST_CASE("HTTP's dates are written in the preferred form and read in all three") {
    CHECK(to_http_date(from_nanoseconds(in_1994 + 999'999'999)) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(to_http_date(from_nanoseconds(0)) == "Thu, 01 Jan 1970 00:00:00 GMT");
    for (char const* const text : {"Sun, 06 Nov 1994 08:49:37 GMT",
                                   "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
        CAPTURE(text);
        auto const read = from_http_date(text);
        REQUIRE(read);
        CHECK(to_nanoseconds(*read) == in_1994);
        std::string const whole = text;
        for (std::size_t cut = 0; cut < whole.size(); ++cut)
            CHECK_FALSE(from_http_date(whole.substr(0, cut)));
        CHECK_FALSE(from_http_date(whole + " "));
    }
    // Two digits: what is below 70 is of this century.
    REQUIRE(from_http_date("Friday, 01-Jan-27 00:00:00 GMT"));
    CHECK(to_rfc3339(*from_http_date("Friday, 01-Jan-27 00:00:00 GMT")) ==
          "2027-01-01T00:00:00.000000000Z");
    REQUIRE(from_http_date("Tue Nov 16 08:49:37 1994"));
}

TEST_CASE("what is no HTTP date is refused") {
    for (char const* const text :
         {"", "yesterday", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
          "Sun, 6 Nov 1994 08:49:37 GMT", "Xxx, 06 Nov 1994 08:49:37 GMT",
          "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
          "Sun 06 Nov 1994 08:49:37 GMT", "sun, 06 nov 1994 08:49:37 gmt"}) {
        CAPTURE(text);
        CHECK_FALSE(from_http_date(text));
    }
}

TEST_CASE("the system's clock does not stand in the past") {
    CHECK(to_rfc3339(system_clock().now()) > "2025");
}

}  // namespace pilothouse::tests::clock_test
