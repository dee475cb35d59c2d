#include "auth/token_authenticator.hpp"

#include "auth/token_text.hpp"
#include "base/runtime.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/unit/auth/fake_directory.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace pilothouse::tests::token_authenticator_test {

using namespace std::chrono_literals;
using auth::principal;
using auth::scope;
using scheme = auth::credentials::scheme;
using storage::project_id;
using storage::token_id;
using storage::token_kind;
using storage::token_record;
using storage::user_id;

namespace {

struct fixture {
    tests::fake_clock time;
    tests::fake_tokens tokens;
    tests::fake_users users;
    auth::access_cache cache;
    auth::token_authenticator authenticator{tokens, users, cache, time};

    fixture() {
        storage::user_record skipper;
        skipper.id = user_id{1};
        skipper.username = "skipper";
        users.rows.push_back(skipper);
    }

    // A token of user 1, or of project 7.
    secret make(token_kind kind, std::vector<std::string> scopes = {}) {
        auto text = auth::generate_token(kind);
        token_record t;
        t.id = token_id{static_cast<std::int64_t>(tokens.rows.size()) + 1};
        t.kind = kind;
        t.hash = auth::token_hash(text.reveal());
        t.name = "ci";
        t.scopes = std::move(scopes);
        if (kind != token_kind::deploy) t.user = user_id{1};
        if (kind != token_kind::personal) t.project = project_id{7};
        tokens.rows.push_back(t);
        return text;
    }

    auto authenticate(secret const& token, scheme how = scheme::basic) {
        auth::credentials c;
        c.how = how;
        c.username = "whoever";
        c.token = token;
        return run_to_end(authenticator.authenticate(c));
    }

    errc refusal(secret const& token) {
        auto const who = authenticate(token);
        REQUIRE(!who.has_value());
        CHECK(!who.error().detail.empty());
        return who.error().code;
    }

