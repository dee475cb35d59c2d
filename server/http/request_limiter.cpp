#include "server/http/request_limiter.hpp"

#include "base/ip_address.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace pilothouse::http {

namespace {

using auth::principal;

// As GitLab tells it: of whatever window, so many a minute, rounded up.
std::int64_t per_minute(rate const& r) {
    constexpr std::int64_t minute = 60'000;
    return (std::int64_t{r.count} * minute + r.window.count() - 1) / r.window.count();
}

}  // namespace

std::string caller_of(principal const* who, std::string_view address) {
    if (who == nullptr || who->what == principal::kind::anonymous) return client_network(address);
    if (who->what == principal::kind::deploy_token) return "t" + std::to_string(who->token.value);
    return "u" + std::to_string(who->user.value);
}

traffic traffic_of(std::string_view pattern) noexcept {
    if (pattern == "/-/live" || pattern == "/-/ready" || pattern == "/metrics")
        return traffic::free;
    return pattern.find("/packages/helm/") == std::string_view::npos ? traffic::api
                                                                     : traffic::packages;
}

request_limiter::request_limiter(request_rates const& rates, clock const& time, steady_source now)
    : time_(time),
      now_(std::move(now)),
      tables_{rate_table(rates.api_address), rate_table(rates.api_user),
              rate_table(rates.packages_address), rate_table(rates.packages_user)},
      on_(std::ranges::any_of(tables_, [](auto const& t) { return t.limit().limits(); })) {}

std::optional<response> request_limiter::count(traffic what, principal const* who,
                                               std::string_view address) {
    if (what == traffic::free) return std::nullopt;
    if (who != nullptr && who->what == principal::kind::anonymous) who = nullptr;
    auto by = who != nullptr ? packages_user : packages_address;
    bool const own_limit = what == traffic::packages && tables_[by].limit().limits();
    if (!own_limit) by = who != nullptr ? api_user : api_address;
    auto& table = tables_[by];
    if (!table.limit().limits()) return std::nullopt;
    auto const so_far = table.add(table.key_of(caller_of(who, address)), now_());
    if (so_far.count <= table.limit().count) return std::nullopt;
    refused_[by].fetch_add(1, std::memory_order_relaxed);
    return retry_later(by, so_far);
}

// (contracts: gitlab F13)
response request_limiter::retry_later(limit by, rate_table::tally const& so_far) const {
    auto const& allowed = tables_[by].limit();
    auto const left =
        std::chrono::ceil<std::chrono::seconds>(std::max(so_far.left, std::chrono::nanoseconds(1)));
    auto const end = std::chrono::ceil<std::chrono::seconds>(time_.now() + so_far.left);
    response answer(429);
    answer.header("Content-Type", "text/plain");
    answer.header("X-Content-Type-Options", "nosniff");
    answer.header("RateLimit-Name", names[by]);
    answer.header("RateLimit-Limit", std::to_string(per_minute(allowed)));
    answer.header("RateLimit-Observed", std::to_string(so_far.count));
    answer.header("RateLimit-Remaining", "0");
    answer.header("RateLimit-Reset", std::to_string(end.time_since_epoch().count()));
    answer.header("RateLimit-ResetTime", to_http_date(end));
    answer.header("Retry-After", std::to_string(left.count()));
    answer.body(std::string("Retry later\n"));
    answer.because(std::string(names[by]));
    return answer;
}

}  // namespace pilothouse::http
