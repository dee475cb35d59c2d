// Requests that could mean two things to two readers, or nothing: each gets its status and a
// reason, and what follows it on the connection is never answered (contracts: reliability 2.4).
#include "tests/integration/http/stand_in.hpp"
#include "tests/integration/http/wire.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::refused_requests_test {

namespace {

struct row {
    std::string why;
    unsigned status;
    std::string sent;
};

std::string get(std::string const& fields) { return "GET / HTTP/1.1\r\n" + fields + "\r\n"; }
std::string post(std::string const& fields, std::string const& body = {}) {
    return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}
std::string chunked(std::string const& body) {
    return post("Transfer-Encoding: chunked\r\n", body);
}
std::string target(std::string const& t) { return "GET " + t + " HTTP/1.1\r\nHost: a\r\n\r\n"; }
std::string version(std::string const& v) { return "GET / " + v + "\r\nHost: a\r\n\r\n"; }
std::string with_field(std::string const& line) { return get("Host: a\r\n" + line); }

std::string many(int count, std::string const& text) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
}

std::vector<row> const& request_lines() {
    static std::vector<row> const rows{
        {"no version", 400, "GET /\r\nHost: a\r\n\r\n"},
        {"only a method", 400, "GET\r\nHost: a\r\n\r\n"},
        {"no target", 400, "GET HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"two spaces", 400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"two spaces before the version", 400, "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"tab for a space", 400, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"space first", 400, " GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"space last", 400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"},
        {"space in the target", 400, target("/a b")},
        {"method not a token", 400, "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"method with a colon", 400, "GET: / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"empty method", 400, "/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"control byte in the method", 400, "G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a greeting in TLS", 400, std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)},
        {"a zero byte first", 400, std::string("\0GET / HTTP/1.1\r\n\r\n", 19)},
        {"bytes of no meaning", 400, "\xff\xfe\xfd"},
        {"version 0.9", 505, version("HTTP/0.9")},
        {"version 1.2", 505, version("HTTP/1.2")},
        {"version 2.0", 505, version("HTTP/2.0")},
        {"version 3.0", 505, version("HTTP/3.0")},
        {"version 9.9", 505, version("HTTP/9.9")},
        {"the opening of HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
        {"version without minor", 400, version("HTTP/1")},
        {"version with long minor", 400, version("HTTP/1.10")},
        {"version in lower case", 400, version("http/1.1")},
        {"another protocol", 400, version("HTTPS/1.1")},
        {"another protocol, same length", 400, version("ICAP/1.0")},
        {"version with a space", 400, version("HTTP/ 1.1")},
        {"version with a letter", 400, version("HTTP/1.x")},
        {"version 1.1 with bare LF", 400, "GET / HTTP/1.1\nHost: a\n\n"},
        {"bare CR ends the line", 400, "GET / HTTP/1.1\rHost: a\r\n\r\n"},
        {"bare LF before the request", 400, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"tunnel", 501, "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"},
    };
    return rows;
}

std::vector<row> const& targets() {
    static std::vector<row> const rows{
        {"raw byte 0xff", 400, target("/\xff")},
        {"raw UTF-8", 400, target("/\xc3\xa4")},
        {"raw byte in the query", 400, target("/?q=\x80")},
        {"fragment", 400, target("/a#b")},
        {"fragment in the query", 400, target("/?a#b")},
        {"zero byte", 400, target(std::string("/\0", 2))},
        {"delete byte", 400, target("/\x7f")},
        {"control byte", 400, target("/\x01")},
        {"no slash", 400, target("a")},
        {"backslash first", 400, target("\\a")},
        {"asterisk for a GET", 400, target("*")},
        {"asterisk for OPTIONS", 501, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"authority form", 400, target("a:80")},
        {"another scheme", 400, target("ftp://a/")},
        {"scheme without slashes", 400, target("http:/a")},
        {"absolute without a host", 400, target("http:///x")},
        {"absolute with another host", 400, target("http://b/")},
        {"absolute with another port", 400, target("http://a:81/")},
        {"absolute with a user", 400, target("http://u@a/")},
        {"absolute with a user and password", 400, target("http://u:p@a/")},
        {"absolute that only begins alike", 400, target("http://a.b/")},
        {"absolute with a raw byte", 400, target("http://a/\xff")},
        {"too long", 414, target("/" + std::string(9000, 'x'))},
        {"too long and never ending", 414, "GET /" + std::string(16384, 'x')},
        {"a method without end", 414, std::string(9000, 'G')},
    };
    return rows;
}

std::vector<row> const& fields() {
    static std::vector<row> const rows{
        {"no Host", 400, get("")},
        {"empty Host", 400, get("Host:\r\n")},
        {"blank Host", 400, get("Host: \r\n")},
        {"two Hosts", 400, get("Host: a\r\nHost: b\r\n")},
        {"two equal Hosts", 400, get("Host: a\r\nHost: a\r\n")},
        {"two Hosts in either case", 400, get("Host: a\r\nhOST: a\r\n")},
        {"two Hosts in HTTP/1.0", 400, "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"},
        {"a list of Hosts", 400, get("Host: a, b\r\n")},
        {"a list without a space", 400, get("Host: a,b\r\n")},
        {"Host with a user", 400, get("Host: u@a\r\n")},
        {"Host with a path", 400, get("Host: a/b\r\n")},
        {"Host with a query", 400, get("Host: a?b\r\n")},
        {"Host with a scheme", 400, get("Host: http://a\r\n")},
        {"Host with a space", 400, get("Host: a b\r\n")},
        {"Host with a raw byte", 400, get("Host: \xe4\r\n")},
        {"Host with a percent sign", 400, get("Host: a%00b\r\n")},
        {"Host of a port alone", 400, get("Host: :80\r\n")},
        {"Host with a port of letters", 400, get("Host: a:http\r\n")},
        {"Host with two ports", 400, get("Host: a:80:81\r\n")},
        {"Host with a long port", 400, get("Host: a:123456\r\n")},
        {"open bracket", 400, get("Host: [::1\r\n")},
        {"empty brackets", 400, get("Host: []\r\n")},
        {"letters in brackets", 400, get("Host: [host]\r\n")},
        {"text behind brackets", 400, get("Host: [::1]x\r\n")},
        {"space before the colon", 400, get("Host : a\r\n")},
        {"tab before the colon", 400, get("Host\t: a\r\n")},
        {"space before the first name", 400, get(" Host: a\r\n")},
        {"tab before the first name", 400, get("\tHost: a\r\n")},
        {"folded value", 400, with_field("X: a\r\n b\r\n")},
        {"folded with a tab", 400, with_field("X: a\r\n\tb\r\n")},
        {"folded and empty", 400, with_field("X:\r\n \r\n")},
        {"folded Transfer-Encoding", 400, post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n")},
        {"folded Content-Length", 400, post("Content-Length:\r\n 0\r\n")},
        {"folded Host", 400, get("Host: a\r\n b\r\n")},
        {"no colon", 400, with_field("X\r\n")},
        {"empty name", 400, with_field(": x\r\n")},
        {"name with a space", 400, with_field("X Y: z\r\n")},
        {"name with a bracket", 400, with_field("X(Y: z\r\n")},
        {"name with a raw byte", 400, with_field("X\xffY: z\r\n")},
        {"name with a zero byte", 400, with_field(std::string("X\0: y\r\n", 7))},
        {"value with a zero byte", 400, with_field(std::string("X: a\0b\r\n", 8))},
        {"value with a control byte", 400, with_field("X: a\x01z\r\n")},
        {"value with a delete byte", 400, with_field("X: a\x7fz\r\n")},
        {"value with a bare CR", 400, with_field("X: a\rb\r\n")},
        {"value with two CRs", 400, with_field("X: a\r\r\n")},
        {"bare LF between fields", 400, get("Host: a\nX: b\r\n")},
        {"bare LF at the end", 400, "GET / HTTP/1.1\r\nHost: a\r\n\n"},
        {"bare CR at the end", 400, "GET / HTTP/1.1\r\nHost: a\r\n\rX: y\r\n\r\n"},
        {"Connection that is no list", 400, with_field("Connection: a b\r\n")},
        {"unknown expectation", 417, with_field("Expect: 200-ok\r\n")},
        {"empty expectation", 417, with_field("Expect:\r\n")},
        {"two expectations", 417, with_field("Expect: 100-continue, x\r\n")},
        {"an unknown one among two", 417, with_field("Expect: 100-continue\r\nExpect: x\r\n")},
        {"expectation with a parameter", 417, with_field("Expect: 100-continue;q=1\r\n")},
        {"one field too many", 431, with_field(many(100, "X: y\r\n"))},
        {"a value too large", 431, with_field("X: " + std::string(17000, 'x') + "\r\n")},
        {"a name too long", 431, with_field(std::string(17000, 'x') + ": y\r\n")},
        {"a header without end", 431, "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(16384, 'x')},
    };
    return rows;
}

std::vector<row> const& framing() {
    static std::vector<row> const rows{
        {"both lengths", 400,
         post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
        {"both lengths, the other way", 400,
         post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n")},
        {"length and an unknown coding", 400,
         post("Content-Length: 5\r\nTransfer-Encoding: xchunked\r\n", "hello")},
        {"length and an empty coding", 400,
         post("Content-Length: 5\r\nTransfer-Encoding:\r\n", "hello")},
        {"two lengths", 400, post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!")},
        {"two equal lengths", 400, post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")},
        {"a list of equal lengths", 400, post("Content-Length: 5, 5\r\n", "hello")},
        {"a list of lengths", 400, post("Content-Length: 5,6\r\n", "hello!")},
        {"a list with nothing behind", 400, post("Content-Length: 5,\r\n", "hello")},
        {"negative length", 400, post("Content-Length: -1\r\n")},
        {"positive length", 400, post("Content-Length: +5\r\n", "hello")},
        {"hexadecimal length", 400, post("Content-Length: 0x5\r\n", "hello")},
        {"length of letters", 400, post("Content-Length: five\r\n", "hello")},
        {"length with a fraction", 400, post("Content-Length: 5.0\r\n", "hello")},
        {"length with an exponent", 400, post("Content-Length: 1e1\r\n", "hello")},
        {"length with a space inside", 400, post("Content-Length: 1 0\r\n", "hello")},
        {"length with an underscore", 400, post("Content-Length: 1_0\r\n", "hello")},
        {"quoted length", 400, post("Content-Length: \"5\"\r\n", "hello")},
        {"empty length", 400, post("Content-Length:\r\n")},
        {"length past 64 bits", 400, post("Content-Length: 18446744073709551616\r\n")},
        {"length far past 64 bits", 400, post("Content-Length: " + std::string(40, '9') + "\r\n")},
        {"unknown coding", 501, post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")},
        {"identity", 501, post("Transfer-Encoding: identity\r\n", "0\r\n\r\n")},
        {"gzip", 501, post("Transfer-Encoding: gzip\r\n", "0\r\n\r\n")},
        {"chunked behind gzip", 400, post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")},
        {"chunked before identity", 400,
         post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")},
        {"chunked twice", 400, post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n")},
        {"chunked in two fields", 400,
         post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
        {"another coding, then chunked", 400,
         post("Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
        {"chunked, then another coding", 400,
         post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", "0\r\n\r\n")},
        {"nothing, then chunked", 400, post("Transfer-Encoding: ,chunked\r\n", "0\r\n\r\n")},
        {"chunked, then nothing", 400, post("Transfer-Encoding: chunked,\r\n", "0\r\n\r\n")},
        {"empty coding", 400, post("Transfer-Encoding:\r\n", "0\r\n\r\n")},
        {"quoted coding", 400, post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n")},
        {"coding with a parameter", 400, post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n")},
        {"vertical tab before the coding", 400,
         post("Transfer-Encoding: \x0b"
              "chunked\r\n",
              "0\r\n\r\n")},
        {"zero byte behind the coding", 400,
         post(std::string("Transfer-Encoding: chunked\0\r\n", 29), "0\r\n\r\n")},
        {"space before the coding's colon", 400,
         post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")},
        {"chunks in HTTP/1.0", 400,
         "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    };
    return rows;
}

std::vector<row> const& chunks() {
    static std::vector<row> const rows{
        {"no size", 400, chunked("\r\nhello\r\n0\r\n\r\n")},
        {"size of no digit", 400, chunked("g\r\nhello\r\n0\r\n\r\n")},
        {"negative size", 400, chunked("-5\r\nhello\r\n0\r\n\r\n")},
        {"positive size", 400, chunked("+5\r\nhello\r\n0\r\n\r\n")},
        {"size with 0x", 400, chunked("0x5\r\nhello\r\n0\r\n\r\n")},
        {"space before the size", 400, chunked(" 5\r\nhello\r\n0\r\n\r\n")},
        {"text behind the size", 400, chunked("5 5\r\nhello\r\n0\r\n\r\n")},
        {"size past 64 bits", 400, chunked("10000000000000005\r\nhello\r\n0\r\n\r\n")},
        {"size of many zeros and more", 400, chunked("fffffffffffffffff\r\nhello\r\n0\r\n\r\n")},
        {"bare LF behind the size", 400, chunked("5\nhello\r\n0\r\n\r\n")},
        {"bare CR behind the size", 400, chunked("5\rhello\r\n0\r\n\r\n")},
        {"bare LF behind an extension", 400, chunked("5;a\nhello\r\n0\r\n\r\n")},
        {"bare CR in an extension", 400, chunked("5;a\rb\r\nhello\r\n0\r\n\r\n")},
        {"data too short", 400, chunked("5\r\nhell\r\n0\r\n\r\n")},
        {"data too long", 400, chunked("5\r\nhello!\r\n0\r\n\r\n")},
        {"no CRLF behind the data", 400, chunked("5\r\nhello0\r\n\r\n")},
        {"bare LF behind the data", 400, chunked("5\r\nhello\n0\r\n\r\n")},
        {"extension that is none", 400, chunked("5;\x01\r\nhello\r\n0\r\n\r\n")},
        {"unquoted extension", 400, chunked("5;a=\"b\r\nhello\r\n0\r\n\r\n")},
        {"one long extension", 400,
         chunked("5;a=" + std::string(1024, 'b') + "\r\nhello\r\n0\r\n\r\n")},
        {"one long extension without end", 400, chunked("5;a=" + std::string(4096, 'b'))},
        {"many small extensions", 400, chunked(many(300, "1;a=b\r\nx\r\n") + "0\r\n\r\n")},
        {"long extension of the last chunk", 400,
         chunked("0;a=" + std::string(1024, 'b') + "\r\n\r\n")},
        {"trailer without a colon", 400, chunked("0\r\nX\r\n\r\n")},
        {"trailer with a space in its name", 400, chunked("0\r\nX Y: z\r\n\r\n")},
        {"trailer with a length", 400, chunked("0\r\nContent-Length: 5\r\n\r\n")},
        {"folded trailer", 400, chunked("0\r\nX: a\r\n b\r\n\r\n")},
        {"trailer without end", 400, chunked("0\r\nX: " + std::string(17000, 'x'))},
    };
    return rows;
}

}  // namespace

TEST_CASE("a malformed request is refused once, with a reason, and nothing after it is answered") {
    test_listener server;
    std::vector<row> all;
    for (auto const* rows : {&request_lines(), &targets(), &fields(), &framing(), &chunks()}) {
        all.insert(all.end(), rows->begin(), rows->end());
    }
    REQUIRE(all.size() >= 120);
    for (row const& r : all) {
        CAPTURE(r.why);
        wire client(server.port());
        client.send(r.sent + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        auto const answer = client.answer();
        CHECK(status_of(answer) == r.status);
        CHECK(body_of(answer).find(": ") != std::string::npos);
        CHECK(field_of(answer, "Connection") == "close");
        CHECK(field_of(answer, "Allow").find("GET") == (r.status == 405 ? 0 : std::string::npos));
        client.end_output();
        CHECK(client.rest().empty());
    }
    for (auto const& request : server.handler.finished_requests(all.size())) {
        CHECK(request.path != "/smuggled");
        CHECK(request.status >= 400);
    }
}

TEST_CASE("a malformed request is refused in the same way however its bytes arrive") {
    test_listener server;
    for (auto const* rows : {&request_lines(), &framing(), &chunks()}) {
        for (row const& r : *rows) {
            if (r.sent.size() > 200) continue;
            CAPTURE(r.why);
            wire client(server.port());
            for (char const c : r.sent) client.send({&c, 1});
            client.end_output();
            CHECK(status_of(client.answer()) == r.status);
            CHECK(client.rest().empty());
        }
    }
}

}  // namespace pilothouse::tests::refused_requests_test
