// One connection to one origin, with or without TLS. Of this folder alone: it shows Beast's types.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "client/off_switch.hpp"
#include "client/url.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace pilothouse::client {

using boost::system::error_code;
using tcp_stream = boost::beast::basic_stream<asio::ip::tcp, executor>;
using tls_stream = asio::ssl::stream<tcp_stream&>;

inline constexpr asio::use_awaitable_t<executor> use_task{};

// When everything has to be over; each step has its own time within that.
struct time_left {
    std::chrono::steady_clock::time_point end;

    [[nodiscard]] std::chrono::steady_clock::time_point within(
        std::chrono::milliseconds step) const {
        return std::min(end, std::chrono::steady_clock::now() + step);
    }
};

struct connection {
    connection(executor core, std::string its_origin, std::shared_ptr<off_switch> off)
        : tcp(core),
          origin(std::move(its_origin)),
          wire(std::move(off), core, [this] { tcp.close(); }) {}

    tcp_stream tcp;
    std::optional<tls_stream> tls;
    boost::beast::flat_buffer buffer;
    std::string origin;
    bool used = false;
    off_switch::wire wire;
};

struct way {
    executor core;
    asio::ssl::context& trust;
    std::chrono::milliseconds connect;
    bool allow_private;
    std::string tls_name;  // that the certificate must have; empty: the host's
    std::shared_ptr<off_switch> off;

    [[nodiscard]] bool is_off() const { return off && off->pressed(); }
};

// Looks the name up, and connects to an address that was checked, not to the name again.
// errc::denied, errc::timed_out, errc::unavailable.
[[nodiscard]] task<result<std::unique_ptr<connection>>> open_connection(way how, url where,
                                                                        time_left time);

// In words for whoever asked for the URL.
[[nodiscard]] failure failure_of(error_code const& e, std::string_view while_doing);

}  // namespace pilothouse::client
