// Turns credentials into a principal.
#pragma once

#include "auth/credentials.hpp"
#include "auth/principal.hpp"
#include "base/result.hpp"
#include "base/task.hpp"

#include <memory>

namespace pilothouse::auth {

// Thread-safe.
class authenticator {
public:
    virtual ~authenticator() = default;

    // No credentials: the anonymous principal. errc::unauthenticated: a token that nobody has, or
    // an ended deploy or job token; errc::token_expired, errc::token_revoked: a personal one
    // (contracts: gitlab A8, A11; settled 11); errc::blocked (contracts: gitlab A13);
    // errc::throttled: too many tokens that nobody has.
    [[nodiscard]] virtual task<result<std::shared_ptr<principal const>>> authenticate(
        credentials const& c) = 0;
};

}  // namespace pilothouse::auth
