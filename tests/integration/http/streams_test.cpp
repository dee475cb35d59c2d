// Answers that come bit by bit: how they look on the wire, and all the ways in which they end.
#include "base/doorbell.hpp"
#include "server/http/body_stream.hpp"
#include "tests/integration/http/stand_in.hpp"
#include "tests/integration/http/tls_client.hpp"
#include "tests/integration/http/wire.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <future>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace pilothouse::tests::streams_test {

using namespace std::chrono_literals;

namespace {

// What a test has a stream say, and hears of it.
struct script {
    void say(std::string piece) {
        {
            std::lock_guard const lock(mutex);
            pieces.push_back(std::move(piece));
        }
        bell.ring();
    }
    void end() { say(""); }
    std::optional<std::string> next_piece() {
        std::lock_guard const lock(mutex);
        if (pieces.empty()) return std::nullopt;
        auto piece = std::move(pieces.front());
        pieces.pop_front();
        return piece;
    }

    std::mutex mutex;
    std::deque<std::string> pieces;  // the empty one is the end
    doorbell bell;
    std::atomic<int> asked = 0, open = 0;
    std::atomic<bool> stopped = false;
};

constexpr std::string_view breakdown = "breakdown";  // a piece that is thrown

class scripted final : public http::body_stream {
public:
    explicit scripted(std::shared_ptr<script> s) : script_(std::move(s)) { ++script_->open; }
    ~scripted() override { --script_->open; }

    task<std::string> next() override {
        ++script_->asked;
        while (!script_->stopped) {
            auto piece = script_->next_piece();
            if (piece == breakdown) throw std::runtime_error("the source dried up");
            if (piece) co_return std::move(*piece);
            co_await script_->bell.wait(1h);
        }
        co_return std::string();
    }
    void stop() noexcept override {
        script_->stopped = true;
        script_->bell.ring();
    }

private:
    std::shared_ptr<script> script_;
};

// /told answers with the script.
struct streaming {
    explicit streaming(http::limits const& l = {}, std::optional<http::tls_files> tls = {})
        : server(l, 2, std::move(tls)) {
        server.handler.at("/told", [this](auto&) {
            return http::response(200)
                .header("Content-Type", "text/plain")
                .body(std::make_shared<scripted>(told));
        });
    }
    [[nodiscard]] finished_request outcome() { return server.handler.finished_requests(1).at(0); }

    std::shared_ptr<script> told = std::make_shared<script>();
    test_listener server;
};

std::string const ask = "GET /told HTTP/1.1\r\nHost: a\r\n\r\n";

}  // namespace

TEST_CASE("a stream is sent in chunks, each as soon as there is one") {
    streaming s;
    wire client(s.server.port());
    client.send(ask);
    auto const head = client.answer_head();
    CHECK(status_of(head) == 200);
    CHECK(field_of(head, "Transfer-Encoding") == "chunked");
    CHECK(field_of(head, "Content-Length") == "(none)");
    CHECK(field_of(head, "Connection") == "close");
    CHECK(client.stands_silent());
    s.told->say("one");
    CHECK(client.until("one\r\n") == "3\r\none\r\n");
    s.told->say(std::string(300, 'x'));
    CHECK(client.until("\r\n") == "12c\r\n");
    CHECK(client.until("\r\n").size() == 302);
    s.told->end();
    CHECK(client.rest() == "0\r\n\r\n");
    auto const done = s.outcome();
    CHECK(done.complete);
    CHECK(done.bytes == 303);
    CHECK(done.failure.empty());
    CHECK(s.told->asked == 3);
}

