#include "server/http/multipart_reader.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::tests::multipart_reader_test {

using namespace pilothouse::http;
using namespace std::string_literals;

namespace {

// All that a reader said of a body, the pieces of a part's content joined.
struct reading {
    struct part {
        form_part header;
        std::string content;
        bool ended = false;
        bool operator==(part const& o) const {
            return header.name == o.header.name && header.file_name == o.header.file_name &&
                   header.content_type == o.header.content_type && content == o.content &&
                   ended == o.ended;
        }
    };
    std::vector<part> parts;
    bool finished = false;
    std::string failure;  // empty: none
    bool operator==(reading const&) const = default;

    void add(multipart_reader::event const& event) {
        REQUIRE_FALSE(finished);
        if (auto const* begin = std::get_if<multipart_reader::part_begin>(&event)) {
            REQUIRE((parts.empty() || parts.back().ended));
            parts.push_back({begin->part, {}, false});
        } else if (auto const* data = std::get_if<multipart_reader::part_data>(&event)) {
            REQUIRE_FALSE(parts.back().ended);
            REQUIRE_FALSE(data->bytes.empty());
            parts.back().content += data->bytes;
        } else if (std::holds_alternative<multipart_reader::part_end>(event)) {
            REQUIRE_FALSE(parts.back().ended);
            parts.back().ended = true;
        } else {
            REQUIRE((parts.empty() || parts.back().ended));
            finished = true;
        }
    }
};

reading read(std::vector<std::string> const& pieces, multipart_limits const& limits = {}) {
    multipart_reader reader("xYz", limits);
    reading r;
    for (auto const& piece : pieces) {
        auto const events = reader.feed(piece);
        if (!events) {
            CHECK(events.error().code == errc::invalid_request);
            CHECK(reader.feed("more").has_error());
            CHECK(reader.end().has_error());
            return {{}, false, events.error().detail};
        }
        for (auto const& event : *events) r.add(event);
    }
    if (auto const ok = reader.end(); !ok) return {{}, false, ok.error().detail};
    return r;
}

// Whole; cut in two at every place; and byte by byte: it must all come to the same.
reading read_every_way(std::string const& body, multipart_limits const& limits = {}) {
    auto const whole = read({body}, limits);
    for (std::size_t i = 0; i <= body.size(); ++i) {
        CAPTURE(i);
        CHECK(read({body.substr(0, i), body.substr(i)}, limits) == whole);
    }
    std::vector<std::string> bytes;
    for (char const c : body) bytes.emplace_back(1, c);
    CHECK(read(bytes, limits) == whole);
    return whole;
}

std::string const header = "Content-Disposition: form-data; name=a\r\n\r\n";

std::string one_part(std::string_view content) {
    return "--xYz\r\n" + header + std::string(content) + "\r\n--xYz--\r\n";
}

}  // namespace

TEST_CASE("a form as curl sends it") {
    auto const r = read_every_way(
        "--xYz\r\n"
        "Content-Disposition: form-data; name=\"chart\"; filename=\"a-1.0.0.tgz\"\r\n"
        "Content-Type: application/octet-stream\r\n"
        "\r\n"
        "bytes\r\n"
        "--xYz\r\n"
        "Content-Disposition: form-data; name=\"force\"\r\n"
        "\r\n"
        "\r\n"
        "--xYz--\r\n");
    REQUIRE(r.parts.size() == 2);
    CHECK(r.finished);
    CHECK(r.parts[0].header.name == "chart");
    CHECK(r.parts[0].header.file_name == "a-1.0.0.tgz");
    CHECK(r.parts[0].header.content_type == "application/octet-stream");
    CHECK(r.parts[0].content == "bytes");
    CHECK(r.parts[1].header.name == "force");
    CHECK_FALSE(r.parts[1].header.file_name);
    CHECK(r.parts[1].content == "");
}

