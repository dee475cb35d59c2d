// Thousands of idle connections, the limit of connections, and the end of descriptors.
#include "tests/integration/http/stand_in.hpp"
#include "tests/integration/http/wire.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <chrono>
#include <deque>

namespace pilothouse::tests::many_connections_test {

using namespace std::chrono_literals;

namespace {

std::string const whole = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

std::chrono::microseconds cpu_time() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return std::chrono::seconds(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           std::chrono::microseconds(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

// No file can be opened as long as it lives.
class no_more_files {
public:
    no_more_files() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        descriptor const lowest_free(::dup(0));
        rlimit tight = before_;
        tight.rlim_cur = static_cast<rlim_t>(lowest_free.get());
        ::setrlimit(RLIMIT_NOFILE, &tight);
    }
    ~no_more_files() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    no_more_files(no_more_files const&) = delete;
    no_more_files& operator=(no_more_files const&) = delete;

private:
    rlimit before_{};
};

}  // namespace

TEST_CASE("two thousand idle connections stand, and each still gets its answer") {
    test_listener server;
    std::deque<wire> clients;
    for (int i = 0; i < 2000; ++i) {
        clients.emplace_back(server.port());
        if (i % 2 == 0) {
            clients.back().send(whole);
            REQUIRE(status_of(clients.back().answer()) == 200);
        }
    }
    CHECK(server.becomes([](auto const& c) { return c.open == 2000 && c.idle == 2000; }));
    for (auto& client : clients) {
        client.send(whole);
        REQUIRE(status_of(client.answer()) == 200);
    }
    clients.clear();
    CHECK(server.becomes([](auto const& c) { return c.open == 0 && c.idle == 0; }));
    CHECK(server.listener->counts().accepted == 2000);
}

TEST_CASE("at the limit the connection that was idle longest makes room") {
    std::size_t cores = 1;
    SUBCASE("on one core") { cores = 1; }
    SUBCASE("on several cores") { cores = 4; }
    test_listener server({.connections = 10}, cores);
    std::deque<wire> clients;
    for (int i = 0; i < 10; ++i) {
        clients.emplace_back(server.port());
        clients.back().send(whole);
        REQUIRE(status_of(clients.back().answer()) == 200);
        REQUIRE(server.becomes([&](auto const& c) { return c.idle == clients.size(); }));
    }
    // The first is used again: the second is now the oldest.
    clients[0].send(whole);
    REQUIRE(status_of(clients[0].answer()) == 200);
    REQUIRE(server.becomes([](auto const& c) { return c.idle == 10; }));

    clients.emplace_back(server.port());
    clients.back().send(whole);
    CHECK(status_of(clients.back().answer()) == 200);
    CHECK(clients[1].ends());
    CHECK(server.becomes([](auto const& c) { return c.open == 10 && c.evicted == 1; }));
    clients[0].send(whole);
    CHECK(status_of(clients[0].answer()) == 200);
    CHECK(server.listener->counts().refused == 0);
}

TEST_CASE("where all connections are busy a new one is told so") {
    test_listener server({.connections = 3});
    std::deque<wire> busy;
    for (int i = 0; i < 3; ++i) {
        busy.emplace_back(server.port());
        busy.back().send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    REQUIRE(server.handler.wait_for_held(3));
    wire late(server.port());
    auto const answer = late.answer();
    CHECK(status_of(answer) == 503);
    CHECK(field_of(answer, "Connection") == "close");
    CHECK(server.listener->counts().refused == 1);
    server.handler.release();
    for (auto& client : busy) CHECK(status_of(client.answer()) == 200);
}

TEST_CASE("without descriptors the connection that was idle longest gives its own") {
    test_listener server({}, 1);
    std::deque<wire> idle;
    for (int i = 0; i < 3; ++i) {
        idle.emplace_back(server.port());
        idle.back().send(whole);
        REQUIRE(status_of(idle.back().answer()) == 200);
        REQUIRE(server.becomes([&](auto const& c) { return c.idle == idle.size(); }));
    }
    wire late;
    no_more_files const limit;
    late.connect(server.port());
    late.send(whole);
    CHECK(status_of(late.answer()) == 200);
    CHECK(idle[0].ends());
    CHECK(idle[1].stands_silent());
    CHECK(server.listener->counts().starved == 1);
    CHECK(server.listener->counts().evicted == 1);
}

TEST_CASE(
    "without descriptors and idle connections a client is told, and the server does not spin") {
    test_listener server({}, 1);
    wire busy(server.port());
    busy.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    REQUIRE(server.handler.wait_for_held(1));
    std::deque<wire> late(10);
    no_more_files const limit;
    for (wire& client : late) {
        client.connect(server.port());
        client.send(whole);
    }
    auto const before = cpu_time();
    CHECK(status_of(late[0].answer()) == 503);
    CHECK(late[0].ends());
    CHECK(status_of(late[1].answer()) == 503);
    // One at each sweep, and nothing between: a loop of failing accepts would use a whole core.
    CHECK(cpu_time() - before < 200ms);
    CHECK(late.back().stands_silent());
    CHECK(server.listener->counts().starved >= 2);

    // A descriptor that comes free is used.
    server.handler.release();
    CHECK(status_of(busy.answer()) == 200);
    CHECK(status_of(late.back().until("\r\n\r\n")) != 0);
}

}  // namespace pilothouse::tests::many_connections_test
