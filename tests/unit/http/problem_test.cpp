// Errors outside any dialect: what the client is told, and what the log.
#include "server/http/problem.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::problem_test {

namespace {

struct no_body final : http::body_source {
    task<result<std::string_view>> read() override { co_return std::string_view(); }
    void limit(std::uint64_t) override {}
};

}  // namespace

TEST_CASE("a failure's sentence is for the client, its cause for the log alone") {
    http::request_head const head;
    no_body body;
    http::exchange const x{.head = head,
                           .body = body,
                           .request_id = {},
                           .peer = {},
                           .parameters = {},
                           .route_index = {},
                           .who = {},
                           .grant = {},
                           .notes = {}};
    auto const answer = http::problem_words().refuse(
        x, failure(errc::unavailable, "try again in a moment", "the files pool is full"));
    CHECK(answer.status() == 503);
    CHECK(answer.header_lines().find("Retry-After: 1\r\n") != std::string::npos);
    auto const text = std::get<std::string>(answer.body());
    CHECK(text.find(R"("detail":"try again in a moment")") != std::string::npos);
    CHECK(text.find("pool") == std::string::npos);
    CHECK(answer.cause() == "the files pool is full");
}

TEST_CASE("whoever came too often is told when to come again") {
    http::request_head const head;
    no_body body;
    http::exchange const x{.head = head,
                           .body = body,
                           .request_id = {},
                           .peer = {},
                           .parameters = {},
                           .route_index = {},
                           .who = {},
                           .grant = {},
                           .notes = {}};
    failure f(errc::throttled, "too often");
    auto const soon = http::problem_words().refuse(x, f);
    CHECK(soon.status() == 429);
    CHECK(soon.header_lines().find("Retry-After: 1\r\n") != std::string::npos);
    f.retry_after = 41;
    CHECK(http::problem_words().refuse(x, f).header_lines().find("Retry-After: 41\r\n") !=
          std::string::npos);
}

}  // namespace pilothouse::tests::problem_test