TEST_CASE("content that nearly is a boundary stays content") {
    for (auto const& content : {""s,
                                "\r"s,
                                "\n"s,
                                "\r\n"s,
                                "\r\n\r\n"s,
                                "\r\r\n"s,
                                "-"s,
                                "--"s,
                                "--xY"s,
                                "\r\n-"s,
                                "\r\n--"s,
                                "\r\n--xY"s,
                                "\r\n--xYy"s,
                                "\r\n-\r\n--xY"s,
                                "\r\r\n--xY"s,
                                "\r\n\r\n--xYx"s,
                                "\n--xYz"s,
                                "\r--xYz"s,
                                "\r\n--XYZ"s,
                                "\r\n --xYz"s,
                                "x--xYz--"s,
                                "\r\n--xY\r\n--xY\r\n"s,
                                "\r\n--\r\n--x\r"s,
                                "a\r\nb\rc\nd"s,
                                "\0\r\0\n\0"s}) {
        CAPTURE(content);
        auto const r = read_every_way(one_part(content));
        CHECK(r.failure == "");
        REQUIRE(r.parts.size() == 1);
        CHECK(r.parts[0].content == content);
        CHECK(r.finished);
    }
}

TEST_CASE("a body may have text around it, padding on boundary lines, and no parts") {
    auto const good = std::vector<std::string>{
        "--xYz--",         "--xYz--\r\n",
        "\r\n--xYz--",     "preamble\r\n--xYz--\r\nepilogue --xYz\r\n--xYz",
        "--xYz-- \t\r\n",  "--xYz-- ",
        "--xY\r\n--xYz--",
    };
    for (auto const& body : good) {
        CAPTURE(body);
        auto const r = read_every_way(body);
        CHECK(r.failure == "");
        CHECK(r.finished);
        CHECK(r.parts.empty());
    }
    auto const padded = read_every_way("--xYz \t\r\n" + header + "x\r\n--xYz--");
    REQUIRE(padded.parts.size() == 1);
    CHECK(padded.parts[0].content == "x");
}

TEST_CASE("a boundary right after a part's header ends a part without content") {
    auto const r = read_every_way("--xYz\r\n" + header + "--xYz--\r\n");
    REQUIRE(r.parts.size() == 1);
    CHECK(r.parts[0].content == "");
    CHECK(r.parts[0].ended);
}

TEST_CASE("a body that is cut off is refused, wherever the cut is") {
    auto const body = one_part("content\r\n");
    for (std::size_t i = 0; i + 2 < body.size(); ++i) {
        CAPTURE(i);
        CHECK(read({body.substr(0, i)}).failure ==
              "the multipart body is malformed: it ends before its last boundary");
    }
    CHECK(read({body.substr(0, body.size() - 2)}).failure == "");
    CHECK(read({body.substr(0, body.size() - 1)}).failure != "");
}

TEST_CASE("a body that two readers could understand differently is refused") {
    struct row {
        std::string body, why;
    };
    for (auto const& r : std::vector<row>{
             {"--xYz\n" + header + "x\r\n--xYz--", "a line ends in LF alone"},
             {"--xYz\r\nContent-Disposition: form-data; name=a\n\nx\r\n--xYz--",
              "a line ends in LF alone"},
             {"--xYz\nContent-Disposition: form-data; name=a\n\nx\n--xYz--\n",
              "a line ends in LF alone"},
             {"--xYz\r\n" + header + "x\n--xYz--\n", "it ends before its last boundary"},
             {"--xYzz\r\n" + header + "x\r\n--xYz--", "a line goes on after the boundary"},
             {"--xYz-\r\n" + header + "x\r\n--xYz--", "a line goes on after the boundary"},
             {"--xYz -\r\n" + header + "x\r\n--xYz--", "a line goes on after the boundary"},
             {"--xYz\r\r\n" + header + "x\r\n--xYz--", "a line goes on after the boundary"},
             {one_part("x\r\n--xYzz\r\n"), "a line goes on after the boundary"},
             {"--xYz---\r\n", "a line goes on after the last boundary"},
             {"--xYz--x\r\n", "a line goes on after the last boundary"},
             {"--xYz--\n", "a line ends in LF alone"},
             {"--xYz--x", "it ends before its last boundary"},
             {"--xYz--\r", "it ends before its last boundary"},
             {"--xYz\r\n\r\nx\r\n--xYz--", "a part has no Content-Disposition"},
             {"--xYz\r\nContent-Type: a/b\r\n\r\nx\r\n--xYz--",
              "a part has no Content-Disposition"},
             {"--xYz\r\nX: y\r\n folded\r\n\r\n",
              "a line in the header of a part is no header field"},
             {"", "it ends before its last boundary"},
             {"no boundary at all", "it ends before its last boundary"},
         }) {
        CAPTURE(r.body);
        CHECK(read_every_way(r.body).failure == "the multipart body is malformed: " + r.why);
    }
}

