// What is kept of calls that are over: an access line each, and figures.
#pragma once

#include "auth/principal.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "server/grpc/call.hpp"
#include "server/grpc/status.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>

namespace pilothouse::rpc {

// How a call went.
struct past_call {
    method const& what;
    std::string_view id;         // ours
    std::string_view client_id;  // as the client names it; or ours
    std::string_view from;
    code ended_as = code::ok;
    std::chrono::duration<double> time{};
    auth::principal const* who = nullptr;  // null: nobody had to say
    std::string_view failure;              // the cause; empty: it went well
};

// Thread-safe.
class call_journal {
public:
    // Both outlive it.
    call_journal(logger& log, metrics::registry& metrics) : log_(log), metrics_(metrics) {}

    // A line that cannot be written must not break the call that it tells of.
    void note(past_call const& call) noexcept;

private:
    // Counters of one method, made when they are first needed: most codes never are.
    struct method_metrics {
        std::array<std::atomic<metrics::counter*>, code_count> by_code{};
        metrics::histogram* seconds = nullptr;
    };
    void count(past_call const& call);
    void write(past_call const& call);
    [[nodiscard]] method_metrics& metrics_of(method const& m);

    logger& log_;
    metrics::registry& metrics_;
    std::mutex mutex_;
    std::map<std::string_view, method_metrics> by_method_;
};

}  // namespace pilothouse::rpc
