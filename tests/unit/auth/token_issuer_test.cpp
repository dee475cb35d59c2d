#include "auth/token_issuer.hpp"

#include "auth/policy.hpp"
#include "auth/token_text.hpp"
#include "base/runtime.hpp"
#include "storage/open.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>

using namespace pilothouse;
using namespace std::chrono_literals;
using storage::token_kind;

namespace {

struct fixture {
    tests::fake_clock time;
    blocking_pool files{"files", {.threads = 1}};
    auth::access_cache cache;
    std::unique_ptr<storage::stores> stores =
        storage::open(storage::memory_backend{}, files, time, nullptr, &cache).value();
    auth::policy policy{{stores->projects(), stores->groups(), stores->members()}, cache, time};
    auth::grant grant =
        policy.authorize_on_server(auth::local_operator(), auth::permission::administer).value();
    auth::auditor auditor{stores->audit(), time};
    auth::token_issuer issuer{stores->tokens(), auditor, time};
    auth::token_request request;  // a personal one that is good

    fixture() {
        storage::user_record user;
        user.username = "alice";
        request.user = run_to_end(stores->users().create(user)).value().id;
        request.scopes = {"api"};
    }
    auto issue() { return run_to_end(issuer.issue(grant, request)); }
    errc refusal() {
        auto const issued = issue();
        REQUIRE(!issued);
        CHECK(run_to_end(issuer.list(grant, {})).empty());
        return issued.error().code;
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "a token is stored without its text") {
    auto const issued = issue();
    REQUIRE(issued);
    CHECK(auth::well_formed_token(issued->text.reveal()) == token_kind::personal);
    auto const stored = run_to_end(stores->tokens().find(issued->record.id));
    REQUIRE(stored);
    CHECK(stored->hash == auth::token_hash(issued->text.reveal()));
    CHECK(stored->created == time.now());
    CHECK(stored->expires == time.now() + 90 * 24h);
    CHECK(!stored->name.empty());
}

TEST_CASE_FIXTURE(fixture, "a token that would have ended already is not made") {
    request.expires = time.now();
    CHECK(refusal() == errc::invalid_argument);
    request.expires = time.now() - 1ns;
    CHECK(refusal() == errc::invalid_argument);
    request.expires = time.now() + 1ns;
    CHECK(issue());
}

TEST_CASE_FIXTURE(fixture, "a token has scopes of its kind, and a name that can be shown") {
    request.scopes = {};
    CHECK(refusal() == errc::invalid_argument);
    request.scopes = {"read_package_registry"};
    CHECK(refusal() == errc::invalid_argument);
    request.scopes = {"api"};
    request.name = "a\x1b[2J";
    CHECK(refusal() == errc::invalid_argument);
    request.name = std::string(256, 'n');
    CHECK(refusal() == errc::invalid_argument);
    request.name = std::string(255, 'n');
    CHECK(issue());
}

TEST_CASE_FIXTURE(fixture, "a token of nobody is not made") {
    request.user = storage::user_id{12345};
    CHECK(refusal() == errc::not_found);
}

TEST_CASE("an end is a date or a time") {
    CHECK(to_rfc3339(auth::parse_expiry("2027-01-31").value()) == "2027-01-31T00:00:00.000000000Z");
    CHECK(to_rfc3339(auth::parse_expiry("2027-01-31T12:00:00+02:00").value()) ==
          "2027-01-31T10:00:00.000000000Z");
    for (char const* const text : {"", "tomorrow", "2027-02-29", "2027-1-1", "20270131xx",
                                   "2027-01-31T12:00:00", "9999-01-01", "90"})
        CHECK(!auth::parse_expiry(text));
}
