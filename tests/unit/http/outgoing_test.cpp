#include "server/http/outgoing.hpp"

#include "server/http/body_stream.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pilothouse::tests::outgoing_test {

using namespace pilothouse::http;

namespace {

// Takes `at_a_time` bytes, then wants to be waited for; `file` is what any file holds.
class narrow_transport final : public transport {
public:
    explicit narrow_transport(std::size_t at_a_time) : at_a_time_(at_a_time) {}

    io_state shake_hands() override { return io_state::moved; }
    io_step read(char*, std::size_t) override { return {}; }
    io_step write(std::span<iovec> pieces, bool more) override {
        CHECK_FALSE(pieces.empty());
        CHECK(pieces.size() <= 64);
        if (full()) return {io_state::needs_writable, 0};
        more_followed = more;
        std::string joined;
        for (iovec const& p : pieces) {
            CHECK(p.iov_len > 0);
            joined.append(static_cast<char const*>(p.iov_base), p.iov_len);
        }
        return take(joined);
    }
    io_step write_file(int, std::uint64_t offset, std::uint64_t length) override {
        if (full()) return {io_state::needs_writable, 0};
        if (offset >= file.size()) return {io_state::ended, 0};
        return take(file.substr(offset, length));
    }
    bool holds_input() const noexcept override { return false; }
    void end_output() noexcept override {}

    std::string file;
    std::string taken;
    bool more_followed = false;

private:
    bool full() {
        was_full_ = !was_full_;
        return was_full_;
    }
    io_step take(std::string_view bytes) {
        taken += bytes.substr(0, at_a_time_);
        return {io_state::moved, std::min(at_a_time_, bytes.size())};
    }

    std::size_t at_a_time_;
    bool was_full_ = false;
};

io_state send_all(outgoing& out, transport& to) {
    auto state = io_state::needs_writable;
    while (state == io_state::needs_writable) state = out.advance(to);
    return state;
}

response in_pieces(std::string const& content, std::size_t size) {
    std::vector<shared_bytes> pieces;
    for (std::size_t at = 0; at < content.size(); at += size) {
        pieces.emplace_back(content.substr(at, size));
        pieces.emplace_back(std::string());
    }
    return response(200).body(std::move(pieces));
}

}  // namespace

