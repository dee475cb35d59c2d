#include "server/http/request_limiter.hpp"

#include "tests/support/fake_clock.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::request_limiter_test {

using namespace std::chrono_literals;
using http::traffic;

namespace {

// Rates: of addresses, of users; the same of packages.
struct fixture {
    steady_time now{1h};
    tests::fake_clock time;
    http::request_limiter limiter;

    explicit fixture(http::request_rates const& rates)
        : limiter(rates, time, [this] { return now; }) {}

    // The status; 0: let pass.
    unsigned count(traffic what, auth::principal const* who = nullptr,
                   std::string_view from = "192.0.2.1") {
        auto const refused = limiter.count(what, who, from);
        if (!refused) return 0;
        fields = refused->header_lines();
        body = std::get<std::string>(refused->body());
        return refused->status();
    }
    [[nodiscard]] bool has(std::string const& line) const {
        return fields.find(line + "\r\n") != std::string::npos;
    }
    std::string fields, body;
};

auth::principal user(std::int64_t id) {
    auth::principal p;
    p.what = auth::principal::kind::user;
    p.user = {id};
    return p;
}

}  // namespace

TEST_CASE("The pattern of a route says what its requests count as") {
    CHECK(http::traffic_of("/-/live") == traffic::free);
    CHECK(http::traffic_of("/-/ready") == traffic::free);
    CHECK(http::traffic_of("/metrics") == traffic::free);
    CHECK(http::traffic_of("/api/v4/projects/{project...}/packages/helm/{channel}/index.yaml") ==
          traffic::packages);
    CHECK(http::traffic_of("/api/v4/projects/{project*}/packages/protection/rules") ==
          traffic::api);
    CHECK(http::traffic_of("/api/v4/user") == traffic::api);
    CHECK(http::traffic_of("none") == traffic::api);
}

TEST_CASE("One request too many is told so as GitLab tells it") {
    fixture f({{}, {}, {2, 15s}, {}});
    CHECK(f.limiter.on());
    CHECK(f.count(traffic::packages) == 0);
    f.now += 4s;
    CHECK(f.count(traffic::packages) == 0);
    f.now += 500ms;
    REQUIRE(f.count(traffic::packages) == 429);
    CHECK(f.body == "Retry later\n");
    CHECK(f.has("Content-Type: text/plain"));
    CHECK(f.has("RateLimit-Name: throttle_unauthenticated_packages_api"));
    CHECK(f.has("RateLimit-Limit: 8"));  // a minute
    CHECK(f.has("RateLimit-Observed: 3"));
    CHECK(f.has("RateLimit-Remaining: 0"));
    CHECK(f.has("Retry-After: 11"));
    // 03:04:05.678 and 10.5 seconds more
    CHECK(f.has("RateLimit-Reset: 1767323057"));
    CHECK(f.has("RateLimit-ResetTime: Fri, 02 Jan 2026 03:04:17 GMT"));
    f.now += 10s;
    CHECK(f.count(traffic::packages) == 429);
    f.now += 500ms;
    CHECK(f.count(traffic::packages) == 0);
    CHECK(f.limiter.refused(http::request_limiter::packages_address) == 2);
    CHECK(f.limiter.refused(http::request_limiter::packages_user) == 0);
}

TEST_CASE("Users are counted by number, others by address, deploy tokens by their own") {
    fixture f({{1, 60s}, {1, 60s}, {}, {}});
    auto const ada = user(1), bob = user(2);
    auth::principal deploy = user(0);
    deploy.what = auth::principal::kind::deploy_token;
    deploy.token = {1};
    auth::principal nobody;
    CHECK(f.count(traffic::api, &ada) == 0);
    CHECK(f.count(traffic::api, &ada, "192.0.2.9") == 429);
    CHECK(f.has("RateLimit-Name: throttle_authenticated_api"));
    CHECK(f.count(traffic::api, &bob) == 0);
    CHECK(f.count(traffic::api, &deploy) == 0);
    CHECK(f.count(traffic::api, &deploy) == 429);
    CHECK(f.count(traffic::api, &nobody) == 0);
    CHECK(f.count(traffic::api) == 429);
    CHECK(f.count(traffic::api, nullptr, "192.0.2.9") == 0);
    CHECK(f.count(traffic::api, nullptr, "2001:db8::1") == 0);
    CHECK(f.count(traffic::api, nullptr, "2001:db8::2") == 429);
}

TEST_CASE("Packages have their own limit where one is set, else that of all others") {
    auto const ada = user(1);
    fixture own({{}, {1, 60s}, {}, {2, 60s}});
    CHECK(own.count(traffic::packages, &ada) == 0);
    CHECK(own.count(traffic::packages, &ada) == 0);
    CHECK(own.count(traffic::packages, &ada) == 429);
    CHECK(own.count(traffic::api, &ada) == 0);
    CHECK(own.count(traffic::api, &ada) == 429);
    CHECK(own.count(traffic::api) == 0);  // no limit of addresses
    fixture shared({{}, {2, 60s}, {}, {}});
    CHECK(shared.count(traffic::packages, &ada) == 0);
    CHECK(shared.count(traffic::api, &ada) == 0);
    CHECK(shared.count(traffic::packages, &ada) == 429);
}

TEST_CASE("What asks for the server's health is never refused") {
    fixture f({{1, 60s}, {}, {}, {}});
    for (int i = 0; i < 10; ++i) CHECK(f.count(traffic::free) == 0);
    CHECK(f.count(traffic::api) == 0);
}

TEST_CASE("Without rates it is off") { CHECK_FALSE(fixture({}).limiter.on()); }

}  // namespace pilothouse::tests::request_limiter_test
