// What those who run the server ask it.
#include "base/metrics.hpp"
#include "base/runtime.hpp"
#include "server/operator/routes.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <variant>

namespace pilothouse::tests::health_test {

namespace {

struct no_body final : http::body_source {
    task<result<std::string_view>> read() override { co_return std::string_view(); }
    void limit(std::uint64_t) override {}
};

bool contains(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

// GET / of a door.
std::string welcome_of(bool for_measuring) {
    metrics::registry registry;
    auto const ready = []() -> task<result<void>> { co_return result<void>(); };
    auto const door = operators::operator_door({registry, ready, "1.2.3", "/base"}, for_measuring);
    http::request_head head;
    head.host = "registry:9090";
    no_body body;
    http::exchange x{.head = head,
                     .body = body,
                     .request_id = {},
                     .peer = {},
                     .parameters = {},
                     .route_index = {},
                     .who = {},
                     .grant = {},
                     .notes = {}};
    for (auto const& route : door.routes)
        if (route.pattern == "/") return std::get<std::string>(run_to_end(route.handle(x)).body());
    return "";
}

}  // namespace

TEST_CASE("a server that cannot take an upload is not ready") {
    test_server server;
    CHECK(server.request("GET", "/-/ready").status == 200);
    auto const staging = server.folder() / "data" / "staging";
    CHECK(std::filesystem::is_empty(staging));
    std::filesystem::remove(staging);
    auto const broken = server.request("GET", "/-/ready");
    CHECK(broken.status == 503);
    CHECK(contains(broken.body, "uploads cannot be written"));
    CHECK_FALSE(contains(broken.body, server.folder().string()));
    CHECK(server.request("GET", "/-/live").status == 200);
    std::filesystem::create_directory(staging);
    CHECK(server.request("GET", "/-/ready").status == 200);
    CHECK(std::filesystem::is_empty(staging));
}

TEST_CASE("the listener for measuring names its own addresses, and none for charts") {
    auto const main = welcome_of(false);
    CHECK(contains(main, "helm repo add NAME http://registry:9090/base/api/v4/"));
    auto const other = welcome_of(true);
    CHECK(contains(other, "GET /metrics"));
    CHECK_FALSE(contains(other, "helm repo add"));
    CHECK_FALSE(contains(other, "9090"));
}

}  // namespace pilothouse::tests::health_test
