// The way of a request: route, caller, right, then the handler; and one access line at its end.
#pragma once

#include "auth/authenticator.hpp"
#include "auth/policy.hpp"
#include "base/ip_address.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/task.hpp"
#include "server/http/exchange.hpp"
#include "server/http/request_limiter.hpp"
#include "server/http/router.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::http {

// Thread-safe.
class gate final : public request_handler, public doorkeeper {
public:
    struct parts {
        router const& routes;
        auth::authenticator& authenticator;
        auth::policy& policy;
        // The greatest body of a body_rule::upload route, in bytes; 0: no limit. Asked at each such
        // request.
        std::function<task<std::uint64_t>()> upload_limit;
        logger& log;
        metrics::registry& metrics;
        request_limiter* limiter = nullptr;    // null: nobody is counted
        std::vector<ip_network> proxies = {};  // whose X-Forwarded-For is believed
        std::string upload_limit_origin = {};  // behind the number, where that limit is told
    };
    explicit gate(parts p);
    ~gate() override;

    [[nodiscard]] task<response> handle(exchange& x) override;
    [[nodiscard]] response word(unsigned status, std::string_view code,
                                std::string_view detail) override;
    void finished(exchange const& x, outcome const& o) noexcept override;
    [[nodiscard]] question ask_again(exchange const& x) override;

private:
    [[nodiscard]] std::optional<response> count_stranger(exchange const& x);
    // `refused`: the answer, where a rate limit gives it.
    [[nodiscard]] task<result<void>> admit(exchange& x, router::match const& m,
                                           std::optional<response>& refused);
    [[nodiscard]] task<result<auth::grant>> authorize(std::shared_ptr<auth::principal const> who,
                                                      auth::permission what, std::string place);

    struct entry;  // what somebody was let in with
    [[nodiscard]] task<result<auth::grant>> let_in_again(std::shared_ptr<entry const> with);

    struct route_metrics;
    parts parts_;
    std::vector<route_metrics>
        metrics_;  // by router::match::index; the last is for what has no route
};

}  // namespace pilothouse::http