TEST_CASE("to a client of HTTP/1.0 a stream is what comes until the end") {
    streaming s;
    s.told->say("one");
    s.told->say("two");
    s.told->end();
    wire client(s.server.port());
    client.send("GET /told HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    auto const head = client.answer_head();
    CHECK(field_of(head, "Transfer-Encoding") == "(none)");
    CHECK(field_of(head, "Content-Length") == "(none)");
    CHECK(field_of(head, "Connection") == "close");
    CHECK(client.rest() == "onetwo");
    CHECK(s.outcome().complete);
}

TEST_CASE("HEAD has a stream's header, and the connection goes on") {
    streaming s;
    s.told->say("one");
    wire client(s.server.port());
    client.send("HEAD /told HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
    auto const head = client.answer_head();
    CHECK(field_of(head, "Transfer-Encoding") == "chunked");
    CHECK(field_of(head, "Connection") == "(none)");
    CHECK(body_of(client.answer()) == "GET / host=a body=0:");
    CHECK(s.told->asked == 0);
    CHECK(s.told->open == 0);
}

TEST_CASE("a client that goes ends its stream, although there is nothing to send") {
    struct row {
        char const* how;
        void (*go)(wire&);
    };
    for (auto const& [how, go] : {row{"farewell", [](wire& w) { w.end_output(); }},
                                  row{"reset", [](wire& w) { w.reset(); }}}) {
        CAPTURE(how);
        streaming s;
        wire client(s.server.port());
        client.send(ask);
        CHECK(status_of(client.answer_head()) == 200);
        go(client);
        CHECK_FALSE(s.outcome().complete);
        CHECK(s.server.becomes([](auto const& c) { return c.open == 0; }));
        CHECK(s.told->stopped);
        CHECK(s.told->open == 0);
    }
}

TEST_CASE("a request behind one that is answered by a stream is not") {
    streaming s;
    wire client(s.server.port());
    client.send(ask + ask);
    CHECK(status_of(client.answer_head()) == 200);
    client.send(ask + std::string(100'000, 'x'));
    s.told->say("one");
    s.told->end();
    CHECK(client.rest() == "3\r\none\r\n0\r\n\r\n");
    CHECK(s.server.handler.finished_requests(1).size() == 1);
}

TEST_CASE("a stream that fails is broken off, and the log says why") {
    streaming s;
    s.told->say("one");
    s.told->say(std::string(breakdown));
    wire client(s.server.port());
    client.send(ask);
    CHECK(status_of(client.answer_head()) == 200);
    CHECK(client.rest() == "3\r\none\r\n");  // and no last chunk
    auto const done = s.outcome();
    CHECK_FALSE(done.complete);
    CHECK(done.failure == "the source dried up");
    CHECK(s.told->open == 0);
}

TEST_CASE("a stream ends well when its time is over") {
    streaming s({.stream_time = 50ms});
    s.told->say("one");
    wire client(s.server.port());
    client.send(ask);
    CHECK(status_of(client.answer_head()) == 200);
    CHECK(client.rest() == "3\r\none\r\n0\r\n\r\n");
    CHECK(s.outcome().complete);
    CHECK(s.server.listener->counts().timed_out == 0);
}

TEST_CASE("streams that never run dry end, too, when their time is over") {
    class endless final : public http::body_stream {
    public:
        task<std::string> next() override { co_return std::string(1000, 'x'); }
        void stop() noexcept override {}
    };
    test_listener server({.stream_time = 50ms});
    server.handler.at("/endless",
                      [](auto&) { return http::response(200).body(std::make_shared<endless>()); });
    wire client(server.port());
    client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.rest().ends_with("\r\n0\r\n\r\n"));
    CHECK(server.handler.finished_requests(1).at(0).complete);
}

TEST_CASE("who does not take what a stream has to say is cut off") {
    streaming s({.send_stall = 50ms});
    for (int i = 0; i < 100; ++i) s.told->say(std::string(1'000'000, 'x'));
    wire client(s.server.port(), "127.0.0.1", 4096);
    client.send(ask);
    auto const done = s.outcome();
    CHECK_FALSE(done.complete);
    CHECK(done.bytes < 100'000'000);
    CHECK(s.server.becomes([](auto const& c) { return c.open == 0; }));
    CHECK(s.server.listener->counts().timed_out == 1);
    CHECK(s.told->asked < 100);  // a slow client holds the stream up
}

TEST_CASE("a listener that stops ends its streams at once, and well") {
    streaming s({.drain_time = 1h});
    s.told->say("one");
    wire client(s.server.port());
    client.send(ask);
    CHECK(client.until("one\r\n").ends_with("one\r\n"));
    auto const stopped = std::async(std::launch::async, [&] { s.server.listener->stop(); });
    CHECK(client.rest() == "0\r\n\r\n");
    stopped.wait();
    CHECK(s.outcome().complete);
    CHECK(s.server.listener->counts().open == 0);
}

TEST_CASE("a stream that does not end when it is told to is not waited for by its client") {
    class deaf final : public http::body_stream {
    public:
        explicit deaf(std::shared_ptr<script> s) : script_(std::move(s)) {}
        task<std::string> next() override {
            while (!script_->next_piece()) co_await script_->bell.wait(1h);
            co_return std::string();
        }
        void stop() noexcept override {}

    private:
        std::shared_ptr<script> script_;
    };
    streaming s({.drain_time = 50ms});
    s.server.handler.at(
        "/deaf", [&](auto&) { return http::response(200).body(std::make_shared<deaf>(s.told)); });
    wire client(s.server.port());
    client.send("GET /deaf HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(status_of(client.answer_head()) == 200);
    auto const stopped = std::async(std::launch::async, [&] { s.server.listener->stop(); });
    CHECK(client.rest().empty());
    // Like a handler it is never abandoned.
    CHECK(stopped.wait_for(0s) == std::future_status::timeout);
    s.told->end();
    stopped.wait();
    CHECK_FALSE(s.outcome().complete);
}

TEST_CASE("a stream passes through TLS, and hears its client go") {
    temp_dir folder;
    streaming s({}, make_certificate(folder.path(), "first"));
    {
        tls_client client(s.server.port());
        REQUIRE(client.connected());
        client.send(ask);
        CHECK(field_of(client.answer(), "Transfer-Encoding") == "chunked");
    }
    CHECK_FALSE(s.outcome().complete);
    CHECK(s.told->stopped);

    s.told->stopped = false;
    s.told->say("one");
    s.told->end();
    tls_client client(s.server.port());
    client.send(ask);
    CHECK(status_of(client.answer()) == 200);
    CHECK(s.server.handler.finished_requests(2).at(1).complete);
}

}  // namespace pilothouse::tests::streams_test