    void change_directory() { cache.directory_changed(); }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "who shows nothing is anonymous, and costs no look-up") {
    auto const who = run_to_end(authenticator.authenticate(auth::credentials()));
    REQUIRE(who.has_value());
    CHECK((*who)->what == principal::kind::anonymous);
    CHECK(tokens.asked == 0);
}

TEST_CASE_FIXTURE(fixture, "a personal token is its user, with the token's scopes") {
    auto const token = make(token_kind::personal, {"api", "read_user"});
    users.rows[0].admin = true;
    auto const who = authenticate(token);
    REQUIRE(who.has_value());
    CHECK((*who)->what == principal::kind::user);
    CHECK((*who)->user == user_id{1});
    CHECK((*who)->name == "skipper");
    CHECK((*who)->admin);
    CHECK((*who)->scopes == (scope::api | scope::read_user));
    CHECK((*who)->token == token_id{1});
}

TEST_CASE_FIXTURE(fixture, "a deploy token is nobody but itself, in its project") {
    auto const who = authenticate(make(token_kind::deploy, {"read_package_registry"}));
    REQUIRE(who.has_value());
    CHECK((*who)->what == principal::kind::deploy_token);
    CHECK((*who)->user == user_id{});
    CHECK((*who)->project == project_id{7});
    CHECK((*who)->name == "ci");
    CHECK((*who)->scopes == scope::read_package_registry);
}

TEST_CASE_FIXTURE(fixture, "a job token is its user, in its project") {
    auto const who = authenticate(make(token_kind::job));
    REQUIRE(who.has_value());
    CHECK((*who)->what == principal::kind::job_token);
    CHECK((*who)->user == user_id{1});
    CHECK((*who)->project == project_id{7});
    CHECK((*who)->name == "skipper");
}

TEST_CASE_FIXTURE(fixture, "a token counts in whichever field it comes") {
    for (auto const kind : {token_kind::personal, token_kind::deploy, token_kind::job}) {
        auto const token = make(kind);
        for (auto const how : {scheme::basic, scheme::bearer, scheme::private_token,
                               scheme::deploy_token, scheme::job_token})
            CHECK(authenticate(token, how).has_value());
    }
}

TEST_CASE_FIXTURE(fixture, "what is no token of this server is refused without a look-up") {
    for (char const* const text : {"hunter2", "glpat-0123456789abcdefghij", "", "plhp_",
                                   "plhp_0000000000000000000000000000003aWiAS"})
        CHECK(refusal(secret(text)) == errc::unauthenticated);
    CHECK(tokens.asked == 0);
}

TEST_CASE_FIXTURE(fixture, "a well-formed token that nobody has is refused each time") {
    auto const unknown = auth::generate_token(token_kind::personal);
    CHECK(refusal(unknown) == errc::unauthenticated);
    CHECK(refusal(unknown) == errc::unauthenticated);
    CHECK(tokens.asked == 2);
}

TEST_CASE_FIXTURE(fixture, "the second use of a token asks no store") {
    auto const token = make(token_kind::personal, {"api"});
    auto const first = authenticate(token);
    auto const second = authenticate(token);
    REQUIRE(second.has_value());
    CHECK(*first == *second);
    CHECK(tokens.asked == 1);
}

TEST_CASE_FIXTURE(fixture, "a token ends at its very moment of expiry, though it was cached") {
    struct row {
        token_kind kind;
        errc refusal;
    };
    for (auto const& [kind, wanted] : {row{token_kind::personal, errc::token_expired},
                                       row{token_kind::deploy, errc::unauthenticated},
                                       row{token_kind::job, errc::unauthenticated}}) {
        auto const token = make(kind);
        tokens.rows.back().expires = time.now() + 10s;
        CHECK(authenticate(token).has_value());
        time.advance(10s - 1ns);
        CHECK(authenticate(token).has_value());
        time.advance(1ns);
        CHECK(refusal(token) == wanted);
        change_directory();  // and just so when it is read anew
        CHECK(refusal(token) == wanted);
    }
}

TEST_CASE_FIXTURE(fixture, "a revoked token is refused at the next request") {
    struct row {
        token_kind kind;
        errc refusal;
    };
    for (auto const& [kind, wanted] : {row{token_kind::personal, errc::token_revoked},
                                       row{token_kind::deploy, errc::unauthenticated},
                                       row{token_kind::job, errc::unauthenticated}}) {
        auto const token = make(kind);
        CHECK(authenticate(token).has_value());
        tokens.rows.back().revoked = true;
        change_directory();
        CHECK(refusal(token) == wanted);
    }
}

TEST_CASE_FIXTURE(fixture, "a revocation in the middle of a look-up is not overlooked later") {
    auto const token = make(token_kind::personal, {"api"});
    tokens.while_reading = [this] {
        tokens.rows[0].revoked = true;  // committed after the row was read
        change_directory();
    };
    CHECK(authenticate(token).has_value());
    CHECK(refusal(token) == errc::token_revoked);
}

TEST_CASE_FIXTURE(fixture, "a blocked user's tokens are refused at the next request") {
    auto const personal = make(token_kind::personal, {"api"});
    auto const job = make(token_kind::job);
    CHECK(authenticate(personal).has_value());
    CHECK(authenticate(job).has_value());
    users.rows[0].blocked = true;
    change_directory();
    CHECK(refusal(personal) == errc::blocked);
    CHECK(refusal(job) == errc::blocked);
}

TEST_CASE_FIXTURE(fixture, "a token whose user is gone is nobody's") {
    auto const token = make(token_kind::personal, {"api"});
    users.rows.clear();
    CHECK(refusal(token) == errc::unauthenticated);
}

TEST_CASE_FIXTURE(fixture, "a store that is busy is not mistaken for an unknown token") {
    auto const token = make(token_kind::personal, {"api"});
    tokens.broken = true;
    CHECK(refusal(token) == errc::unavailable);
    tokens.broken = false;
    CHECK(authenticate(token).has_value());
}

TEST_CASE_FIXTURE(fixture, "the last use is written once a minute, and only when asked to") {
    auto const token = make(token_kind::personal, {"api"});
    auto const first_use = time.now();
    CHECK(authenticate(token).has_value());
    time.advance(59s);
    CHECK(authenticate(token).has_value());
    CHECK(tokens.touched.empty());
    run_to_end(authenticator.flush_last_used());
    REQUIRE(tokens.touched.size() == 1);
    CHECK(tokens.touched[0] == std::pair(token_id{1}, first_use));

    run_to_end(authenticator.flush_last_used());
    CHECK(tokens.touched.size() == 1);

    time.advance(1s);
    CHECK(authenticate(token).has_value());
    run_to_end(authenticator.flush_last_used());
    CHECK(tokens.touched.size() == 2);
}

TEST_CASE_FIXTURE(fixture, "reading a token anew does not shorten the minute") {
    auto const token = make(token_kind::personal, {"api"});
    tokens.rows[0].last_used = time.now() - 30s;
    CHECK(authenticate(token).has_value());
    change_directory();
    CHECK(authenticate(token).has_value());
    run_to_end(authenticator.flush_last_used());
    CHECK(tokens.touched.empty());
    time.advance(30s);
    CHECK(authenticate(token).has_value());
    run_to_end(authenticator.flush_last_used());
    CHECK(tokens.touched.size() == 1);
}

TEST_CASE_FIXTURE(fixture, "a refused token is not used") {
    auto const token = make(token_kind::personal, {"api"});
    tokens.rows[0].expires = time.now();
    CHECK(refusal(token) == errc::token_expired);
    run_to_end(authenticator.flush_last_used());
    CHECK(tokens.touched.empty());
}

TEST_CASE_FIXTURE(fixture, "uses that could not be written are written the next time") {
    CHECK(authenticate(make(token_kind::personal, {"api"})).has_value());
    CHECK(authenticate(make(token_kind::deploy)).has_value());
    tokens.broken = true;
    CHECK_THROWS(run_to_end(authenticator.flush_last_used()));
    tokens.broken = false;
    run_to_end(authenticator.flush_last_used());
    CHECK(tokens.touched.size() == 2);
}

}  // namespace pilothouse::tests::token_authenticator_test
