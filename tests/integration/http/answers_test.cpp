// What an answer looks like on the wire: framing, the connection's own fields, large bodies.
#include "base/clock.hpp"
#include "base/descriptor.hpp"
#include "tests/integration/http/stand_in.hpp"
#include "tests/integration/http/wire.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <fstream>
#include <set>
#include <stdexcept>

namespace pilothouse::tests::answers_test {

namespace {

std::string request(std::string const& method, std::string const& path,
                    std::string const& fields = {}) {
    return method + ' ' + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

// Bytes that tell their place.
std::string pattern(std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<char>('a' + i % 23 + i / 4096 % 3);
    return bytes;
}

// Answers /pieces, /text and /file with the same bytes in each of the three forms.
class three_bodies {
public:
    three_bodies(stand_in& handler, std::size_t size) : content(pattern(size)) {
        auto const path = (folder_.path() / "file").string();
        std::ofstream(path) << "skipped" << content << "beyond";
        file_ = std::make_shared<descriptor>(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        handler.at("/text", [this](auto&) { return http::response(200).body(content); });
        handler.at("/pieces", [this](auto&) { return http::response(200).body(pieces()); });
        handler.at("/file", [this](auto&) {
            return http::response(200).body(http::file_body{
                .owner = file_, .descriptor = file_->get(), .offset = 7, .length = content.size()});
        });
    }

    std::string const content;
    [[nodiscard]] long owners() const { return file_.use_count(); }

private:
    [[nodiscard]] std::vector<shared_bytes> pieces() const {
        auto const whole = std::make_shared<std::string const>(content);
        std::vector<shared_bytes> cut;
        for (std::size_t at = 0, size = 1; at < whole->size(); at += size, size = size * 5 % 9973) {
            cut.emplace_back(whole, std::string_view(*whole).substr(at, size));
            cut.emplace_back();  // an empty piece is no end
        }
        return cut;
    }

    temp_dir folder_;
    std::shared_ptr<descriptor> file_;
};

}  // namespace

TEST_CASE("what an answer came of is for the log alone") {
    test_listener server;
    server.handler.at("/busy", [](auto&) {
        auto answer = http::response(503).body("try again");
        answer.because("the files pool is full");
        return answer;
    });
    wire client(server.port());
    client.send("GET /busy HTTP/1.1\r\nHost: a\r\n\r\nGET /fine HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.answer().find("pool") == std::string::npos);
    CHECK(status_of(client.answer()) == 200);
    auto const done = server.handler.finished_requests(2);
    REQUIRE(done.size() == 2);
    CHECK(done[0].failure == "the files pool is full");
    CHECK(done[1].failure.empty());
}

TEST_CASE("an answer has a date, a length, and the request's id") {
    test_listener server;
    server.handler.at("/x", [](auto&) {
        return http::response(201).header("X-Own", "1").body(std::string("hello"));
    });
    wire client(server.port());
    client.send(request("GET", "/x"));
    auto const answer = client.answer();
    CHECK(answer.starts_with("HTTP/1.1 201 Created\r\nX-Own: 1\r\n"));
    CHECK(field_of(answer, "Content-Length") == "5");
    CHECK(field_of(answer, "Connection") == "(none)");
    CHECK(field_of(answer, "X-Request-Id").size() == 32);
    CHECK(from_http_date(field_of(answer, "Date")).has_value());
    CHECK(body_of(answer) == "hello");
}

TEST_CASE("HEAD, 204 and 304 have no body, and the length that the body would have") {
    test_listener server;
    auto const answering = [](unsigned status, std::string const& body) {
        return [=](auto&) { return http::response(status).body(body); };
    };
    server.handler.at("/200", answering(200, "hello"));
    server.handler.at("/204", answering(204, ""));
    server.handler.at("/204-with", answering(204, "hello"));
    server.handler.at("/304", answering(304, ""));
    server.handler.at("/304-with", answering(304, "hello"));
    server.handler.at("/404", answering(404, "gone"));
    struct row {
        char const* method;
        char const* path;
        unsigned status;
        char const* length;
    };
    wire client(server.port());
    for (row const& r : std::vector<row>{{"HEAD", "/200", 200, "5"},
                                         {"HEAD", "/404", 404, "4"},
                                         {"HEAD", "/204", 204, "(none)"},
                                         {"HEAD", "/304", 304, "(none)"},
                                         {"GET", "/204", 204, "(none)"},
                                         {"GET", "/204-with", 204, "(none)"},
                                         {"GET", "/304", 304, "(none)"},
                                         {"GET", "/304-with", 304, "5"}}) {
        CAPTURE(r.method);
        CAPTURE(r.path);
        client.send(request(r.method, r.path));
        auto const head = client.answer_head();
        CHECK(status_of(head) == r.status);
        CHECK(field_of(head, "Content-Length") == r.length);
        // Had a body followed, it would stand before the next answer.
        client.send(request("GET", "/200"));
        CHECK(body_of(client.answer()) == "hello");
    }
}

TEST_CASE("a connection stays or ends as version and Connection field say") {
    test_listener server;
    server.handler.at("/close", [](auto&) { return http::response(200).close(); });
    struct row {
        std::string sent;
        char const* connection;
        bool stays;
    };
    for (row const& r : std::vector<row>{
             {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "(none)", true},
             {"GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", "(none)", true},
             {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "close", false},
             {"GET / HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE\r\n\r\n", "close", false},
             {"GET /close HTTP/1.1\r\nHost: a\r\n\r\n", "close", false},
             {"GET / HTTP/1.0\r\n\r\n", "close", false},
             {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "keep-alive", true}}) {
        CAPTURE(r.sent);
        wire client(server.port());
        client.send(r.sent);
        auto const answer = client.answer();
        CHECK(status_of(answer) == 200);
        CHECK(field_of(answer, "Connection") == r.connection);
        if (r.stays) {
            client.send(r.sent);
            CHECK(status_of(client.answer()) == 200);
        } else {
            CHECK(client.ends());
        }
    }
}

TEST_CASE("a client's request id is repeated if it is harmless, else replaced") {
    test_listener server;
    wire client(server.port());
    std::string const longest(64, 'x');
    for (std::string const& id : {std::string("a"), std::string("A-9_z.Z"), longest}) {
        client.send(request("GET", "/", "X-Request-Id: " + id + "\r\n"));
        CHECK(field_of(client.answer(), "X-Request-Id") == id);
    }
    std::set<std::string> made;
    std::vector<std::string> const bad{"", "a b", "a\"b", "a;b", "<a>", "\xe4", longest + "x"};
    for (std::string const& id : bad) {
        client.send(request("GET", "/", "X-Request-Id: " + id + "\r\n"));
        made.insert(field_of(client.answer(), "X-Request-Id"));
    }
    CHECK(made.size() == bad.size());
    for (std::string const& id : made) CHECK(id.size() == 32);
}

TEST_CASE("bodies in one piece, in many and from a file arrive whole, at every size") {
    test_listener server;
    for (std::size_t const size : std::vector<std::size_t>{0, 1, 4095, 65'537, 3'000'001}) {
        three_bodies const bodies(server.handler, size);
        for (char const* path : {"/text", "/pieces", "/file"}) {
            CAPTURE(path);
            CAPTURE(size);
            wire client(server.port(), "127.0.0.1", 4096);
            client.send(request("GET", path) + request("HEAD", path) + request("GET", path));
            REQUIRE(body_of(client.answer()) == bodies.content);
            REQUIRE(field_of(client.answer_head(), "Content-Length") == std::to_string(size));
            REQUIRE(body_of(client.answer()) == bodies.content);
            client.end_output();
            CHECK(client.ends());
        }
        CHECK(server.becomes([](auto const& c) { return c.open == 0; }));
        CHECK(bodies.owners() == 1);
        for (auto const& r : server.handler.finished_requests(0)) CHECK(r.complete);
    }
}

TEST_CASE("a file that became shorter ends the connection, not the body") {
    test_listener server;
    temp_dir const folder;
    auto const path = (folder.path() / "file").string();
    std::ofstream(path) << "short";
    auto const file = std::make_shared<descriptor>(::open(path.c_str(), O_RDONLY));
    server.handler.at("/file", [&](auto&) {
        return http::response(200).body(
            http::file_body{.owner = file, .descriptor = file->get(), .offset = 0, .length = 1000});
    });
    wire client(server.port());
    client.send(request("GET", "/file") + request("GET", "/"));
    auto const all = client.rest();
    CHECK(body_of(all) == "short");
    auto const finished = server.handler.finished_requests(1);
    REQUIRE(finished.size() == 1);
    CHECK_FALSE(finished[0].complete);
    CHECK(finished[0].bytes == 5);
}

TEST_CASE("an exception of the handler is worded, and its text stays in the house") {
    test_listener server;
    server.handler.at("/bug", [](auto&) -> http::response { throw std::logic_error("secret"); });
    server.handler.at("/full", [](auto&) -> http::response { throw storage_full{"disk sda1"}; });
    server.handler.at("/odd", [](auto&) -> http::response { throw 42; });
    struct row {
        char const* path;
        unsigned status;
        char const* failure;
    };
    wire client(server.port());
    std::vector<row> const rows{{"/bug", 500, "secret"},
                                {"/full", 507, "disk sda1"},
                                {"/odd", 500, "an exception of unknown type"}};
    for (row const& r : rows) {
        CAPTURE(r.path);
        client.send(request("GET", r.path));
        auto const answer = client.answer();
        CHECK(status_of(answer) == r.status);
        CHECK(answer.find(r.failure) == std::string::npos);
    }
    auto const finished = server.handler.finished_requests(rows.size());
    REQUIRE(finished.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) CHECK(finished[i].failure == rows[i].failure);
}

TEST_CASE("what was sent of an answer is told when the client goes away") {
    test_listener server;
    three_bodies const bodies(server.handler, 20'000'000);
    for (char const* path : {"/text", "/pieces", "/file"}) {
        wire client(server.port(), "127.0.0.1", 4096);
        client.send(request("GET", path));
        CHECK(status_of(client.answer_head()) == 200);
        client.reset();
    }
    for (auto const& r : server.handler.finished_requests(3)) {
        CHECK_FALSE(r.complete);
        CHECK(r.bytes < bodies.content.size());
    }
    CHECK(server.becomes([](auto const& c) { return c.open == 0; }));
    CHECK(bodies.owners() == 1);
}

TEST_CASE("IPv6 is served, and with it IPv4 where the address is any") {
    for (char const* client_address : {"::1", "127.0.0.1"}) {
        test_listener server({}, 2, {}, "::");
        server.handler.at(
            "/peer", [](auto const& x) { return http::response(200).body(std::string(x.peer)); });
        wire client(server.port(), client_address);
        client.send(request("GET", "/peer"));
        CHECK(body_of(client.answer()) == client_address);
    }
}

TEST_CASE("an address that cannot be had is a failure that names it") {
    test_listener first;
    stand_in handler;
    runtime cores(1);
    struct row {
        http::listen_address where;
        char const* says;
    };
    for (row const& r : std::vector<row>{{{"127.0.0.1", first.port()}, "another program"},
                                         {{"192.0.2.1", 0}, "no such address"},
                                         {{"not.a.name.invalid", 0}, "not.a.name.invalid"}}) {
        auto const started = http::listener::start(r.where, std::nullopt, {}, cores, handler);
        REQUIRE(started.has_error());
        CHECK(started.error().code == errc::unavailable);
        CHECK(started.error().detail.find(r.says) != std::string::npos);
        CHECK(started.error().detail.find(r.where.address) != std::string::npos);
    }
}

}  // namespace pilothouse::tests::answers_test
