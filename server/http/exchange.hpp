// One request and what is known of it on its way: handed from the connection through the gate to
// the handler.
#pragma once

#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "server/http/request_head.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::http {

struct exchange;
struct route;

// The body as it arrives. The first read answers `Expect: 100-continue`.
class body_source {
public:
    virtual ~body_source() = default;
    // The next bytes, valid until the next call; empty at the end. errc::too_large: beyond the
    // limit; errc::invalid_request: cut off or malformed; errc::too_slow;
    // errc::unavailable: the server stops.
    [[nodiscard]] virtual task<result<std::string_view>> read() = 0;
    // How many bytes read() may give in all; set by the gate before the first read. 0: no limit.
    virtual void limit(std::uint64_t bytes) = 0;
};

// Whoever let a request in.
class doorkeeper {
public:
    virtual ~doorkeeper() = default;
    // Asks anew, whenever it is called, whether the sender of `x` is let in: for answers that
    // outlast a token, or a role. May be called when `x` is gone; errc as for the request. Null
    // where the route asks for no permission.
    using question = std::function<task<result<auth::grant>>()>;
    [[nodiscard]] virtual question ask_again(exchange const& x) = 0;
};

// Lives on one connection's coroutine; not thread-safe.
struct exchange {
    request_head const& head;
    body_source& body;
    std::string_view request_id;  // ours, or the client's X-Request-Id where it is harmless
    std::string_view peer;        // "192.0.2.1": the client's, behind proxies of the house, too
    bool tls = false;
    std::string forwarded = {};  // what `peer` shows where a proxy told it

    // Set by the router.
    http::route const* route = nullptr;
    std::vector<std::string> parameters;  // decoded, in the order of the pattern's `{…}`

    std::optional<std::size_t> route_index;  // in the router's table

    // Set by the gate.
    std::shared_ptr<auth::principal const> who;
    std::optional<auth::grant> grant;  // where the route asks for a permission
    doorkeeper* let_in_by = nullptr;   // outlives every connection

    // For the access line: more fields, filled on the way.
    std::vector<std::pair<std::string_view, std::string>> notes;
};

// Whoever answers requests: the router and gate in the server, a stand-in in the connection's own
// tests. Called once a request; must not throw for what a caller can cause. An exception is
// answered 500 (507 for storage_full).
class request_handler {
public:
    virtual ~request_handler() = default;
    [[nodiscard]] virtual task<class response> handle(exchange& x) = 0;
    // Words a failure of the connection itself (malformed request, timeout) or of the house (500,
    // 503, 507).
    [[nodiscard]] virtual class response word(unsigned status, std::string_view code,
                                              std::string_view detail) = 0;
    // After the answer was sent, or the connection lost while sending (bytes: what was sent of the
    // body).
    struct outcome {
        unsigned status = 0;
        std::uint64_t bytes = 0;
        std::int64_t nanoseconds = 0;
        bool complete = false;
        // For the log: the exception's text when there was one, else what the answer came of.
        std::string_view failure;
    };
    virtual void finished(exchange const& x, outcome const& o) noexcept = 0;
};

}  // namespace pilothouse::http
