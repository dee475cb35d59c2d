// The authenticator of this server: tokens that it made itself.
#pragma once

#include "auth/access_cache.hpp"
#include "auth/authenticator.hpp"
#include "auth/login_throttle.hpp"
#include "auth/session_tokens.hpp"
#include "base/clock.hpp"
#include "storage/directory.hpp"
#include "storage/token_store.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace pilothouse::auth {

// Thread-safe. The cache has to be told of directory changes (storage::open's observer); then a
// revoked token or a blocked user is refused from the next request on. A token is good in whichever
// header it comes, whatever its kind. A session token stands for its parent, until its own end.
class token_authenticator final : public authenticator {
public:
    // `throttle` may be null: then nobody is slowed; `sessions` too: then nobody has one.
    token_authenticator(storage::token_store& tokens, storage::user_store& users,
                        access_cache& cache, clock const& time, login_throttle* throttle = nullptr,
                        session_tokens const* sessions = nullptr);

    // Answers from the cache without leaving the core. errc::throttled, too: see login_throttle.
    [[nodiscard]] task<result<std::shared_ptr<principal const>>> authenticate(
        credentials const& c) override;

    // Writes down which tokens were used since the last call: at most once a minute a token, and
    // never on a request's way. Call it from time to time, one call at a time, and at the end. An
    // exception of the store comes out; what is not yet written stays for the next call.
    [[nodiscard]] task<void> flush_last_used();

private:
    using known_pointer = std::shared_ptr<known_token const>;

    [[nodiscard]] task<result<known_pointer>> load(sha256_digest hash, credentials const& c);
    [[nodiscard]] task<result<storage::token_record>> find(sha256_digest hash,
                                                           credentials const& c);
    [[nodiscard]] failure unknown(credentials const& c);
    [[nodiscard]] task<result<void>> add_user(principal& who, storage::user_id id);
    void note_use(known_token const& token, instant now);

    storage::token_store& tokens_;
    storage::user_store& users_;
    access_cache& cache_;
    clock const& time_;
    login_throttle* throttle_;
    session_tokens const* sessions_;

    std::mutex uses_mutex_;
    std::map<storage::token_id, instant> uses_;  // not yet written
};

}  // namespace pilothouse::auth
