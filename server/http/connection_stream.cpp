// How a connection sends a body that comes bit by bit.
#include "server/http/body_stream.hpp"
#include "server/http/connection.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

namespace pilothouse::http {

// Hears a client go while there is nothing to send to it. Shared with the socket's wait, which may
// end later than the stream, and later than the connection.
class connection::farewell : public std::enable_shared_from_this<connection::farewell> {
public:
    explicit farewell(connection& c) : connection_(&c) {}

    void listen() {
        connection_->socket_.async_wait(asio::posix::descriptor_base::wait_read,
                                        [self = shared_from_this()](boost::system::error_code e) {
                                            if (self->connection_ != nullptr && !e) self->heard();
                                        });
    }
    void forget() noexcept { connection_ = nullptr; }

private:
    // Who ends his own side is taken to be gone: nothing tells him from one who is. What a client
    // sends on its way, a next request, is not answered: this answer says that it is the last. Such
    // a client is not listened to any more; that it went is then found by writing to it.
    void heard() {
        std::array<char, 1024> dropped;
        auto const step = connection_->transport_->read(dropped.data(), dropped.size());
        if (step.state == io_state::moved) connection_->input_left_ = true;
        if (step.state == io_state::ended) connection_->cut_off();
        if (step.state == io_state::needs_readable) listen();
    }

    connection* connection_;
};

task<bool> connection::send_stream(body_stream& stream, std::string& thrown) {
    stream_ = &stream;
    auto const client = std::make_shared<farewell>(*this);
    client->listen();
    bool sent = false;
    try {
        sent = co_await send_pieces(stream, work_->parser.head().minor_version > 0);
    } catch (std::exception const& e) {
        thrown = e.what();
    } catch (...) {
        thrown = "an exception of unknown type";
    }
    client->forget();
    stream_ = nullptr;
    co_return sent;
}

void connection::end_stream() noexcept {
    if (stream_ != nullptr) stream_->stop();
}

// Its end is a good one whoever brought it about: a client that wants more asks for it.
task<bool> connection::send_pieces(body_stream& stream, bool chunked) {
    auto const end = steady::now() + limits_.stream_time;
    std::size_t turn = 0;  // bytes sent since others had theirs
    while (!hub_->stopping() && steady::now() < end) {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(end - steady::now());
        enter(phase::streaming, std::max(left, std::chrono::milliseconds(0)));
        auto piece = co_await stream.next();
        if (cut_) co_return false;
        if (piece.empty()) break;
        auto const size = piece.size();
        if (chunked) piece = as_chunk(piece);
        if (!co_await send_piece(std::move(piece))) co_return false;
        streamed_ += size;
        turn += size;
        if (turn < turn_bytes) continue;
        turn = 0;
        if (!co_await wait(io_state::needs_writable)) co_return false;
    }
    if (!chunked) co_return true;
    co_return co_await send_piece(std::string(last_chunk));
}

task<bool> connection::send_piece(std::string bytes) {
    response const nothing_else(200);
    outgoing out(bytes, nothing_else, false);
    auto const state = begin_to_send(out);
    co_return state == io_state::moved || co_await send_rest(out, state);
}

}  // namespace pilothouse::http