TEST_CASE("everything has a limit") {
    multipart_limits const few{
        .parts = 2, .part_header_bytes = 64, .preamble_bytes = 8, .epilogue_bytes = 8};
    std::string const part = "--xYz\r\n" + header + "x\r\n";

    CHECK(read_every_way(part + part + "--xYz--", few).failure == "");
    CHECK(read_every_way(part + part + part + "--xYz--", few).failure ==
          "the multipart body is malformed: it has too many parts");

    auto const long_header = [&](std::size_t n) {
        return "--xYz\r\nX: " + std::string(n, 'y') + "\r\n" + header + "x\r\n--xYz--";
    };
    std::size_t const room = few.part_header_bytes - header.size() - "\r\nX: \r\n"s.size();
    CHECK(read_every_way(long_header(room), few).failure == "");
    CHECK(read_every_way(long_header(room + 1), few).failure ==
          "the multipart body is malformed: the header of a part is too long");
    CHECK(read({"--xYz", std::string(1'000'000, ' ')}).failure != "");

    CHECK(read_every_way("12345678\r\n--xYz--\r\n12345678", few).failure == "");
    std::string const outside = "the multipart body is malformed: too much text outside its parts";
    CHECK(read_every_way("123456789\r\n--xYz--\r\n", few).failure == outside);
    CHECK(read_every_way("\r\n-\r\n-\r\n-\r\n-\r\n--xYz--\r\n", few).failure == outside);
    CHECK(read_every_way("--xYz--\r\n123456789", few).failure == outside);
}

TEST_CASE("however content looks, it comes in few pieces") {
    multipart_reader reader("xYz");
    REQUIRE(reader.feed("--xYz\r\n" + header + "x").has_value());
    for (std::string_view const tease : {"\r", "\r\n", "\r\n--", "\r\n--xY", "\r\n--xYy"}) {
        CAPTURE(tease);
        std::string piece;
        while (piece.size() < 10'000) piece += tease;
        auto const events = reader.feed(piece);
        REQUIRE(events.has_value());
        CHECK(events->size() <= 2);
    }
}

TEST_CASE("content of any size passes through in pieces that are not copied") {
    multipart_reader reader("xYz");
    REQUIRE(reader.feed("--xYz\r\n" + header).has_value());
    std::string const piece(64 * 1024, '\n');
    for (int i = 0; i < 100; ++i) {
        auto const events = reader.feed(piece);
        REQUIRE(events.has_value());
        REQUIRE(events->size() == 1);
        CHECK(std::get<multipart_reader::part_data>(events->front()).bytes.data() == piece.data());
    }
    REQUIRE(reader.feed("\r\n--xYz--").has_value());
    CHECK(reader.end().has_value());
}

TEST_CASE("a boundary may hold every character that RFC 2046 allows") {
    std::string const boundary = "'()+_,-./:=? x";
    multipart_reader reader(boundary);
    auto const body = "--" + boundary + "\r\n" + header + "x\r\n--" + boundary + "--";
    auto const events = reader.feed(body);
    REQUIRE(events.has_value());
    CHECK(events->size() == 4);
    CHECK(reader.end().has_value());
}

}  // namespace pilothouse::tests::multipart_reader_test
