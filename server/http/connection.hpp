// One connection: request after request, in order, on the core that accepted it.
#pragma once

#include "base/descriptor.hpp"
#include "base/task.hpp"
#include "server/http/exchange.hpp"
#include "server/http/hub.hpp"
#include "server/http/outgoing.hpp"
#include "server/http/request_body.hpp"
#include "server/http/transport.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace pilothouse::http {

// A connection that always has more to send or to receive lets the core's others go on after as
// many.
inline constexpr std::size_t turn_bytes = 1 << 20;

// What a connection is about, which decides what its deadline means.
enum class phase : std::uint8_t {
    handshake,
    idle,
    header,
    body,
    handler,
    sending,
    streaming,  // nothing to send until the stream has more
    lingering
};

class connection {
public:
    connection(std::shared_ptr<hub> home, descriptor socket, std::string peer);
    ~connection();
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;

    // To the connection's end. Throws only where memory is out.
    [[nodiscard]] task<void> serve();

    // For the hub, between two steps of serve().
    // Acts if the deadline has passed; false: not yet.
    bool sweep(hub::tick now);
    void evict();                // idle: ends, after the answer to a request that is already here
    void wake();                 // idle: looks whether the server stops, as with evict()
    void end_stream() noexcept;  // the answer that is a stream ends well, and soon
    void last_call();            // no more of a body is waited for; what is not being answered ends
    void cut_off();              // ends whatever goes on, unanswered
    [[nodiscard]] bool evicted() const noexcept { return evicted_; }
    [[nodiscard]] std::int64_t idle_since() const noexcept { return idle_since_; }
    hub::place place;

    // For the body, which reads from the same socket.
    void enter(phase p, std::chrono::milliseconds at_most);
    // Until the socket is as `need` says; false: cut off meanwhile.
    [[nodiscard]] task<bool> wait(io_state need);
    [[nodiscard]] http::transport& transport() noexcept { return *transport_; }
    [[nodiscard]] http::limits const& limits() const noexcept { return limits_; }
    // After last_call().
    [[nodiscard]] bool out_of_time() const noexcept { return out_of_time_; }
    // Counts towards the least speed of a body.
    void received_of_body(std::size_t bytes) noexcept { body_bytes_ += bytes; }

private:
    using steady = std::chrono::steady_clock;

    enum class head_read : std::uint8_t { complete, refused, late, gone };

    [[nodiscard]] task<bool> shake_hands();
    [[nodiscard]] task<head_read> next_head();
    [[nodiscard]] task<bool> wait_idle();
    [[nodiscard]] task<bool> answer(head_read read);
    // `thrown`: what an exception said, for the log.
    [[nodiscard]] task<response> ask(exchange& x, std::string& thrown);
    [[nodiscard]] io_state begin_to_send(outgoing& out);
    [[nodiscard]] task<bool> send_rest(outgoing& out, io_state state);
    [[nodiscard]] task<void> close();

    // In connection_stream.cpp. False: broken off; `thrown` as above.
    [[nodiscard]] task<bool> send_stream(body_stream& stream, std::string& thrown);
    [[nodiscard]] task<bool> send_pieces(body_stream& stream, bool chunked);
    [[nodiscard]] task<bool> send_piece(std::string bytes);
    class farewell;

    void name_request(request_head const& head);
    [[nodiscard]] response refuse(head_read read);
    void frame(response const& answer, bool closes);
    void give_up_on_handler();
    [[nodiscard]] bool to_end() const noexcept;
    [[nodiscard]] bool body_is_too_slow() const noexcept;

    std::shared_ptr<hub> hub_;
    http::limits const& limits_;
    request_handler& handler_;
    asio::posix::basic_stream_descriptor<executor> socket_;
    std::unique_ptr<http::transport> transport_;
    std::unique_ptr<workspace> work_;
    std::string peer_;
    std::int64_t idle_since_;

    hub::tick deadline_ = 0;
    steady::time_point began_;       // the request
    std::uint64_t body_bytes_ = 0;   // of this request
    std::uint64_t body_sweeps_ = 0;  // that found us waiting for it
    body_stream* stream_ = nullptr;  // that is being sent
    std::uint64_t streamed_ = 0;     // bytes of it, without their frames
    http::phase phase_ = phase::handshake;
    bool tls_ = false;
    bool expired_ = false;  // the deadline of this phase
    bool cut_ = false;      // nothing more is read or sent
    bool gave_up_ = false;  // a 504 was sent in the handler's place
    bool out_of_time_ = false;
    bool evicted_ = false;
    bool input_left_ = false;  // bytes may come that nobody will read
};

}  // namespace pilothouse::http
