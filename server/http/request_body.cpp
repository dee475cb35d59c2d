#include "server/http/request_body.hpp"

#include "server/http/connection.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace pilothouse::http {
namespace {

constexpr std::size_t inbox_bytes = 64 * 1024;

failure cut_short() {
    return failure(errc::invalid_request, "the connection ended before the body did");
}

failure too_slow() { return failure(errc::too_slow, "the body came too slowly"); }

failure stopping() {
    return failure(errc::unavailable, "the server stops before all of the body has come");
}

}  // namespace

request_body::request_body(connection& from, workspace& work)
    : from_(from),
      work_(work),
      head_(work.parser.head()),
      finished_(!work.parser.head().has_body()) {}

task<result<std::string_view>> request_body::read() {
    if (failed_) co_return *failed_;
    if (finished_) co_return std::string_view();
    if (limit_ > 0 && head_.content_length.value_or(0) > limit_) {
        failed_ = failure(errc::too_large, "the body is larger than is taken here");
        co_return *failed_;
    }
    if (!begun_) {
        begin();
        if (!co_await invite()) failed_ = cut_short();
    }
    if (!failed_) {
        auto piece = co_await read_piece();
        if (piece) co_return piece;
        failed_ = std::move(piece).error();
    }
    from_.enter(phase::handler, from_.limits().handler_time);
    co_return *failed_;
}

// What came with the header moves to the body's own buffer: the header's views must stay.
void request_body::begin() {
    begun_ = true;
    if (!work_.body) {
        work_.body = std::make_unique<inbox>(std::max(inbox_bytes, from_.limits().header_bytes));
    }
    auto const early = work_.head.contents();
    work_.body->replace(early);
    work_.head.drop(early.size());
}

// Sends `100 Continue` to who waits for it; who has begun to send does not.
task<bool> request_body::invite() {
    if (!head_.expects_continue || !work_.body->empty()) co_return true;
    std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
    std::size_t sent = 0;
    from_.enter(phase::sending, from_.limits().send_stall);
    while (sent < interim.size()) {
        std::array<iovec, 1> rest{{{interim.data() + sent, interim.size() - sent}}};
        auto const step = from_.transport().write(rest, false);
        sent += step.bytes;
        if (step.state == io_state::ended) co_return false;
        if (step.state != io_state::moved && !co_await from_.wait(step.state)) co_return false;
    }
    co_return true;
}

task<result<std::string_view>> request_body::read_piece() {
    while (true) {
        if (!work_.body->empty()) {
            auto piece = work_.parser.read_body(work_.body->contents());
            if (!piece) co_return std::move(piece).error();
            work_.body->drop(piece->consumed);
            given_ += piece->data.size();
            if (limit_ > 0 && given_ > limit_) {
                co_return failure(errc::too_large, "the body is larger than is taken here");
            }
            finished_ = piece->last;
            if (piece->last || !piece->data.empty()) co_return piece->data;
        }
        if (auto lost = co_await receive()) co_return std::move(*lost);
    }
}

// More bytes into the buffer, but none of a next request that could not go back to the header's.
task<std::optional<failure>> request_body::receive() {
    auto& box = *work_.body;
    box.make_room();
    std::size_t want = from_.limits().header_bytes;
    if (head_.content_length) {
        auto const rest = *head_.content_length - given_;
        want = static_cast<std::size_t>(std::min<std::uint64_t>(rest, box.room()));
    } else {
        want -= std::min(want, box.contents().size());
    }
    if (want == 0) co_return failure(errc::invalid_request, "a chunk's header is too large");

    if (from_.out_of_time()) co_return stopping();
    auto const late = [this] { return from_.out_of_time() ? stopping() : too_slow(); };
    from_.enter(phase::body, from_.limits().body_stall);
    if (turn_ > turn_bytes && !from_.transport().holds_input()) {
        turn_ = 0;
        if (!co_await from_.wait(io_state::needs_readable)) co_return late();
    }
    while (true) {
        auto const step = from_.transport().read(box.free_space(), want);
        if (step.state == io_state::moved) {
            box.received(step.bytes);
            turn_ += step.bytes;
            from_.received_of_body(step.bytes);
            from_.enter(phase::handler, from_.limits().handler_time);
            co_return std::nullopt;
        }
        if (step.state == io_state::ended) co_return cut_short();
        turn_ = 0;
        if (!co_await from_.wait(step.state)) co_return late();
    }
}

bool request_body::worth_draining() const noexcept {
    if (finished_) return true;
    // Who waits for `100 Continue` and gets the final answer may send the body or not: where the
    // next request begins is then unknown (RFC 9110 10.1.1).
    if (failed_ || (head_.expects_continue && !begun_)) return false;
    return head_.chunked || *head_.content_length - given_ <= from_.limits().unread_body_bytes;
}

task<bool> request_body::drain() {
    // A declared length was found short enough; chunks are counted.
    limit_ =
        head_.chunked ? given_ + std::max<std::uint64_t>(1, from_.limits().unread_body_bytes) : 0;
    if (!begun_ && !finished_) begin();
    while (!finished_) {
        auto const piece = co_await read_piece();
        if (!piece) co_return false;
    }
    co_return true;
}

void request_body::settle() noexcept {
    if (begun_) {
        work_.head.replace(work_.body->contents());
    } else {
        work_.head.make_room();
    }
}

}  // namespace pilothouse::http
