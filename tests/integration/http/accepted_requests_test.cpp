// Requests in good order, whole and cut everywhere.
#include "tests/integration/http/stand_in.hpp"
#include "tests/integration/http/wire.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::accepted_requests_test {

namespace {

struct row {
    std::string sent;
    std::string understood;
};

std::vector<row> const& good_requests() {
    static std::vector<row> const rows{
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / host=a body=0:"},
        {"GET /a/b?c=d&e HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a/b?c=d&e host=a body=0:"},
        {"GET /? HTTP/1.1\r\nHost: a\r\n\r\n", "GET / host=a body=0:"},
        {"GET /a??b HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a??b host=a body=0:"},
        {"GET //x HTTP/1.1\r\nHost: a\r\n\r\n", "GET //x host=a body=0:"},
        {"GET /%ff%00 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%ff%00 host=a body=0:"},
        {"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / host=a body=0:"},
        {"\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / host=a body=0:"},
        {"GET / HTTP/1.1\r\nHost:a\r\n\r\n", "GET / host=a body=0:"},
        {"GET / HTTP/1.1\r\nHost: \t a \t\r\n\r\n", "GET / host=a body=0:"},
        {"GET / HTTP/1.1\r\nhOsT: a.example:8080\r\n\r\n", "GET / host=a.example:8080 body=0:"},
        {"GET / HTTP/1.1\r\nHost: a:\r\n\r\n", "GET / host=a: body=0:"},
        {"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "GET / host=[::1]:80 body=0:"},
        {"GET / HTTP/1.1\r\nHost: [::ffff:1.2.3.4]\r\n\r\n", "GET / host=[::ffff:1.2.3.4] body=0:"},
        {"GET / HTTP/1.1\r\nHost: under_score\r\n\r\n", "GET / host=under_score body=0:"},
        {"GET http://a/b?c HTTP/1.1\r\nHost: a\r\n\r\n", "GET /b?c host=a body=0:"},
        {"GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", "GET / host=a body=0:"},
        {"GET http://a?q HTTP/1.1\r\nHost: a\r\n\r\n", "GET /?q host=a body=0:"},
        {"GET HTTPS://A:1/ HTTP/1.1\r\nHost: a:1\r\n\r\n", "GET / host=a:1 body=0:"},
        {"GET /keep HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET /keep host= body=0:"},
        {"GET / HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n", "GET / host=a body=0:"},
        {"get / HTTP/1.1\r\nHost: a\r\n\r\n", "get / host=a body=0:"},
        {"BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n", "BREW /pot host=a body=0:"},
        {"GET / HTTP/1.1\r\nHost: a\r\nX:\r\nY: \xe4\xff\r\n\r\n", "GET / host=a body=0:"},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n",
         "GET / host=a body=0:"},
        {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
         "GET / host=a body=5:hello"},
        {"POST / HTTP/1.1\r\nHost: a\r\n\r\n", "POST / host=a body=0:"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "POST / host=a body=0:"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 00005\r\n\r\nhello",
         "POST / host=a body=5:hello"},
        {"POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nabc",
         "POST / host= body=3:abc"},
        {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 0\r\n\r\n",
         "POST / host=a body=0:"},
        {"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n",
         "PUT / host=a body=0:"},
        {"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n000\r\n\r\n",
         "PUT / host=a body=0:"},
        {"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
         "5\r\nhello\r\n1\r\n \r\n0005\r\nworld\r\n0\r\n\r\n",
         "PUT / host=a body=11:hello world"},
        {"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
         "A\r\n0123456789\r\na;n=v;q=\"x y\"\r\n0123456789\r\n0;last\r\n\r\n",
         "PUT / host=a body=20:01234567890123456789"},
        {"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
         "4\r\n0\r\n\r\r\n0\r\n\r\n",
         "PUT / host=a body=4:0\r\n\r"},
        {"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n"
         "1\r\nx\r\n0\r\nX: y\r\nHost: b\r\n\r\n",
         "PUT / host=a body=1:x"},
    };
    return rows;
}

}  // namespace

TEST_CASE("a request in good order is understood") {
    test_listener server;
    for (row const& r : good_requests()) {
        CAPTURE(r.sent);
        wire client(server.port());
        client.send(r.sent);
        auto const answer = client.answer();
        CHECK(status_of(answer) == 200);
        CHECK(body_of(answer) == r.understood);
    }
}

TEST_CASE("where a request is cut on the wire changes nothing") {
    test_listener server;
    for (row const& r : good_requests()) {
        CAPTURE(r.sent);
        wire client(server.port());
        for (std::size_t cut = 1; cut < r.sent.size(); ++cut) {
            CAPTURE(cut);
            client.send(std::string_view(r.sent).substr(0, cut));
            client.send(std::string_view(r.sent).substr(cut));
            REQUIRE(body_of(client.answer()) == r.understood);
        }
        for (char const c : r.sent) client.send({&c, 1});
        CHECK(body_of(client.answer()) == r.understood);
    }
}

TEST_CASE("pipelined requests are answered in order, bodies and all") {
    test_listener server;
    std::string sent;
    for (row const& r : good_requests()) sent += r.sent;
    wire client(server.port());
    SUBCASE("sent at once") { client.send(sent); }
    SUBCASE("sent byte by byte") {
        for (char const c : sent) client.send({&c, 1});
    }
    for (row const& r : good_requests()) {
        CAPTURE(r.sent);
        CHECK(body_of(client.answer()) == r.understood);
    }
    CHECK(client.stands_silent());
}

TEST_CASE("many pipelined requests pass through a small buffer") {
    test_listener server({.header_bytes = 256});
    std::string sent;
    for (int i = 0; i < 500; ++i) {
        auto const number = std::to_string(i);
        sent += "PUT /" + number + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
                "3\r\nabc\r\n0\r\n\r\nGET /" + number + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }
    wire client(server.port());
    client.send(sent);
    for (int i = 0; i < 500; ++i) {
        auto const number = std::to_string(i);
        REQUIRE(body_of(client.answer()) == "PUT /" + number + " host=a body=3:abc");
        REQUIRE(body_of(client.answer()) == "GET /" + number + " host=a body=0:");
    }
}

TEST_CASE("a header of exactly the limit is taken, one byte more is not") {
    test_listener server({.header_bytes = 1000});
    std::string const around = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n";
    for (std::size_t const size : std::vector<std::size_t>{999, 1000, 1001}) {
        CAPTURE(size);
        wire client(server.port());
        client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(size - around.size(), 'x') +
                    "\r\n\r\n");
        CHECK(status_of(client.answer()) == (size <= 1000 ? 200 : 431));
    }
}

}  // namespace pilothouse::tests::accepted_requests_test
