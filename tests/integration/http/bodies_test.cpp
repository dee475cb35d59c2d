// Bodies as they arrive: invitations, limits, bodies that nobody wanted, clients that go away.
#include "tests/integration/http/stand_in.hpp"
#include "tests/integration/http/wire.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::bodies_test {

namespace {

std::string put(std::string const& path, std::string const& fields) {
    return "PUT " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}
std::string const next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr char const* invitation = "HTTP/1.1 100 Continue\r\n\r\n";

std::string chunk(std::string const& data) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string size;
    for (auto n = data.size(); n > 0; n /= 16) size.insert(0, 1, digits[n % 16]);
    return size + "\r\n" + data + "\r\n";
}

void ignore(stand_in& handler) {
    handler.at("/ignore", [](auto&) { return http::response(403).body(std::string("no")); });
}

}  // namespace

TEST_CASE("a client that waits for it is told to go on when the handler reads") {
    test_listener server;
    wire client(server.port());
    for (std::string const fields : {"Content-Length: 5\r\nExpect: 100-continue\r\n",
                                     "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n"}) {
        client.send(put("/", fields));
        CHECK(client.answer_head() == invitation);
        client.send(fields[0] == 'C' ? "hello" : "5\r\nhello\r\n0\r\n\r\n");
        CHECK(body_of(client.answer()) == "PUT / host=a body=5:hello");
    }
    client.send(next);
    CHECK(status_of(client.answer()) == 200);
}

TEST_CASE("a client that does not wait is not told") {
    test_listener server;
    wire client(server.port());
    client.send(put("/", "Content-Length: 5\r\nExpect: 100-continue\r\n") + "hello");
    CHECK(body_of(client.answer()) == "PUT / host=a body=5:hello");
}

