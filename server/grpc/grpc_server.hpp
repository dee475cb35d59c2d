// The port that speaks gRPC: the services, reflection and health, over TLS or in the clear.
#pragma once

#include "auth/authenticator.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "base/runtime.hpp"
#include "server/grpc/services.hpp"
#include "server/http/listener.hpp"
#include "server/http/request_limiter.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace pilothouse::rpc {

struct server_limits {
    std::size_t calls = 1000;               // at once
    std::size_t calls_of_connection = 100;  // of them
    std::chrono::milliseconds call_time{120'000};
    int request_bytes = 4 * 1024 * 1024;
    std::size_t memory = 128 * 1024 * 1024;  // of buffers of all connections
    // Clients ping idle connections every 20 to 30 s (contracts: releases 1.6, 8.9).
    std::chrono::milliseconds least_ping_interval{10'000};
    int ping_strikes = 3;  // pings that come sooner, before we hang up
    // Of a new connection, until TLS is agreed upon and its first frame is there.
    std::chrono::milliseconds handshake_time{20'000};
    std::chrono::seconds dead_after{60};         // silence, until we ping ourselves
    std::chrono::minutes idle_time{60};          // of a connection without calls
    std::chrono::seconds certificate_check{10};  // between two looks at the files
    std::chrono::milliseconds drain_time{10'000};
};

struct server_settings {
    http::listen_address listen;
    std::optional<http::tls_files> tls;  // files that change are read anew, without being told
    bool in_the_clear = false;           // has to be asked for where there is no certificate
    server_limits limits = {};
};

// Thread-safe.
class call_server {
public:
    // All outlive it.
    struct parts {
        rpc::services& services;
        runtime& cores;
        auth::authenticator& authenticator;
        logger& log;
        metrics::registry& metrics;
        http::request_limiter* limiter = nullptr;  // null: nobody is counted
    };
    // Binds and answers from then on. errc::unavailable, with the reason and what to do: no such
    // address, the port is taken, a bad certificate, neither a certificate nor leave to do without.
    [[nodiscard]] static result<std::unique_ptr<call_server>> start(server_settings const& s,
                                                                    parts const& p);
    virtual ~call_server() = default;  // stop()

    [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;
    // Health says NOT_SERVING, new calls are UNAVAILABLE, those under way have
    // server_limits::drain_time; returns when the last is gone. Not on a core. Idempotent.
    virtual void stop() = 0;
};

}  // namespace pilothouse::rpc
