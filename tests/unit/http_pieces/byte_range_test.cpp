#include "server/http/byte_range.hpp"

#include "request.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace pilothouse::tests::byte_range_test {

using namespace pilothouse::http;
using namespace std::chrono_literals;
using kind = byte_range::kind;

namespace {

constexpr std::string_view etag = R"("now")";
constexpr std::string_view date = "Sun, 06 Nov 1994 08:49:37 GMT";

resource_state present() { return {etag, *from_http_date(date) + 500ms}; }

byte_range ask(std::string_view range, std::uint64_t size) {
    return select_range(request(method::get, {{"Range", range}}), present(), size);
}

bool partial(field_list fields) {
    return select_range(request(method::get, fields), present(), 100).what == kind::part;
}

}  // namespace

TEST_CASE("one range of bytes is served") {
    struct row {
        std::string_view range;
        std::uint64_t size, offset, length;
        std::string_view content_range;
    };
    for (auto const& r : {
             row{"bytes=0-0", 100, 0, 1, "bytes 0-0/100"},
             row{"bytes=0-99", 100, 0, 100, "bytes 0-99/100"},
             row{"bytes=10-19", 100, 10, 10, "bytes 10-19/100"},
             row{"bytes=10-", 100, 10, 90, "bytes 10-99/100"},
             row{"bytes=99-", 100, 99, 1, "bytes 99-99/100"},
             row{"bytes=10-1000", 100, 10, 90, "bytes 10-99/100"},
             row{"bytes=0-99999999999999999999999", 100, 0, 100, "bytes 0-99/100"},
             row{"bytes=0-18446744073709551615", 100, 0, 100, "bytes 0-99/100"},
             row{"bytes=-1", 100, 99, 1, "bytes 99-99/100"},
             row{"bytes=-100", 100, 0, 100, "bytes 0-99/100"},
             row{"bytes=-1000", 100, 0, 100, "bytes 0-99/100"},
             row{"bytes=-99999999999999999999999", 100, 0, 100, "bytes 0-99/100"},
             row{"Bytes=0-0", 100, 0, 1, "bytes 0-0/100"},
             row{"bytes= 0-0 ", 100, 0, 1, "bytes 0-0/100"},
             row{"bytes=,0-0,", 100, 0, 1, "bytes 0-0/100"},
             row{"bytes=00-01", 100, 0, 2, "bytes 0-1/100"},
         }) {
        CAPTURE(r.range);
        auto const got = ask(r.range, r.size);
        CHECK(got.what == kind::part);
        CHECK(got.offset == r.offset);
        CHECK(got.length == r.length);
        CHECK(content_range(got, r.size) == r.content_range);
        CHECK(status_of(got) == 206);
    }
}

TEST_CASE("a range that holds no byte of the content is unsatisfiable") {
    struct row {
        std::string_view range;
        std::uint64_t size;
        std::string_view content_range;
    };
    for (auto const& r : {
             row{"bytes=100-", 100, "bytes */100"},
             row{"bytes=100-200", 100, "bytes */100"},
             row{"bytes=99999999999999999999999-", 100, "bytes */100"},
             row{"bytes=18446744073709551615-", 100, "bytes */100"},
             row{"bytes=-0", 100, "bytes */100"},
             row{"bytes=0-", 0, "bytes */0"},
             row{"bytes=0-0", 0, "bytes */0"},
         }) {
        CAPTURE(r.range);
        auto const got = ask(r.range, r.size);
        CHECK(got.what == kind::unsatisfiable);
        CHECK(got.length == 0);
        CHECK(content_range(got, r.size) == r.content_range);
        CHECK(status_of(got) == 416);
    }
}

TEST_CASE("what may be ignored is ignored: the whole is sent") {
    for (std::string_view const range : {
             "",
             "bytes",
             "bytes=",
             "bytes=,",
             "bytes=-",
             "bytes=--1",
             "bytes=a-b",
             "bytes=0-a",
             "bytes=a-0",
             "bytes=0",
             "bytes=+0-1",
             "bytes=0-+1",
             "bytes=0 - 1",
             "bytes =0-1",
             "bytes:0-1",
             "bytes=0x0-0x1",
             "bytes=0-1-2",
             "bytes=9-0",
             "bytes=99999999999999999999999-5",
             "bytes=0-1,2-3",
             "bytes=0-0,0-0,0-0,0-0",
             "bytes=0-1,junk",
             "bytes=0-1;q=1",
             "items=0-1",
             "0-1",
         }) {
        CAPTURE(range);
        auto const got = ask(range, 100);
        CHECK(got.what == kind::whole);
        CHECK(got.offset == 0);
        CHECK(got.length == 100);
        CHECK(content_range(got, 100).empty());
        CHECK(status_of(got) == 200);
    }
    CHECK(ask("bytes=-5", 0).what == kind::whole);
}

TEST_CASE("ranges are for GET, and come in one line") {
    for (auto const m : {method::head, method::post, method::put, method::other})
        CHECK(select_range(request(m, {{"Range", "bytes=0-0"}}), present(), 100).what ==
              kind::whole);
    CHECK(partial({{"range", "bytes=0-0"}}));
    CHECK_FALSE(partial({{"Range", "bytes=0-0"}, {"Range", "bytes=0-0"}}));
    CHECK_FALSE(partial({}));
}

TEST_CASE("If-Range lets the range through for the present state only") {
    constexpr std::pair<std::string_view, std::string_view> range{"Range", "bytes=0-0"};
    CHECK(partial({range, {"If-Range", R"("now")"}}));
    CHECK(partial({range, {"If-Range", date}}));
    for (std::string_view const other :
         {R"("old")", R"(W/"now")", R"("old", "now")", R"("now", "now")", "now", "*", "",
          "Sun, 06 Nov 1994 08:49:36 GMT", "Sun, 06 Nov 1994 08:49:38 GMT", "junk", "\""}) {
        CAPTURE(other);
        CHECK_FALSE(partial({range, {"If-Range", other}}));
    }
    CHECK_FALSE(partial({range, {"If-Range", R"("now")"}, {"If-Range", R"("now")"}}));
}

TEST_CASE("a weak tag, or no tag and no date, satisfies no If-Range") {
    auto const tagged = request(method::get, {{"Range", "bytes=0-0"}, {"If-Range", R"(W/"now")"}});
    CHECK(select_range(tagged, {R"(W/"now")", std::nullopt}, 100).what == kind::whole);
    auto const dated = request(method::get, {{"Range", "bytes=0-0"}, {"If-Range", date}});
    CHECK(select_range(dated, {"", std::nullopt}, 100).what == kind::whole);
}

}  // namespace pilothouse::tests::byte_range_test