TEST_CASE("an answer arrives whole however little the socket takes at a time") {
    std::string content;
    for (int i = 0; i < 500; ++i) content += std::to_string(i);
    file_body const file{.owner = {}, .descriptor = 0, .offset = 3, .length = content.size()};
    std::vector<response> const answers{response(200).body(content), in_pieces(content, 1),
                                        in_pieces(content, 7), in_pieces(content, 100'000),
                                        response(200).body(file)};
    for (response const& answer : answers) {
        for (std::size_t const at_a_time : std::vector<std::size_t>{1, 2, 3, 64, 1000, 1'000'000}) {
            CAPTURE(at_a_time);
            narrow_transport to(at_a_time);
            to.file = "xyz" + content + "beyond";
            outgoing out("head", answer, true);
            CHECK(send_all(out, to) == io_state::moved);
            CHECK(to.taken == "head" + content);
            CHECK(out.body_sent() == content.size());
        }
    }
}

TEST_CASE("without its body an answer is its header") {
    narrow_transport to(3);
    to.file = "file";
    response const text = response(200).body(std::string("text"));
    response const file =
        response(200).body(file_body{.owner = {}, .descriptor = 0, .offset = 0, .length = 4});
    for (response const* answer : {&text, &file}) {
        outgoing out("head", *answer, false);
        CHECK(send_all(out, to) == io_state::moved);
        CHECK(out.body_sent() == 0);
        CHECK_FALSE(to.more_followed);
    }
    CHECK(to.taken == "headhead");
}

TEST_CASE("a file's header says that more follows, and a file too short ends the sending") {
    narrow_transport to(100);
    to.file = "short";
    response const answer =
        response(200).body(file_body{.owner = {}, .descriptor = 0, .offset = 0, .length = 10});
    outgoing out("head", answer, true);
    CHECK(send_all(out, to) == io_state::ended);
    CHECK(to.more_followed);
    CHECK(to.taken == "headshort");
    CHECK(out.body_sent() == 5);
}

TEST_CASE("a large answer leaves room for others now and then") {
    class wide_transport final : public transport {
    public:
        io_state shake_hands() override { return io_state::moved; }
        io_step read(char*, std::size_t) override { return {}; }
        io_step write(std::span<iovec> pieces, bool) override {
            return {io_state::moved, std::min<std::size_t>(pieces[0].iov_len, 65'536)};
        }
        io_step write_file(int, std::uint64_t, std::uint64_t) override { return {}; }
        bool holds_input() const noexcept override { return false; }
        void end_output() noexcept override {}
    } to;
    response const answer = response(200).body(std::string(5'000'000, 'x'));
    outgoing out("head", answer, true);
    int turns = 1;
    while (out.advance(to) == io_state::needs_writable) ++turns;
    CHECK(turns == 5);
    CHECK(out.body_sent() == 5'000'000);
}

TEST_CASE("a header says what the connection knows") {
    struct row {
        unsigned status;
        std::string body;
        answer_frame frame;
        std::string expected;
    };
    answer_frame const plain{.date = "D", .request_id = "I"};
    answer_frame const closing{.date = "D", .request_id = "I", .close = true};
    answer_frame const old{.date = "D", .request_id = "I", .http_1_0 = true};
    answer_frame const old_closing{.date = "D", .request_id = "I", .close = true, .http_1_0 = true};
    std::string const common = "X: y\r\nDate: D\r\nX-Request-Id: I\r\n";
    std::string out = "what was here before";
    for (row const& r : std::vector<row>{
             {200, "abc", plain, "200 OK\r\n" + common + "Content-Length: 3\r\n\r\n"},
             {200, "", plain, "200 OK\r\n" + common + "Content-Length: 0\r\n\r\n"},
             {204, "", plain, "204 No Content\r\n" + common + "\r\n"},
             {304, "", plain, "304 Not Modified\r\n" + common + "\r\n"},
             {304, "ab", plain, "304 Not Modified\r\n" + common + "Content-Length: 2\r\n\r\n"},
             {299, "", plain, "299 Unknown\r\n" + common + "Content-Length: 0\r\n\r\n"},
             {200, "", old,
              "200 OK\r\n" + common + "Content-Length: 0\r\nConnection: keep-alive\r\n\r\n"},
             {400, "", closing,
              "400 Bad Request\r\n" + common + "Content-Length: 0\r\nConnection: close\r\n\r\n"},
             {200, "", old_closing,
              "200 OK\r\n" + common + "Content-Length: 0\r\nConnection: close\r\n\r\n"}}) {
        write_head(out, response(r.status).header("X", "y").body(r.body), r.frame);
        CHECK(out == "HTTP/1.1 " + r.expected);
    }
}

TEST_CASE("a stream's header tells of chunks, and of no length") {
    class silent final : public body_stream {
    public:
        task<std::string> next() override { co_return std::string(); }
        void stop() noexcept override {}
    };
    auto const answer = response(200).header("X", "y").body(std::make_shared<silent>());
    std::string const common = "HTTP/1.1 200 OK\r\nX: y\r\nDate: D\r\nX-Request-Id: I\r\n";
    std::string out;
    write_head(out, answer, {.date = "D", .request_id = "I", .close = true});
    CHECK(out == common + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
    write_head(out, answer, {.date = "D", .request_id = "I", .close = true, .http_1_0 = true});
    CHECK(out == common + "Connection: close\r\n\r\n");

    narrow_transport to(3);
    outgoing header(out, answer, true);
    CHECK(send_all(header, to) == io_state::moved);
    CHECK(to.taken == out);
}

TEST_CASE("a chunk has its length before it") {
    CHECK(as_chunk("a") == "1\r\na\r\n");
    CHECK(as_chunk("two\r\nlines") == "a\r\ntwo\r\nlines\r\n");
    CHECK(as_chunk(std::string(70'000, 'x')).starts_with("11170\r\nx"));
}

}  // namespace pilothouse::tests::outgoing_test
