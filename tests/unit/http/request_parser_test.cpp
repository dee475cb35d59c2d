#include "server/http/request_parser.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pilothouse::tests::request_parser_test {

using http::request_parser;
using progress = request_parser::progress;

namespace {

// What a parser made of a whole connection's bytes, one line a request.
std::string understood(request_parser& parser, std::string_view received, std::size_t step) {
    std::string all;
    std::size_t begin = 0;  // of the request
    while (begin < received.size()) {
        parser.restart();
        auto state = progress::incomplete;
        std::size_t end = begin;
        while (state == progress::incomplete && end < received.size()) {
            end = std::min(end + step, received.size());
            state = parser.read_head(received.substr(begin, end - begin));
        }
        if (state == progress::incomplete) return all + "incomplete\n";
        if (state == progress::refused) {
            return all + std::to_string(parser.refused().status) + "\n";
        }
        auto const& head = parser.head();
        all += std::string(head.method_text) + " " + std::string(head.path);
        begin += parser.head_bytes();
        bool done = !head.has_body();
        std::string body;
        while (!done) {
            // More is shown to the parser only when it can do nothing with what is there.
            if (begin < end) {
                auto const piece = parser.read_body(received.substr(begin, end - begin));
                if (!piece) return all + " " + std::string(name_of(piece.error().code)) + "\n";
                body += piece->data;
                begin += piece->consumed;
                done = piece->last;
                if (done || piece->consumed > 0) continue;
            }
            if (end == received.size()) return all + " incomplete\n";
            end = std::min(end + step, received.size());
        }
        all += " [" + body + "]\n";
    }
    return all;
}

}  // namespace

TEST_CASE("where bytes are cut changes nothing in what a parser understands") {
    struct row {
        std::string received;
        std::string expected;
    };
    std::string const get = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
    std::string const chunked = "PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    std::vector<row> const rows{
        {get, "GET /a []\n"},
        {"\r\n\r\n" + get + "\r\n" + get, "GET /a []\nGET /a []\n"},
        {"PUT /l HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc" + get,
         "PUT /l [abc]\nGET /a []\n"},
        {chunked + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n" + get, "PUT /c [abcde]\nGET /a []\n"},
        {chunked + "0\r\n\r\n" + get, "PUT /c []\nGET /a []\n"},
        {chunked + "00\r\nX: y\r\n\r\n" + get, "PUT /c []\nGET /a []\n"},
        {chunked + "0;a=\"b\r\n\r\n" + get, "PUT /c invalid_request\n"},
        {chunked + "1;a=\"b\r\nx\r\n0\r\n\r\n" + get, "PUT /c invalid_request\n"},
        {chunked + "1\r\n0x\r\n0\r\n\r\n", "PUT /c invalid_request\n"},
        {chunked + "0x\r\n\r\n", "PUT /c invalid_request\n"},
        {chunked + "0\r\nContent-Length: 1\r\n\r\n", "PUT /c invalid_request\n"},
        {chunked + "3\r\nab", "PUT /c incomplete\n"},
        {"GET /a HTTP/1.1\r\nHost: h\r\n", "incomplete\n"},
        {"GET /a HTTP/1.1\nHost: h\r\n\r\n", "400\n"},
        {"GET /a HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n", "400\n"},
        {"GET /" + std::string(300, 'a'), "414\n"},
        {"GET /" + std::string(190, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", "414\n"},
        {std::string(150, 'G') + " / HTTP/1.1\r\nHost: h\r\n\r\n",
         std::string(150, 'G') + " / []\n"},
        {"GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(1000, 'a'), "431\n"},
        {"GET / HTTP/2.0\r\n\r\n", "505\n"},
    };
    for (row const& r : rows) {
        CAPTURE(r.received);
        request_parser parser(
            {.header_bytes = 512, .target_bytes = 128, .chunk_extension_bytes = 16});
        auto const at_once = understood(parser, r.received, r.received.size());
        CHECK(at_once == r.expected);
        for (std::size_t step = 1; step < 40; ++step) {
            CAPTURE(step);
            CHECK(understood(parser, r.received, step) == at_once);
        }
    }
}

TEST_CASE("a parser is as new after restart, whatever came before") {
    request_parser parser({});
    parser.restart();
    REQUIRE(parser.read_head("PUT /x?y HTTP/1.0\r\nContent-Length: 5\r\n\r\n") ==
            progress::complete);
    CHECK_FALSE(parser.head().keep_alive);
    parser.restart();
    REQUIRE(parser.read_head("BREW / HTTP/1.1\r\nHost: h\r\n\r\n") == progress::complete);
    CHECK(parser.head().method == http::method::other);
    CHECK(parser.head().query.empty());
    CHECK_FALSE(parser.head().content_length.has_value());
    CHECK(parser.head().keep_alive);
    CHECK(parser.head().fields.size() == 1);
    parser.restart();
    REQUIRE(parser.read_head("nonsense\r\n\r\n") == progress::refused);
    parser.restart();
    CHECK(parser.read_head("GET / HTTP/1.1\r\nHost: h\r\n\r\n") == progress::complete);
}

TEST_CASE("extensions of all chunks count together") {
    struct row {
        int chunks;
        bool taken;
    };
    for (row const& r : {row{8, true}, row{9, false}}) {
        request_parser parser({.chunk_extension_bytes = 16});
        std::string received = "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (int i = 0; i < r.chunks; ++i) received += "1;a\r\nx\r\n";
        auto const text = understood(parser, received + "0\r\n\r\n", 7);
        CHECK((text == "PUT / [" + std::string(static_cast<std::size_t>(r.chunks), 'x') + "]\n") ==
              r.taken);
    }
}

TEST_CASE("as much as was understood of a refused request is told") {
    request_parser parser({});
    parser.restart();
    REQUIRE(parser.read_head("GET /seen HTTP/1.1\r\nHost: h\r\nExpect: x\r\n\r\n") ==
            progress::refused);
    CHECK(parser.refused().status == 417);
    CHECK(parser.head().method_text == "GET");
    CHECK(parser.head().path == "/seen");
    CHECK(parser.head().host == "h");
}

}  // namespace pilothouse::tests::request_parser_test
