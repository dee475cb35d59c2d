// How many requests one caller may send in a time: GitLab's limits for users and for addresses.
#pragma once

#include "auth/principal.hpp"
#include "base/clock.hpp"
#include "base/rate_table.hpp"
#include "server/http/response.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pilothouse::http {

// What a request is counted as.
enum class traffic : std::uint8_t {
    free,      // never counted: who asks whether the server lives must be told
    api,       // everything else
    packages,  // charts and their index; as `api` where there is no limit of its own
};

// Who is counted as one: a user by his number, whatever tokens and addresses he comes with, a
// deploy token by its own; whoever shows no good credentials (null, or the anonymous principal) by
// the address.
[[nodiscard]] std::string caller_of(auth::principal const* who, std::string_view address);

// A route's, by its pattern.
[[nodiscard]] traffic traffic_of(std::string_view pattern) noexcept;

// All off at first.
struct request_rates {
    rate api_address, api_user, packages_address, packages_user;
};

// Thread-safe.
class request_limiter {
public:
    // The clock outlives it, and tells in clients' time when a window ends.
    request_limiter(
        request_rates const& rates, clock const& time,
        steady_source now = [] { return std::chrono::steady_clock::now(); });

    // Whether anything is counted at all.
    [[nodiscard]] bool on() const noexcept { return on_; }

    // Counts one request. The answer, where it is one too many: 429 in GitLab's words and with its
    // fields.
    [[nodiscard]] std::optional<response> count(traffic what, auth::principal const* who,
                                                std::string_view address);

    enum limit : std::uint8_t { api_address, api_user, packages_address, packages_user };
    static constexpr std::array<std::string_view, 4> names = {
        "throttle_unauthenticated_api", "throttle_authenticated_api",
        "throttle_unauthenticated_packages_api", "throttle_authenticated_packages_api"};
    // Requests refused so far.
    [[nodiscard]] std::uint64_t refused(std::size_t by) const noexcept { return refused_[by]; }

private:
    [[nodiscard]] response retry_later(limit by, rate_table::tally const& so_far) const;

    clock const& time_;
    steady_source now_;
    std::array<rate_table, 4> tables_;
    std::array<std::atomic<std::uint64_t>, 4> refused_{};
    bool on_;
};

}  // namespace pilothouse::http
