// Accepts connections: one acceptor on each core of the runtime; a connection lives and dies on its
// core.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/runtime.hpp"
#include "server/http/exchange.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::http {

struct limits {
    std::size_t header_bytes = 16 * 1024;  // request line and fields
    std::size_t target_bytes = 8 * 1024;
    std::size_t fields = 100;
    std::size_t connections =
        10'000;  // the idle connection that waited longest makes room for a new one
    std::chrono::milliseconds header_time{10'000};    // from the first byte to the empty line
    std::chrono::milliseconds idle_time{75'000};      // between requests
    std::chrono::milliseconds body_stall{30'000};     // without one byte of the body
    std::uint64_t body_bytes_per_second = 1024;       // the least, on average, after body_grace
    std::chrono::milliseconds body_grace{10'000};     // of waiting for the body
    std::chrono::milliseconds send_stall{30'000};     // without progress while sending
    std::chrono::milliseconds handler_time{300'000};  // from the request's end to the answer
    std::chrono::milliseconds linger_time{5'000};     // for the client to read the last answer
    std::chrono::milliseconds drain_time{30'000};     // after stop()
    std::uint64_t unread_body_bytes =
        256 * 1024;  // of a body the handler did not want: read and dropped; else close
    // Answers whose bodies are streams.
    std::size_t streams = 200;                         // at once
    std::size_t streams_of_caller = 20;                // of these, of one caller
    std::chrono::milliseconds stream_time{3'600'000};  // then the client asks anew
};

struct tls_files {
    std::filesystem::path certificate;  // PEM, the chain included
    std::filesystem::path key;          // PEM
};

struct listen_address {
    std::string address;     // "127.0.0.1", "::"
    std::uint16_t port = 0;  // 0: any free one
};

// Counters that the operator's metrics read; all thread-safe to read at any time.
struct connection_counts {
    std::uint64_t accepted = 0;
    std::uint64_t open = 0;
    std::uint64_t idle = 0;       // of the open ones
    std::uint64_t evicted = 0;    // idle ones that made room
    std::uint64_t refused = 0;    // where there was no room: 503
    std::uint64_t starved = 0;    // times that no descriptor was left to accept with
    std::uint64_t timed_out = 0;  // by any deadline but that of idleness
    std::uint64_t malformed = 0;  // requests refused before any handler saw them
};

// Thread-safe. The handler is called on many threads at once, each request on one.
class listener {
public:
    // Binds and begins to accept; errc::unavailable with the reason and what to do (port taken, no
    // rights, bad key). For the whole process it raises the limit of open files to the hardest
    // allowed, and ignores SIGPIPE, which sendfile would raise. `cores` and `handler` must outlive
    // the listener.
    [[nodiscard]] static result<std::unique_ptr<listener>> start(listen_address where,
                                                                 std::optional<tls_files> tls,
                                                                 limits const& l, runtime& cores,
                                                                 request_handler& handler);
    virtual ~listener() = default;  // stop(), then wait

    [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;
    [[nodiscard]] virtual connection_counts counts() const noexcept = 0;
    // Reads certificate and key anew for new connections; on failure the old ones stay. Without
    // TLS there is nothing to do.
    [[nodiscard]] virtual result<void> reload_tls() = 0;
    // When the certificate in use ends; empty without TLS.
    [[nodiscard]] virtual std::optional<instant> certificate_expires() const = 0;
    // Closes the acceptors; idle connections end now, busy ones after their answer (Connection:
    // close), all after limits::drain_time. Returns when the last is gone: not before the last
    // handler has returned. Not to be called on a core. Idempotent.
    virtual void stop() = 0;
};

}  // namespace pilothouse::http
