// Limits on callers: guessed tokens, requests in a time, and what is said of them.
#include "auth/token_text.hpp"
#include "tests/support/demo_chart.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::limits_test {

using namespace std::chrono_literals;

namespace {

constexpr auto index_of_private = "/api/v4/projects/grp%2Fprivate/packages/helm/stable/index.yaml";
constexpr auto index_of_public = "/api/v4/projects/grp%2Fpublic/packages/helm/stable/index.yaml";

struct world {
    test_server server;
    storage::project_record project =
        server.add_project("grp/private", storage::visibility::private_);
    storage::user_record root = server.add_user("root", true);
    storage::user_record user = server.add_user("jane");
    std::string token = server.add_token(user, {"api"});
    std::string admin = server.add_token(root, {"api"});

    explicit world(settings s) : server(std::move(s)) {
        server.add_project("grp/public", storage::visibility::public_);
        server.add_member(project, user, storage::role::developer);
    }
    http_reply read(http_headers const& headers, std::string const& target = index_of_private) {
        return server.request("GET", target, headers);
    }
    std::string metrics() { return read({{"PRIVATE-TOKEN", admin}}, "/metrics").body; }
};

std::string guess() {
    return std::string(auth::generate_token(storage::token_kind::personal).reveal());
}

settings with_wrong_tokens(std::uint32_t count) {
    settings s;
    s.logins = {{count, 1h}, {}};
    return s;
}

bool contains(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a guesser is told to wait, and the rightful owner beside him comes through") {
    world w(with_wrong_tokens(5));
    auto const mine = basic("jane", w.token);
    CHECK(w.read({{"Authorization", mine}}).status == 200);
    CHECK(contains(w.metrics(), "pilothouse_logins_throttled_total 0\n"));
    for (int i = 0; i < 5; ++i)
        CHECK(w.read({{"Authorization", basic("jane", guess())}}).status == 401);
    unsigned throttled = 0;
    for (int i = 0; i < 50; ++i) {
        auto const reply = w.read({{"Authorization", basic("jane", guess())}});
        CHECK(reply.status == 429);
        CHECK(contains(reply.body, "too many tokens that nobody has"));
        auto const wait = std::stoi(reply.header("retry-after"));
        CHECK(wait > 3000);
        CHECK(wait <= 3600);
        ++throttled;
        CHECK(w.read({{"Authorization", mine}}).status == 200);
    }
    // A change of the directory empties the cache; the owner is known all the same.
    w.server.add_user("somebody");
    CHECK(w.read({{"Authorization", mine}}).status == 200);
    CHECK(w.read({{"PRIVATE-TOKEN", "account password"}}).status == 429);
    CHECK(w.read({}, index_of_public).status == 200);  // who shows nothing guesses nothing
    CHECK(contains(w.metrics(), "pilothouse_logins_throttled_total 51\n"));
    CHECK(throttled == 50);
}

TEST_CASE("a pusher comes through beside a guesser, too, and the other dialects word it") {
    world w(with_wrong_tokens(1));
    CHECK(w.read({{"PRIVATE-TOKEN", w.token}}).status == 200);
    CHECK(w.read({{"PRIVATE-TOKEN", "x"}}).status == 401);
    auto const refused = w.server.request("GET", "/api/v4/user", {{"PRIVATE-TOKEN", "x"}});
    CHECK(refused.status == 429);
    CHECK(refused.header("content-type") == "application/json");
    CHECK(w.server
              .push("grp%2Fprivate", "stable", basic("jane", "x"),
                    {{"chart", demo_chart("demo", "1.0.0"), "c.tgz"}})
              .status == 429);
    CHECK(w.server
              .push("grp%2Fprivate", "stable", basic("jane", w.token),
                    {{"chart", demo_chart("demo", "1.0.0"), "c.tgz"}})
              .status == 201);
    auto const plain = w.read({{"PRIVATE-TOKEN", "x"}}, "/metrics");
    CHECK(plain.status == 429);
    CHECK(plain.header("content-type") == "application/problem+json");
    CHECK_FALSE(plain.header("retry-after").empty());
}

TEST_CASE("behind a proxy of the house the guesser alone is slowed") {
    auto s = with_wrong_tokens(2);
    s.trusted_proxies = {*parse_ip_network("127.0.0.0/8")};
    world w(s);
    auto const from = [&](std::string const& address, std::string const& token) {
        return w.read({{"X-Forwarded-For", address}, {"PRIVATE-TOKEN", token}}).status;
    };
    for (int i = 0; i < 2; ++i) CHECK(from("192.0.2.1", "x") == 401);
    CHECK(from("192.0.2.1", "x") == 429);
    CHECK(from("192.0.2.2", "x") == 401);
    CHECK(from("192.0.2.1, 192.0.2.3", "x") == 401);
    CHECK(from("192.0.2.3, 192.0.2.1", "x") == 429);
    // Without the proxy's word everybody is the proxy.
    world direct(with_wrong_tokens(1));
    CHECK(direct.read({{"X-Forwarded-For", "192.0.2.1"}, {"PRIVATE-TOKEN", "x"}}).status == 401);
    CHECK(direct.read({{"X-Forwarded-For", "192.0.2.2"}, {"PRIVATE-TOKEN", "x"}}).status == 429);
}

TEST_CASE("request rates are off by default") {
    world w{settings()};
    for (int i = 0; i < 50; ++i) CHECK(w.read({}, index_of_public).status == 200);
    CHECK(contains(w.metrics(), "pilothouse_requests_throttled_total{limit=\"throttle_"));
}

TEST_CASE("above its rate a caller is answered 429 with GitLab's fields, and others are not") {
    settings s;
    s.rates.packages_address = {3, 1h};
    s.rates.packages_user = {4, 1h};
    s.rates.api_user = {2, 1h};
    world w(s);
    for (int i = 0; i < 3; ++i) CHECK(w.read({}, index_of_public).status == 200);
    auto const refused = w.read({}, index_of_public);
    CHECK(refused.status == 429);
    CHECK(refused.body == "Retry later\n");
    CHECK(refused.header("ratelimit-name") == "throttle_unauthenticated_packages_api");
    CHECK(refused.header("ratelimit-limit") == "1");
    CHECK(refused.header("ratelimit-observed") == "4");
    CHECK(refused.header("ratelimit-remaining") == "0");
    CHECK_FALSE(refused.header("ratelimit-reset").empty());
    CHECK(std::stoi(refused.header("retry-after")) <= 3600);
    // A token that nobody has is no token.
    CHECK(w.read({{"PRIVATE-TOKEN", guess()}}, index_of_public).status == 429);

    http_headers const jane{{"PRIVATE-TOKEN", w.token}};
    for (int i = 0; i < 4; ++i) CHECK(w.read(jane, index_of_public).status == 200);
    auto const as_jane = w.read(jane, index_of_public);
    CHECK(as_jane.status == 429);
    CHECK(as_jane.header("ratelimit-name") == "throttle_authenticated_packages_api");
    for (int i = 0; i < 2; ++i) CHECK(w.read(jane, "/api/v4/user").status == 200);
    CHECK(w.read(jane, "/api/v4/user").status == 429);
    auto const another = w.server.add_token(w.user, {"api"});
    CHECK(w.read({{"PRIVATE-TOKEN", another}}, "/api/v4/user").status == 429);

    for (int i = 0; i < 20; ++i) {
        CHECK(w.read({}, "/-/live").status == 200);
        CHECK(w.read({}, "/-/ready").status == 200);
    }
    auto const measured = w.metrics();
    CHECK(contains(measured,
                   "pilothouse_requests_throttled_total{limit=\"throttle_unauthenticated_packages_"
                   "api\"} 2\n"));
    CHECK(contains(
        measured, "pilothouse_requests_throttled_total{limit=\"throttle_authenticated_api\"} 2\n"));
}

TEST_CASE("TRACE is answered as any method that an address does not take") {
    world w{settings()};
    auto const reply = w.server.request("TRACE", "/-/live");
    CHECK(reply.status == 405);
    CHECK(reply.header("allow") == "GET, HEAD");
    CHECK(w.server.request("TRACE", "/nothing/here").status == 404);
}

}  // namespace pilothouse::tests::limits_test
