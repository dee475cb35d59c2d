// The end of a listener: nothing that began is lost.
#include "tests/integration/http/stand_in.hpp"
#include "tests/integration/http/wire.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <future>

namespace pilothouse::tests::stop_test {

using namespace std::chrono_literals;

namespace {

std::string const whole = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

std::future<void> stop_elsewhere(test_listener& server) {
    return std::async(std::launch::async, [&] { server.listener->stop(); });
}

}  // namespace

TEST_CASE("idle connections end at once when the listener stops, busy ones after their answer") {
    test_listener server;
    wire idle(server.port());
    wire used(server.port());
    used.send(whole);
    CHECK(status_of(used.answer()) == 200);
    wire busy(server.port());
    busy.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n" + whole);
    wire uploading(server.port());
    uploading.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
    wire writing(server.port());
    writing.send("GET / HTTP/1.1\r\nHo");
    REQUIRE(server.handler.wait_for_held(1));
    REQUIRE(server.becomes([](auto const& c) { return c.idle == 2 && c.open == 5; }));

    auto const stopped = stop_elsewhere(server);
    CHECK(idle.ends());
    CHECK(used.ends());
    CHECK_THROWS(wire(server.port()));
    CHECK(stopped.wait_for(0s) == std::future_status::timeout);

    uploading.send("hello");
    writing.send("st: a\r\n\r\n");
    server.handler.release();
    for (wire* client : {&busy, &uploading, &writing}) {
        auto const answer = client->answer();
        CHECK(status_of(answer) == 200);
        CHECK(field_of(answer, "Connection") == "close");
        client->end_output();
        CHECK(client->ends());
    }
    stopped.wait();
    CHECK(server.listener->counts().open == 0);
}

TEST_CASE("a request that is already here is answered when the listener stops") {
    test_listener server({}, 1);
    std::vector<std::unique_ptr<wire>> clients;
    for (int i = 0; i < 200; ++i) {
        clients.push_back(std::make_unique<wire>(server.port()));
        clients.back()->send(whole);
    }
    server.listener->stop();
    for (auto& client : clients) CHECK(status_of(client->answer()) == 200);
}

TEST_CASE("what outlasts the time to drain is cut off") {
    test_listener server({.drain_time = 50ms});
    wire writing(server.port());
    writing.send("GET / HTTP/1.1\r\nHo");
    wire uploading(server.port());
    uploading.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
    wire held(server.port());
    held.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    REQUIRE(server.handler.wait_for_held(1));
    REQUIRE(server.becomes([](auto const& c) { return c.open == 3 && c.idle == 0; }));
    auto const stopped = stop_elsewhere(server);
    CHECK(writing.ends());
    CHECK(status_of(uploading.answer()) == 503);
    CHECK(uploading.ends());
    CHECK(held.ends());
    // A handler is never abandoned: what it refers to must stay.
    CHECK(stopped.wait_for(0s) == std::future_status::timeout);
    server.handler.release();
    stopped.wait();
}

TEST_CASE("an upload still open at the end of the time to drain is answered 503, and then ends") {
    test_listener server({.drain_time = 50ms});
    struct row {
        char const* fields;
        char const* begun;
    };
    std::vector<row> const rows = {
        {"Content-Length: 5\r\n", ""},
        {"Content-Length: 5\r\n", "hel"},
        {"Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n"},
        {"Transfer-Encoding: chunked\r\n", "5\r\nhe"},
        {"Content-Length: 5\r\nExpect: 100-continue\r\n", ""},
    };
    std::vector<std::unique_ptr<wire>> uploads;
    for (auto const& [fields, begun] : rows) {
        uploads.push_back(std::make_unique<wire>(server.port()));
        uploads.back()->send("PUT / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n" +
                             begun);
    }
    CHECK(uploads.back()->until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    REQUIRE(server.becomes([&](auto const& c) { return c.open == rows.size() && c.idle == 0; }));
    auto const stopped = stop_elsewhere(server);
    for (auto const& upload : uploads) {
        auto const answer = upload->answer();
        CHECK(status_of(answer) == 503);
        CHECK(field_of(answer, "Connection") == "close");
        CHECK(body_of(answer).find("unavailable") != std::string::npos);
        CHECK(upload->ends());
    }
    stopped.wait();
    for (auto const& done : server.handler.finished_requests(rows.size())) {
        CHECK(done.status == 503);
        CHECK(done.complete);
    }
    CHECK(server.listener->counts().open == 0);
}

TEST_CASE("a listener stops twice, and without ever having been asked") {
    test_listener server;
    server.listener->stop();
    server.listener->stop();
    CHECK(server.listener->counts().accepted == 0);
}

TEST_CASE("a client that pipelines on and on does not keep a listener from stopping") {
    test_listener server({.linger_time = 50ms});
    wire client(server.port());
    client.send(whole);
    CHECK(status_of(client.answer()) == 200);
    auto const stopped = stop_elsewhere(server);
    while (client.send(whole)) {
    }
    stopped.wait();
    CHECK(server.listener->counts().open == 0);
}

}  // namespace pilothouse::tests::stop_test
