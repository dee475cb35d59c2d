// Slows whoever guesses tokens, and nobody who has one.
#pragma once

#include "base/rate_table.hpp"
#include "base/result.hpp"
#include "base/sha256.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace pilothouse::auth {

// How many tokens that nobody has may come before the next ones are refused unasked. 0: any.
struct login_limits {
    rate by_address{60, std::chrono::minutes(1)};
    rate by_name{300, std::chrono::minutes(1)};
};

// Thread-safe. Asked only about tokens that are not in the cache: a caller who is known costs
// nothing. The reasons are in docs/decisions/0012-who-guesses-waits.md.
class login_throttle {
public:
    explicit login_throttle(
        login_limits const& l, steady_source now = [] { return std::chrono::steady_clock::now(); });

    // Whether the store may be asked for this token. From an address over its limit it may for a
    // token that was good before, whatever became of it since, and for fifty others a second;
    // else errc::throttled.
    [[nodiscard]] result<void> may_ask(std::string_view address, sha256_digest const& token);

    // The token was good.
    void good(sha256_digest const& token);

    // Nobody has the token. `name`: the user name that came with it, or empty. Returns what the
    // caller is told: `why`, or errc::throttled when address or name are over their limit. A token
    // under a name that is over its limit counts tenfold against its address, so that guesses at
    // one name from many places run dry soon. A name never keeps a good token out.
    [[nodiscard]] failure wrong(std::string_view address, std::string_view name, failure why);

    // Answers of errc::throttled so far.
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

private:
    [[nodiscard]] failure refuse(std::chrono::nanoseconds left);

    steady_source now_;
    rate_table addresses_;
    rate_table names_;
    rate_table spare_;  // look-ups of addresses over their limit
    rate_table known_;  // tokens that were good
    std::atomic<std::uint64_t> refused_{0};
};

}  // namespace pilothouse::auth
