#include "auth/token_authenticator.hpp"

#include "auth/scopes.hpp"
#include "auth/token_text.hpp"

#include <chrono>
#include <utility>

namespace pilothouse::auth {

namespace {

using storage::token_kind;
using storage::token_record;

// How exact a token's last use is.
constexpr std::chrono::nanoseconds noting_interval = std::chrono::minutes(1);

principal::kind kind_of(token_kind kind) noexcept {
    switch (kind) {
        case token_kind::personal: return principal::kind::user;
        case token_kind::deploy: return principal::kind::deploy_token;
        case token_kind::job: return principal::kind::job_token;
    }
    return principal::kind::anonymous;
}

failure unknown_token() {
    return {errc::unauthenticated, "nobody has this token; check that it was copied whole"};
}

// Ended deploy and job tokens are answered as if nobody had them (contracts: settled 11).
failure expired_token(principal::kind what) {
    if (what != principal::kind::user) return {errc::unauthenticated, "the token has ended"};
    return {errc::token_expired, "the token has expired; create a new one"};
}

failure revoked_token(principal::kind what) {
    if (what != principal::kind::user) return {errc::unauthenticated, "the token has ended"};
    return {errc::token_revoked, "the token was revoked; create a new one"};
}

// A row that vanished between two looks is a token that nobody has; other failures are the store's.
failure or_unknown(failure why) {
    return why.code == errc::not_found ? unknown_token() : std::move(why);
}

bool ended(std::optional<instant> const& expires, instant now) {
    return expires.has_value() && *expires <= now;
}

std::shared_ptr<known_token> describe(token_record const& record) {
    auto known = std::make_shared<known_token>();
    known->who.what = kind_of(record.kind);
    known->who.name = record.name;
    known->who.project = record.project;
    known->who.group = record.group;
    known->who.scopes = scope_bits(record.scopes);
    known->who.token = record.id;
    known->expires = record.expires;
    if (record.last_used) known->last_noted.store(to_nanoseconds(*record.last_used));
    return known;
}

}  // namespace

token_authenticator::token_authenticator(storage::token_store& tokens, storage::user_store& users,
                                         access_cache& cache, clock const& time,
                                         login_throttle* throttle, session_tokens const* sessions)
    : tokens_(tokens),
      users_(users),
      cache_(cache),
      time_(time),
      throttle_(throttle),
      sessions_(sessions) {}

task<result<std::shared_ptr<principal const>>> token_authenticator::authenticate(
    credentials const& c) {
    if (c.how == credentials::scheme::none) co_return anonymous();
    std::string_view const text = c.token.reveal();
    // Typing errors, fakes and account passwords end here, without a look-up.
    bool const is_session = sessions_ != nullptr && session_tokens::is_shaped(text);
    if (!is_session && !well_formed_token(text)) co_return unknown(c);
    sha256_digest const hash = token_hash(text);

    known_pointer known = cache_.token(hash);
    if (known == nullptr) {
        PILOTHOUSE_CO_TRY(known, co_await load(hash, c));
    }
    // Nobody tells the cache that time passes, so this is asked at every request.
    instant const now = time_.now();
    if (ended(known->expires, now)) co_return expired_token(known->who.what);
    note_use(*known, now);
    principal const* const who = &known->who;
    co_return std::shared_ptr<principal const>(std::move(known), who);
}

// Of a token that nobody has.
failure token_authenticator::unknown(credentials const& c) {
    if (throttle_ == nullptr) return unknown_token();
    return throttle_->wrong(c.from, c.username, unknown_token());
}

// Ended and revoked tokens were somebody's: to show one is no guess, and does not count as one.
task<result<token_authenticator::known_pointer>> token_authenticator::load(sha256_digest hash,
                                                                           credentials const& c) {
    if (throttle_ != nullptr) {
        if (auto const asked = throttle_->may_ask(c.from, hash); !asked) co_return asked.error();
    }
    auto const loaded_at = cache_.epoch();
    auto found = co_await find(hash, c);
    if (!found && found.error().code == errc::not_found) co_return unknown(c);
    if (!found) co_return std::move(found).error();
    token_record const& record = *found;

    auto const known = describe(record);
    if (record.revoked) co_return revoked_token(known->who.what);
    if (ended(record.expires, time_.now())) co_return expired_token(known->who.what);
    if (record.kind != token_kind::deploy) {
        auto added = co_await add_user(known->who, record.user);
        if (!added) co_return std::move(added).error();
    }
    if (throttle_ != nullptr) throttle_->good(hash);
    cache_.keep_token(hash, known, loaded_at);
    co_return known;
}

// Of a session its parent, which ends no later than the session does.
task<result<token_record>> token_authenticator::find(sha256_digest hash, credentials const& c) {
    std::string_view const text = c.token.reveal();
    if (well_formed_token(text)) co_return co_await tokens_.find(hash);
    auto const claimed = sessions_->read(text);
    if (!claimed) co_return failure(errc::not_found, claimed.error().detail);
    auto parent = co_await tokens_.find(claimed->parent);
    if (parent && !ended(parent->expires, claimed->expires)) parent->expires = claimed->expires;
    co_return parent;
}

task<result<void>> token_authenticator::add_user(principal& who, storage::user_id id) {
    auto const user = co_await users_.find(id);
    if (!user) co_return or_unknown(user.error());
    if (user->blocked) co_return failure(errc::blocked, "the account is blocked");
    who.user = user->id;
    who.name = user->username;
    who.admin = user->admin;
    co_return result<void>();
}

void token_authenticator::note_use(known_token const& token, instant now) {
    std::int64_t const at = to_nanoseconds(now);
    std::int64_t last = token.last_noted.load(std::memory_order_relaxed);
    if (last != 0 && at - last < noting_interval.count()) return;
    // Of several requests in the same minute one takes the note.
    if (!token.last_noted.compare_exchange_strong(last, at, std::memory_order_relaxed)) return;
    std::lock_guard const lock(uses_mutex_);
    uses_.insert_or_assign(token.who.token, now);
}

task<void> token_authenticator::flush_last_used() {
    for (;;) {
        std::pair<storage::token_id, instant> use;
        {
            std::lock_guard const lock(uses_mutex_);
            if (uses_.empty()) co_return;
            use = *uses_.begin();
        }
        co_await tokens_.touch(use.first, use.second);
        std::lock_guard const lock(uses_mutex_);
        // Used again meanwhile: then the newer time is still to be written.
        auto const at = uses_.find(use.first);
        if (at != uses_.end() && at->second == use.second) uses_.erase(at);
    }
}

}  // namespace pilothouse::auth
