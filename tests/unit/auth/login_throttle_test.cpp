#include "auth/login_throttle.hpp"

#include "auth/token_authenticator.hpp"
#include "auth/token_text.hpp"
#include "base/runtime.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/unit/auth/fake_directory.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::login_throttle_test {

using namespace std::chrono_literals;

namespace {

struct fixture {
    steady_time now{1h};
    auth::login_throttle throttle;
    tests::fake_clock time;
    tests::fake_tokens tokens;
    tests::fake_users users;
    auth::access_cache cache;
    auth::token_authenticator authenticator{tokens, users, cache, time, &throttle};

    explicit fixture(rate by_address, rate by_name = {})
        : throttle({by_address, by_name}, [this] { return now; }) {
        storage::user_record skipper;
        skipper.id = storage::user_id{1};
        skipper.username = "skipper";
        users.rows.push_back(skipper);
    }

    std::string make() {
        auto const text = auth::generate_token(storage::token_kind::personal);
        storage::token_record t;
        t.id = storage::token_id{static_cast<std::int64_t>(tokens.rows.size()) + 1};
        t.hash = auth::token_hash(text.reveal());
        t.user = storage::user_id{1};
        tokens.rows.push_back(t);
        return std::string(text.reveal());
    }
    static std::string guess() {
        return std::string(auth::generate_token(storage::token_kind::personal).reveal());
    }

    // The code that a request with this token ends in; unavailable: let in.
    errc show(std::string const& token, std::string_view from = "192.0.2.1",
              std::string const& name = "ada") {
        auth::credentials c;
        c.how = auth::credentials::scheme::basic;
        c.username = name;
        c.token = secret(std::string(token));
        c.from = from;
        auto const who = run_to_end(authenticator.authenticate(c));
        if (who) return errc::unavailable;
        last = who.error();
        return last.code;
    }
    failure last;
};

constexpr auto let_in = errc::unavailable;

}  // namespace

TEST_CASE("Above its limit an address is told to wait, until its window ends") {
    fixture f({3, 60s});
    for (int i = 0; i < 3; ++i) CHECK(f.show("no token at all") == errc::unauthenticated);
    CHECK(f.throttle.refused() == 0);
    f.now += 20s;
    CHECK(f.show("no token at all") == errc::throttled);
    CHECK(f.last.retry_after == 40);
    CHECK(condition_of(f.last.code) == condition::throttled);
    CHECK(f.show("again") == errc::throttled);
    CHECK(f.throttle.refused() == 2);
    CHECK(f.show("elsewhere", "192.0.2.2") == errc::unauthenticated);
    f.now += 40s;
    CHECK(f.show("again") == errc::unauthenticated);
}

TEST_CASE("Of an IPv6 network of one client all addresses count as one") {
    fixture f({2, 60s});
    CHECK(f.show("x", "2001:db8::1") == errc::unauthenticated);
    CHECK(f.show("x", "2001:db8::2") == errc::unauthenticated);
    CHECK(f.show("x", "2001:db8::3") == errc::throttled);
    CHECK(f.show("x", "2001:db8:0:1::3") == errc::unauthenticated);
}

TEST_CASE("A good token is let in beside a guesser, also when the cache has just been emptied") {
    fixture f({3, 60s});
    auto const owner = f.make();
    CHECK(f.show(owner) == let_in);
    for (int i = 0; i < 1'000; ++i) (void)f.show(fixture::guess());
    CHECK(f.show(fixture::guess()) == errc::throttled);
    CHECK(f.show(owner) == let_in);
    f.cache.directory_changed();
    CHECK(f.show(owner) == let_in);
}

TEST_CASE("A token that is new here comes through with the spare look-ups of each second") {
    fixture f({3, 60s});
    for (int i = 0; i < 1'000; ++i) (void)f.show(fixture::guess());
    auto const fresh = f.make();
    CHECK(f.show(fresh) == errc::throttled);
    f.now += 1s;
    CHECK(f.show(fresh) == let_in);
    CHECK(f.show(fresh) == let_in);
}

TEST_CASE("Above its limit an address costs the store fifty look-ups a second, whatever it sends") {
    fixture f({3, 60s});
    for (int i = 0; i < 500; ++i) {
        (void)f.show(fixture::guess());
        f.now += 10ms;
    }
    CHECK(f.tokens.asked <= 3 + 6 * 50);
    CHECK(f.tokens.asked >= 3 + 4 * 50);
}

TEST_CASE("Guesses at one name from many places run dry, and its owner does not notice") {
    fixture f({10, 60s}, {20, 60s});
    auto const owner = f.make();
    for (int i = 0; i < 20; ++i)
        CHECK(f.show(fixture::guess(), "198.51.100." + std::to_string(i)) == errc::unauthenticated);
    CHECK(f.show(fixture::guess(), "203.0.113.1") == errc::throttled);  // counts tenfold
    CHECK(f.show(fixture::guess(), "203.0.113.1") == errc::throttled);
    CHECK(f.show(fixture::guess(), "203.0.113.1", "bob") == errc::throttled);
    CHECK(f.show(fixture::guess(), "203.0.113.2", "bob") == errc::unauthenticated);
    CHECK(f.show(fixture::guess(), "203.0.113.3", "ADA") == errc::throttled);
    // The token was never shown before.
    CHECK(f.show(owner, "203.0.113.4") == let_in);
}

TEST_CASE("A token that was somebody's is no guess") {
    fixture f({3, 60s});
    auto const ended = f.make();
    f.tokens.rows.back().revoked = true;
    for (int i = 0; i < 10; ++i) CHECK(f.show(ended) == errc::token_revoked);
    CHECK(f.show(fixture::guess()) == errc::unauthenticated);
}

TEST_CASE("With limits of 0 nobody is slowed, and no memory kept") {
    fixture f({}, {});
    for (int i = 0; i < 1'000; ++i) CHECK(f.show(fixture::guess()) == errc::unauthenticated);
    CHECK(f.throttle.refused() == 0);
}

TEST_CASE("A limit of names alone slows wrong tokens under that name") {
    fixture f({}, {2, 60s});
    CHECK(f.show("x") == errc::unauthenticated);
    CHECK(f.show("x") == errc::unauthenticated);
    CHECK(f.show("x") == errc::throttled);
    CHECK(f.show("x", "192.0.2.1", "") == errc::unauthenticated);
    CHECK(f.show(f.make()) == let_in);
}

}  // namespace pilothouse::tests::login_throttle_test
