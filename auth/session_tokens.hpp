// Tokens for some hours, made of a personal one: for clients that exchange what they were given
// before they use it (contracts: releases 2.4, 2.6).
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/sealing.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "storage/token_store.hpp"

#include <chrono>
#include <string_view>

namespace pilothouse::auth {

struct session {
    secret text;
    instant expires;
};

// What a session token says of itself.
struct session_claim {
    storage::token_id parent;
    instant expires;
};

// `t1.<payload>.<signature>`, both base64url: the parent's number and the end, and an HMAC-SHA256
// of what is before it. Nothing is stored: a session is good as long as its parent is, and as the
// first key of the ring. Thread-safe.
class session_tokens {
public:
    static constexpr std::chrono::hours lifetime{12};

    session_tokens(key_ring const& keys, storage::token_store& tokens, auditor& audit,
                   clock const& time)
        : keys_(keys), tokens_(tokens), audit_(audit), time_(time) {}

    // Of the personal token that the caller showed (permission::hold_token); never beyond that
    // one's own end. errc::not_found: it is gone.
    [[nodiscard]] task<result<session>> issue(grant const& g) const;

    // Whether a text is of this shape at all.
    [[nodiscard]] static bool is_shaped(std::string_view text) noexcept;
    // Says nothing of the parent, nor whether the end is over. errc::unauthenticated: not ours.
    [[nodiscard]] result<session_claim> read(std::string_view text) const;

private:
    [[nodiscard]] sha256_digest sign(std::string_view signed_part) const;

    key_ring const& keys_;
    storage::token_store& tokens_;
    auditor& audit_;
    clock const& time_;
};

}  // namespace pilothouse::auth
