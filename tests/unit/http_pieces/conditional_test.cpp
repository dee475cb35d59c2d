#include "server/http/conditional.hpp"

#include "request.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace pilothouse::tests::conditional_test {

using namespace pilothouse::http;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view etag = R"("now")";
constexpr std::string_view before = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr std::string_view same = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr std::string_view after = "Sun, 06 Nov 1994 08:49:38 GMT";

// Half a second after `same`: a date cannot say it.
resource_state present() { return {etag, *from_http_date(same) + 500ms}; }

verdict ask(method m, field_list fields) { return evaluate(request(m, fields), present()); }

}  // namespace

TEST_CASE("a request without conditions proceeds") {
    CHECK(ask(method::get, {}) == verdict::proceed);
    CHECK(ask(method::put, {{"Range", "bytes=0-1"}}) == verdict::proceed);
}

TEST_CASE("If-None-Match tells the reader who has the present state") {
    for (std::string_view const list : {R"("now")", R"(W/"now")", R"("a", "now")", "*", " * "}) {
        CAPTURE(list);
        CHECK(ask(method::get, {{"If-None-Match", list}}) == verdict::not_modified);
        CHECK(ask(method::head, {{"if-none-match", list}}) == verdict::not_modified);
        CHECK(ask(method::post, {{"If-None-Match", list}}) == verdict::precondition_failed);
    }
    for (std::string_view const list :
         {R"("old")", "now", "", R"("now)", R"("NOW")", "**", R"(*, "x")"}) {
        CAPTURE(list);
        CHECK(ask(method::get, {{"If-None-Match", list}}) == verdict::proceed);
        CHECK(ask(method::post, {{"If-None-Match", list}}) == verdict::proceed);
    }
}

TEST_CASE("a list that comes in several lines is one list") {
    CHECK(ask(method::get, {{"If-None-Match", R"("a")"}, {"If-None-Match", R"("now")"}}) ==
          verdict::not_modified);
    CHECK(ask(method::get, {{"If-Match", R"("a")"}, {"If-Match", R"("now")"}}) == verdict::proceed);
}

TEST_CASE("If-Modified-Since compares whole seconds") {
    CHECK(ask(method::get, {{"If-Modified-Since", same}}) == verdict::not_modified);
    CHECK(ask(method::head, {{"If-Modified-Since", after}}) == verdict::not_modified);
    CHECK(ask(method::get, {{"If-Modified-Since", before}}) == verdict::proceed);
    CHECK(ask(method::get, {{"If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT"}}) ==
          verdict::not_modified);
}

TEST_CASE("If-Modified-Since is ignored where RFC 9110 13.1.3 says so") {
    CHECK(ask(method::post, {{"If-Modified-Since", same}}) == verdict::proceed);
    CHECK(ask(method::get, {{"If-Modified-Since", "yesterday"}}) == verdict::proceed);
    CHECK(ask(method::get, {{"If-Modified-Since", ""}}) == verdict::proceed);
    CHECK(ask(method::get, {{"If-Modified-Since", same}, {"If-Modified-Since", same}}) ==
          verdict::proceed);
    CHECK(ask(method::get, {{"If-Modified-Since", same}, {"If-None-Match", R"("old")"}}) ==
          verdict::proceed);
    auto const head = request(method::get, {{"If-Modified-Since", same}});
    CHECK(evaluate(head, {etag, std::nullopt}) == verdict::proceed);
}

TEST_CASE("If-Match lets only the holder of the present state go on") {
    for (std::string_view const list : {R"("now")", R"("a","now")", "*"}) {
        CAPTURE(list);
        CHECK(ask(method::put, {{"If-Match", list}}) == verdict::proceed);
        CHECK(ask(method::get, {{"If-Match", list}}) == verdict::proceed);
    }
    for (std::string_view const list : {R"("old")", R"(W/"now")", "", "now"}) {
        CAPTURE(list);
        CHECK(ask(method::put, {{"If-Match", list}}) == verdict::precondition_failed);
        CHECK(ask(method::get, {{"If-Match", list}}) == verdict::precondition_failed);
    }
}

TEST_CASE("If-Unmodified-Since fails when the state is newer") {
    CHECK(ask(method::put, {{"If-Unmodified-Since", before}}) == verdict::precondition_failed);
    CHECK(ask(method::put, {{"If-Unmodified-Since", same}}) == verdict::proceed);
    CHECK(ask(method::put, {{"If-Unmodified-Since", after}}) == verdict::proceed);
    CHECK(ask(method::put, {{"If-Unmodified-Since", "junk"}}) == verdict::proceed);
    CHECK(ask(method::put, {{"If-Unmodified-Since", before}, {"If-Match", "*"}}) ==
          verdict::proceed);
}

TEST_CASE("conditions are taken in order: what forbids comes before what saves bytes") {
    CHECK(ask(method::get, {{"If-Match", R"("old")"}, {"If-None-Match", R"("now")"}}) ==
          verdict::precondition_failed);
    CHECK(ask(method::get, {{"If-Match", R"("now")"}, {"If-None-Match", R"("now")"}}) ==
          verdict::not_modified);
}

TEST_CASE("a state without entity tag matches the star alone") {
    resource_state const untagged{"", std::nullopt};
    CHECK(evaluate(request(method::get, {{"If-None-Match", R"("")"}}), untagged) ==
          verdict::proceed);
    CHECK(evaluate(request(method::get, {{"If-None-Match", "*"}}), untagged) ==
          verdict::not_modified);
}

TEST_CASE("a weak entity tag is good enough for a reader, not for a writer") {
    resource_state const weak{R"(W/"now")", std::nullopt};
    CHECK(evaluate(request(method::get, {{"If-None-Match", R"("now")"}}), weak) ==
          verdict::not_modified);
    CHECK(evaluate(request(method::put, {{"If-Match", R"(W/"now")"}}), weak) ==
          verdict::precondition_failed);
}

TEST_CASE("each verdict has its status") {
    CHECK(status_of(verdict::proceed) == 200);
    CHECK(status_of(verdict::not_modified) == 304);
    CHECK(status_of(verdict::precondition_failed) == 412);
}

}  // namespace pilothouse::tests::conditional_test
