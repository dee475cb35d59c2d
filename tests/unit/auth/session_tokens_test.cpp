#include "auth/session_tokens.hpp"

#include "auth/policy.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/token_text.hpp"
#include "base/runtime.hpp"
#include "storage/open.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/put_record.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace pilothouse::tests::session_tokens_test {

using namespace std::chrono_literals;
using auth::principal;

namespace {

struct fixture {
    tests::fake_clock time;
    blocking_pool files{"files", {.threads = 1}};
    auth::access_cache cache;
    std::unique_ptr<storage::stores> stores =
        storage::open(storage::memory_backend{}, files, time, nullptr, &cache).value();
    auth::policy policy{{stores->projects(), stores->groups(), stores->members(),
                         stores->clusters(), stores->cluster_members()},
                        cache,
                        time};
    key_ring keys = key_ring::temporary();
    auth::auditor auditor{stores->audit(), time};
    auth::session_tokens sessions{keys, stores->tokens(), auditor, time};
    auth::token_authenticator authenticator{stores->tokens(), stores->users(), cache, time,
                                            nullptr,          &sessions};
    storage::user_record user = make_user();
    storage::token_record parent;  // the last that was made

    storage::user_record make_user() {
        storage::user_record u;
        u.username = "alice";
        return run_to_end(stores->users().create(u)).value();
    }

    auto authenticate(std::string_view text,
                      auth::credentials::scheme how = auth::credentials::scheme::bearer) {
        auth::credentials c;
        c.how = how;
        c.token = secret(std::string(text));
        return run_to_end(authenticator.authenticate(c));
    }

    // Of a personal token that ends then.
    auth::session make(std::optional<instant> end = {}) {
        auto const text = auth::generate_token(storage::token_kind::personal);
        storage::token_record t;
        t.hash = auth::token_hash(text.reveal());
        t.user = user.id;
        t.scopes = {"read_api"};
        t.expires = end;
        parent = run_to_end(stores->tokens().add(t)).value();
        auto const who = authenticate(text.reveal()).value();
        auto const grant = policy.authorize_on_server(who, auth::permission::hold_token).value();
        return run_to_end(sessions.issue(grant)).value();
    }

    errc refusal(std::string_view text) {
        auto const who = authenticate(text);
        REQUIRE(!who.has_value());
        return who.error().code;
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "a session has the shape that clients know") {
    std::string const text(make().text.reveal());
    CHECK(text.starts_with("t1."));
    CHECK(std::ranges::count(text, '.') == 2);
    CHECK(text.find_first_not_of(
              "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") ==
          std::string::npos);
    CHECK(auth::session_tokens::is_shaped(text));
}

TEST_CASE_FIXTURE(fixture, "who made a session of which token is in the audit log") {
    auto const made = make();
    auto const noted = run_to_end(stores->audit().list({}, 0, 10));
    REQUIRE(noted.size() == 1);
    CHECK(noted[0].what == "session_token_created");
    CHECK(noted[0].by == "alice");
    CHECK(noted[0].author == user.id);
    CHECK(noted[0].kind == "PersonalAccessToken");
    CHECK(noted[0].thing == parent.id.value);
    CHECK(noted[0].detail.find(made.text.reveal()) == std::string::npos);
}

TEST_CASE_FIXTURE(fixture, "a session is its parent, in whichever header it comes") {
    auto const made = make();
    for (auto const how : {auth::credentials::scheme::bearer, auth::credentials::scheme::basic,
                           auth::credentials::scheme::private_token}) {
        auto const who = authenticate(made.text.reveal(), how);
        REQUIRE(who.has_value());
        CHECK((*who)->what == principal::kind::user);
        CHECK((*who)->user == user.id);
        CHECK((*who)->name == "alice");
        CHECK((*who)->token == parent.id);
        CHECK((*who)->scopes == auth::scope::read_api);
    }
}

TEST_CASE_FIXTURE(fixture, "a session ends after twelve hours, or with its parent") {
    auto const whole = make();
    CHECK(whole.expires <= time.now() + 12h);
    CHECK(whole.expires > time.now() + 12h - 1s);
    auto const parent_end = time.now() + 1h;
    auto const shorter = make(parent_end);
    CHECK(shorter.expires <= parent_end);
    CHECK(shorter.expires > parent_end - 1s);

    time.set(shorter.expires - 1ns);
    CHECK(authenticate(shorter.text.reveal()).has_value());
    time.set(shorter.expires);
    CHECK(refusal(shorter.text.reveal()) == errc::token_expired);
    time.set(whole.expires);
    CHECK(refusal(whole.text.reveal()) == errc::token_expired);
}

TEST_CASE_FIXTURE(fixture, "a session goes with its parent, at the next request") {
    auto const made = make();
    REQUIRE(authenticate(made.text.reveal()).has_value());
    REQUIRE(run_to_end(stores->tokens().revoke(parent.id)).has_value());
    CHECK(refusal(made.text.reveal()) == errc::token_revoked);
}

TEST_CASE_FIXTURE(fixture, "a blocked user's session is refused") {
    auto const made = make();
    REQUIRE(authenticate(made.text.reveal()).has_value());
    user.blocked = true;
    REQUIRE(run_to_end(tests::put_record(stores->users(), user)).has_value());
    CHECK(refusal(made.text.reveal()) == errc::blocked);
}

TEST_CASE_FIXTURE(fixture, "a session that was changed anywhere is nobody's") {
    std::string const good(make().text.reveal());
    for (std::size_t at = 0; at < good.size(); ++at) {
        CAPTURE(at);
        auto changed = good;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        CHECK(refusal(changed) == errc::unauthenticated);
        CHECK(refusal(good.substr(0, at)) == errc::unauthenticated);
    }
    CHECK(refusal(good + "A") == errc::unauthenticated);
    CHECK(refusal(good + "=") == errc::unauthenticated);
    CHECK(authenticate(good).has_value());
}

TEST_CASE_FIXTURE(fixture, "a session under another key is nobody's") {
    auto const strange = key_ring::temporary();
    auth::session_tokens const others(strange, stores->tokens(), auditor, time);
    CHECK(!others.read(make().text.reveal()).has_value());
}

}  // namespace pilothouse::tests::session_tokens_test
