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

namespace pilothouse::tests::token_issuer_test {

using namespace std::chrono_literals;
using storage::token_kind;

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

TEST_CASE_FIXTURE(fixture, "without a named end a token lives as long as its kind does") {
    CHECK(issue()->record.expires == time.now() + 90 * 24h);
    request.endless = true;
    CHECK_FALSE(issue()->record.expires);
    request.expires = time.now() + 1h;
    CHECK(issue()->record.expires == time.now() + 1h);
}

TEST_CASE_FIXTURE(fixture, "a deploy token may be a group's, and has a user name to show") {
    storage::group_record group;
    group.path = "team";
    auto const team = run_to_end(stores->groups().create(group, {})).value().id;
    request.kind = token_kind::deploy;
    request.user = {};
    request.group = team;
    request.description = "for the mirror";
    request.scopes = {"read_package_registry"};
    auto const issued = issue().value();
    CHECK(issued.record.group == team);
    CHECK(issued.record.project == storage::project_id());
    CHECK(issued.record.username == "deploy-token");
    CHECK(issued.record.description == "for the mirror");
    CHECK(auth::well_formed_token(issued.text.reveal()) == token_kind::deploy);
    storage::token_filter of_team;
    of_team.group = team;
    CHECK(run_to_end(issuer.list(grant, of_team)).size() == 1);
    request.username = "a:b";
    CHECK_FALSE(issue());
    request.username = "puller";
    CHECK(issue()->record.username == "puller");
    request.group = {999};
    auto const nowhere = issue();
    REQUIRE_FALSE(nowhere);
    CHECK(nowhere.error().code == errc::not_found);
}

TEST_CASE_FIXTURE(fixture, "a rotated token is another text with the same rights, for a week") {
    request.name = "laptop";
    request.description = "at home";
    request.scopes = {"read_user", "api"};
    auto const old = issue().value();
    run_to_end(stores->tokens().touch(old.record.id, time.now()));
    time.advance(1h);
    auto const stored = run_to_end(stores->tokens().find(old.record.id)).value();
    auto const fresh = run_to_end(issuer.rotate(grant, stored, {})).value();
    CHECK(fresh.record.id != old.record.id);
    CHECK(fresh.text.reveal() != old.text.reveal());
    CHECK(fresh.record.hash == auth::token_hash(fresh.text.reveal()));
    CHECK(fresh.record.kind == token_kind::personal);
    CHECK(fresh.record.user == request.user);
    CHECK(fresh.record.name == "laptop");
    CHECK(fresh.record.description == "at home");
    CHECK(fresh.record.scopes == old.record.scopes);
    CHECK(fresh.record.created == time.now());
    CHECK(fresh.record.expires == time.now() + 7 * 24h);
    CHECK_FALSE(fresh.record.last_used);
    CHECK_FALSE(fresh.record.revoked);
    CHECK(run_to_end(stores->tokens().find(old.record.id))->revoked);
}

TEST_CASE_FIXTURE(fixture, "a token that cannot be rotated stays what it is") {
    auto const old = issue().value().record;
    for (auto const end : {time.now(), time.now() - 1ns, instant()}) {
        auto const refused = run_to_end(issuer.rotate(grant, old, end));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == errc::invalid_argument);
    }
    CHECK_FALSE(run_to_end(stores->tokens().find(old.id))->revoked);
    CHECK(run_to_end(issuer.rotate(grant, old, time.now() + 1ns))->record.expires ==
          time.now() + 1ns);
    auto const again = run_to_end(issuer.rotate(grant, old, {}));
    REQUIRE_FALSE(again);
    CHECK(again.error().code == errc::conflict);
    auto unknown = old;
    unknown.id = {999};
    CHECK(run_to_end(issuer.rotate(grant, unknown, {})).error().code == errc::not_found);
    CHECK(run_to_end(issuer.list(grant, {})).size() == 2);
}

TEST_CASE_FIXTURE(fixture, "a token is revoked under its own kind and project alone") {
    storage::project_record project;
    project.path = "grp/app";
    auto const app = run_to_end(stores->projects().create(project)).value().id;
    project.path = "grp/other";
    auto const other = run_to_end(stores->projects().create(project)).value().id;
    request.kind = token_kind::deploy;
    request.user = {};
    request.project = app;
    request.scopes = {"read_package_registry"};
    auto const id = issue().value().record.id;
    auto const revoke = [&](token_kind kind, storage::project_id where) {
        return run_to_end(issuer.revoke(grant, kind, id, where));
    };
    CHECK(revoke(token_kind::personal, app).error().code == errc::not_found);
    CHECK(revoke(token_kind::deploy, other).error().code == errc::not_found);
    CHECK_FALSE(run_to_end(stores->tokens().find(id))->revoked);
    CHECK(revoke(token_kind::deploy, app)->revoked);
    CHECK(revoke(token_kind::deploy, app)->revoked);  // twice is as once
    CHECK(revoke(token_kind::deploy, {})->revoked);
}

}  // namespace pilothouse::tests::token_issuer_test
