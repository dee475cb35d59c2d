#include "server/http/content_negotiation.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace pilothouse::tests::content_negotiation_test {

using namespace pilothouse::http;

TEST_CASE("gzip goes to those who ask for it") {
    for (std::string_view const header : {
             "gzip",
             "x-gzip",
             "GZip",
             "gzip, deflate, br",
             "deflate, gzip, br, zstd",
             "br;q=1.0, gzip;q=0.8, *;q=0.1",
             "gzip;q=0.001",
             "gzip ; q=0.5",
             "gzip;Q=1",
             "gzip;q=1.000",
             ",, gzip,,",
             "identity;q=0.5, gzip;q=0.5",
             "identity;q=0.5, gzip",
             "gzip;q=0.2, *;q=0.1",
             "gzip, gzip;q=0",
             "identity;q=0, *",
             "identity;q=0, *;q=0.3",
             "br, junk here, gzip",
         }) {
        CAPTURE(header);
        CHECK(prefers_gzip(header));
    }
}

TEST_CASE("everybody else gets the bytes as they are") {
    for (std::string_view const header : {
             "",
             " ",
             "identity",
             "deflate, br",
             "*",
             "*;q=0.5",
             "*;q=0",
             "gzip;q=0",
             "gzip;q=0.",
             "gzip;q=0.000",
             "gzip;q=0, *",
             "gzip;q=0, identity;q=0",
             "identity, gzip;q=0.5",
             "identity;q=0.6, gzip;q=0.5",
             "gzip;q=0.5, *;q=1",
             "gzip;q=0, gzip",
             "gzipped",
             "g zip",
             "\"gzip\"",
         }) {
        CAPTURE(header);
        CHECK_FALSE(prefers_gzip(header));
    }
}

TEST_CASE("an element with a weight that is none is ignored") {
    for (std::string_view const header :
         {"gzip;q=", "gzip;q=2", "gzip;q=1.001", "gzip;q=0.1234", "gzip;q=.5", "gzip;q=-1",
          "gzip;q=a", "gzip;q=1a", "gzip;q=0x1", "gzip;q", "gzip;", "gzip;level=9", "gzip;q=1;q=1",
          "gzip;q =1", "gzip;q= 1"}) {
        CAPTURE(header);
        CHECK_FALSE(prefers_gzip(header));
    }
}

TEST_CASE("a form of an answer that nobody gets unasked is asked for by its name") {
    constexpr std::string_view type = "text/event-stream";
    for (std::string_view const header :
         {"text/event-stream", "Text/Event-Stream", "application/json, text/event-stream;q=0.1",
          "text/event-stream;charset=utf-8", "*/*, text/event-stream",
          "junk\x01, text/event-stream", "text/event-stream;q=0, text/event-stream"}) {
        CAPTURE(header);
        CHECK(names_type(header, type));
    }
    for (std::string_view const header :
         {"", "*/*", "text/*", "text/event-streams", "text/event-stream;q=0",
          "text/event-stream;q=0.000", "text/event-stream;q=often", "text/event-stream q=1",
          "application/json;of=text/event-stream"}) {
        CAPTURE(header);
        CHECK_FALSE(names_type(header, type));
    }
}

}  // namespace pilothouse::tests::content_negotiation_test