TEST_CASE("HTTP/1.0 knows no interim answer") {
    test_listener server;
    wire client(server.port());
    client.send("PUT / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    CHECK(client.stands_silent());
    client.send("hello");
    CHECK(body_of(client.answer()) == "PUT / host= body=5:hello");
}

TEST_CASE("a refused body is not invited, and the connection ends") {
    test_listener server;
    ignore(server.handler);
    wire client(server.port());
    client.send(put("/ignore", "Content-Length: 5\r\nExpect: 100-continue\r\n"));
    auto const answer = client.answer();
    CHECK(status_of(answer) == 403);
    CHECK(field_of(answer, "Connection") == "close");
    client.end_output();
    CHECK(client.ends());
}

TEST_CASE(
    "a body past the handler's limit is refused, before it is read where its length is told") {
    test_listener server;
    struct row {
        std::string fields;
        std::string body;
        unsigned status;
    };
    for (row const& r : std::vector<row>{
             {"Content-Length: 10\r\n", "0123456789", 200},
             {"Content-Length: 11\r\n", "", 413},
             {"Content-Length: 11\r\nExpect: 100-continue\r\n", "", 413},
             {"Content-Length: 99999999999999\r\n", "", 413},
             {"Transfer-Encoding: chunked\r\n", chunk("0123456789") + "0\r\n\r\n", 200},
             {"Transfer-Encoding: chunked\r\n", chunk("0123456789") + chunk("0"), 413},
             {"Transfer-Encoding: chunked\r\n", chunk(std::string(5000, 'x')), 413}}) {
        CAPTURE(r.fields);
        wire client(server.port());
        client.send(put("/limit", r.fields) + r.body);
        auto const answer = client.answer();
        CHECK(status_of(answer) == r.status);
        CHECK(field_of(answer, "Connection") == (r.status == 200 ? "(none)" : "close"));
    }
}

TEST_CASE("a small body that nobody wanted is dropped, and the next request answered") {
    test_listener server({.unread_body_bytes = 1000});
    ignore(server.handler);
    std::string const body(1000, 'x');
    wire client(server.port());
    for (std::string const& sent :
         {put("/ignore", "Content-Length: 1000\r\n") + body,
          put("/ignore", "Transfer-Encoding: chunked\r\n") + chunk(body) + "0\r\n\r\n",
          put("/ignore", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n",
          put("/ignore", "Content-Length: 0\r\nExpect: 100-continue\r\n")}) {
        CAPTURE(sent);
        client.send(sent + next);
        CHECK(status_of(client.answer()) == 403);
        CHECK(body_of(client.answer()) == "GET /next host=a body=0:");
    }
    // And where the body comes after the answer.
    client.send(put("/ignore", "Content-Length: 1000\r\n"));
    CHECK(status_of(client.answer()) == 403);
    client.send(body + next);
    CHECK(body_of(client.answer()) == "GET /next host=a body=0:");
}

TEST_CASE("a large body that nobody wanted ends the connection, and the client reads the answer") {
    test_listener server({.unread_body_bytes = 1000});
    ignore(server.handler);
    std::string const body(4'000'000, 'x');
    for (std::string const& fields : {std::string("Content-Length: 4000000\r\n"),
                                      std::string("Transfer-Encoding: chunked\r\n")}) {
        CAPTURE(fields);
        wire client(server.port());
        client.send(put("/ignore", fields));
        // The client sends all of it before it looks at the answer, as most do.
        CHECK(client.send(fields[0] == 'C' ? body : chunk(body) + "0\r\n\r\n"));
        CHECK(status_of(client.answer()) == 403);
        client.send(next);
        client.end_output();
        CHECK(client.rest().empty());
    }
}

TEST_CASE("a body passes whole whatever its size and form") {
    test_listener server({.header_bytes = 1024});
    for (std::size_t const size :
         std::vector<std::size_t>{1, 1023, 1024, 65'535, 65'536, 65'537, 5'000'000}) {
        CAPTURE(size);
        std::string const body(size, 'x');
        auto const understood =
            "PUT / host=a body=" + std::to_string(size) + ":" + body.substr(0, 100);
        wire client(server.port());
        client.send(put("/", "Content-Length: " + std::to_string(size) + "\r\n") + body +
                    put("/", "Transfer-Encoding: chunked\r\n") + chunk(body) + "0\r\n\r\n" +
                    put("/", "Transfer-Encoding: chunked\r\n"));
        for (std::size_t at = 0; at < size; at += 700'001) {
            client.send(chunk(body.substr(at, 700'001)));
        }
        client.send("0\r\nX-Trailer: y\r\n\r\n" + next);
        for (int i = 0; i < 3; ++i) CHECK(body_of(client.answer()) == understood);
        CHECK(body_of(client.answer()) == "GET /next host=a body=0:");
    }
}

TEST_CASE("a client that goes away in mid-body is an invalid request to the handler") {
    test_listener server;
    for (std::string const& sent :
         {put("/", "Content-Length: 10\r\n") + "01234",
          put("/", "Content-Length: 10\r\nExpect: 100-continue\r\n"),
          put("/", "Transfer-Encoding: chunked\r\n") + "a\r\n01234",
          put("/", "Transfer-Encoding: chunked\r\n") + "5\r\n01234\r\n0\r\n"}) {
        wire client(server.port());
        client.send(sent);
        client.end_output();
        CHECK(status_of(client.until("connection ended before")) % 300 == 100);
    }
    wire(server.port()).send(put("/", "Content-Length: 10\r\n") + "01234");
    auto const finished = server.handler.finished_requests(5);
    REQUIRE(finished.size() == 5);
    for (auto const& r : finished) CHECK(r.status == 400);
    CHECK(server.becomes([](auto const& c) { return c.open == 0; }));
}

TEST_CASE("a client that goes away before its request is whole is nobody's business") {
    test_listener server;
    for (std::string const& sent : {std::string(), std::string("GET / HT"), std::string("\r\n")}) {
        wire client(server.port());
        client.send(sent);
        client.end_output();
        CHECK(client.ends());
    }
    CHECK(server.becomes([](auto const& c) { return c.open == 0; }));
    CHECK(server.handler.finished_requests(0).empty());
    CHECK(server.listener->counts().malformed == 0);
}

}  // namespace pilothouse::tests::bodies_test
