// Clients that are slow on purpose, each cut at its own deadline, others untouched.
#include "tests/integration/http/stand_in.hpp"
#include "tests/integration/http/wire.hpp"

#include <doctest/doctest.h>

#include <chrono>

namespace pilothouse::tests::deadlines_test {

using namespace std::chrono_literals;

namespace {

std::string const whole = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

// Sends one byte after another until the server ends the connection.
void drip(wire& client, std::string_view bytes) {
    for (char const c : bytes) {
        if (!client.send({&c, 1})) return;
        if (!client.stands_silent()) return;
    }
}

}  // namespace

TEST_CASE("a header that does not end is answered 408") {
    test_listener server({.header_time = 50ms});
    for (std::string const& sent : {std::string("G"), std::string("GET / HTTP/1.1\r\nHost: a\r\n"),
                                    std::string("\r\n\r\n")}) {
        wire client(server.port());
        client.send(sent);
        auto const answer = client.answer();
        CHECK(status_of(answer) == 408);
        CHECK(answer.find("too_slow") != answer.npos);
        CHECK(client.ends());
    }
    CHECK(server.listener->counts().timed_out == 3);
}

TEST_CASE("a header that comes byte by byte has no more time than one that stalls") {
    test_listener server({.header_bytes = 10'000'000, .header_time = 50ms});
    wire dripping(server.port());
    drip(dripping, "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(10'000'000, 'x'));
    CHECK(status_of(dripping.answer()) == 408);
}

TEST_CASE("an idle connection ends without a word") {
    test_listener server({.idle_time = 50ms});
    wire fresh(server.port());
    wire used(server.port());
    used.send(whole);
    CHECK(status_of(used.answer()) == 200);
    CHECK(fresh.ends());
    CHECK(used.ends());
    CHECK(server.listener->counts().timed_out == 0);
}

TEST_CASE("a body that stalls ends the request, and the client is told") {
    test_listener server({.body_stall = 50ms});
    for (std::string const fields : {"Content-Length: 10\r\n", "Transfer-Encoding: chunked\r\n"}) {
        wire client(server.port());
        client.send("PUT / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n5\r\nab");
        auto const answer = client.answer();
        CHECK(status_of(answer) == 408);
        CHECK(body_of(answer).find("too slowly") != std::string::npos);
        CHECK(field_of(answer, "Connection") == "close");
        client.end_output();
        CHECK(client.ends());
    }
    CHECK(server.listener->counts().timed_out == 2);
}

TEST_CASE("a body that never stalls but drips ends the request too") {
    test_listener server({.body_bytes_per_second = 1'000'000'000, .body_grace = 300ms});
    wire client(server.port());
    client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n");
    drip(client, std::string(10'000'000, 'x'));
    CHECK(status_of(client.answer()) == 408);
}

TEST_CASE("a client that does not read its answer is reset") {
    test_listener server({.send_stall = 50ms});
    server.handler.at("/large",
                      [](auto&) { return http::response(200).body(std::string(50'000'000, 'x')); });
    wire client(server.port(), "127.0.0.1", 4096);
    client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    auto const finished = server.handler.finished_requests(1);
    REQUIRE(finished.size() == 1);
    CHECK_FALSE(finished[0].complete);
    CHECK(finished[0].bytes < 50'000'000);
    CHECK(server.becomes([](auto const& c) { return c.open == 0; }));
    CHECK(server.listener->counts().timed_out == 1);
}

TEST_CASE("a handler past its time is answered for, and its own answer is dropped") {
    test_listener server({.handler_time = 50ms});
    wire client(server.port());
    client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n" + whole);
    auto const answer = client.answer();
    CHECK(status_of(answer) == 504);
    CHECK(field_of(answer, "Connection") == "close");
    CHECK(client.ends());
    CHECK(server.handler.finished_requests(0).empty());
    server.handler.release();
    auto const finished = server.handler.finished_requests(1);
    REQUIRE(finished.size() == 1);
    CHECK(finished[0].status == 504);
    CHECK(server.becomes([](auto const& c) { return c.open == 0; }));
}

TEST_CASE("a client that does not go after the last answer is left") {
    test_listener server({.linger_time = 50ms});
    wire client(server.port());
    client.send("nonsense\r\n\r\n");
    CHECK(status_of(client.answer()) == 400);
    CHECK(server.becomes([](auto const& c) { return c.open == 0; }));
}

TEST_CASE("slow clients do not slow others") {
    test_listener server({.header_time = 10s});
    std::vector<std::unique_ptr<wire>> slow;
    for (int i = 0; i < 200; ++i) {
        slow.push_back(std::make_unique<wire>(server.port()));
        slow.back()->send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
    }
    wire client(server.port());
    for (int i = 0; i < 100; ++i) {
        client.send(whole);
        REQUIRE(status_of(client.answer()) == 200);
    }
    for (auto& s : slow) {
        s->send("y\r\n\r\n");
        REQUIRE(status_of(s->answer()) == 200);
    }
}

}  // namespace pilothouse::tests::deadlines_test
