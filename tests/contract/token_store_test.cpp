// The contract of storage::token_store.
#include "storage/token_store.hpp"

#include "tests/contract/harness.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace pilothouse::tests::token_store_test {

namespace {

using storage::token_kind;
using storage::token_record;

token_record personal_token(storage::user_id user, std::string const& text) {
    token_record t;
    t.hash = sha256(text);
    t.name = "laptop";
    t.user = user;
    t.scopes = {"api"};
    return t;
}

}  // namespace

TEST_CASE_TEMPLATE("A token is kept as it was made, and found by hash and number", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    token_record wanted;
    wanted.kind = token_kind::job;
    wanted.hash = sha256("text");
    wanted.name = "a name";
    wanted.username = "shown";
    wanted.user = make_user(*stores).id;
    wanted.project = make_project(*stores).id;
    wanted.scopes = {"read_package_registry", "write_package_registry", "api"};
    wanted.created = stores.time.now();
    wanted.expires = stores.time.now() + std::chrono::hours(1);
    auto const made = wait(stores->tokens().add(wanted));
    REQUIRE(made);
    for (auto const& t : {*made, *wait(stores->tokens().find(wanted.hash)),
                          *wait(stores->tokens().find(made->id))}) {
        CHECK(t.id == made->id);
        CHECK(t.kind == token_kind::job);
        CHECK(t.hash == wanted.hash);
        CHECK(t.name == "a name");
        CHECK(t.username == "shown");
        CHECK(t.user == wanted.user);
        CHECK(t.project == wanted.project);
        CHECK(t.scopes == wanted.scopes);
        CHECK(t.created == wanted.created);
        CHECK(t.expires == wanted.expires);
        CHECK_FALSE(t.revoked);
        CHECK_FALSE(t.last_used);
    }
}

TEST_CASE_TEMPLATE("What a token lacks stays lacking", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    token_record bare;
    bare.kind = token_kind::deploy;
    bare.hash = sha256("bare");
    bare.project = make_project(*stores).id;
    REQUIRE(wait(stores->tokens().add(bare)));
    auto const t = wait(stores->tokens().find(bare.hash));
    REQUIRE(t);
    CHECK(t->user.value == 0);
    CHECK(t->scopes.empty());
    CHECK_FALSE(t->expires);
    CHECK_FALSE(t->last_used);
}

TEST_CASE_TEMPLATE("A token whose owner is gone is refused", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto token = personal_token({999}, "text");
    CHECK(wait(stores->tokens().add(token)).error().code == errc::not_found);
    token.user = make_user(*stores).id;
    token.project = {999};
    CHECK(wait(stores->tokens().add(token)).error().code == errc::not_found);
    CHECK(wait(stores->tokens().list({})).empty());
}

TEST_CASE_TEMPLATE("Unknown tokens are not found, and a hash is taken once", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const token = personal_token(make_user(*stores).id, "text");
    REQUIRE(wait(stores->tokens().add(token)));
    CHECK(wait(stores->tokens().add(token)).error().code == errc::conflict);
    CHECK(wait(stores->tokens().find(sha256("Text"))).error().code == errc::not_found);
    CHECK(wait(stores->tokens().find(sha256_digest())).error().code == errc::not_found);
    CHECK(wait(stores->tokens().find(storage::token_id{999})).error().code == errc::not_found);
    CHECK(wait(stores->tokens().revoke({999})).error().code == errc::not_found);
    wait(stores->tokens().touch({999}, stores.time.now()));
}

TEST_CASE_TEMPLATE("A revoked token is still found, as revoked", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = wait(stores->tokens().add(personal_token(make_user(*stores).id, "text")));
    REQUIRE(made);
    for (int again = 0; again < 2; ++again) {
        auto const revoked = wait(stores->tokens().revoke(made->id));
        REQUIRE(revoked);
        CHECK(revoked->revoked);
    }
    CHECK(wait(stores->tokens().find(sha256("text")))->revoked);
}

TEST_CASE_TEMPLATE("The last use is the latest one told", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = wait(stores->tokens().add(personal_token(make_user(*stores).id, "text")));
    REQUIRE(made);
    auto const last = [&] { return wait(stores->tokens().find(made->id))->last_used; };
    wait(stores->tokens().touch(made->id, from_nanoseconds(50)));
    CHECK(last() == from_nanoseconds(50));
    wait(stores->tokens().touch(made->id, from_nanoseconds(40)));
    CHECK(last() == from_nanoseconds(50));
    wait(stores->tokens().touch(made->id, from_nanoseconds(60)));
    CHECK(last() == from_nanoseconds(60));
}

TEST_CASE_TEMPLATE("Listing filters by kind, user and project, in the order of numbers", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const ada = make_user(*stores, "ada").id;
    auto const bob = make_user(*stores, "bob").id;
    auto const app = make_project(*stores).id;
    auto const add = [&](token_kind kind, storage::user_id user, storage::project_id project,
                         char const* text) {
        auto t = personal_token(user, text);
        t.kind = kind;
        t.project = project;
        REQUIRE(wait(stores->tokens().add(t)));
    };
    add(token_kind::personal, ada, {}, "0");
    add(token_kind::deploy, {}, app, "1");
    add(token_kind::job, bob, app, "2");
    add(token_kind::personal, bob, {}, "3");

    struct row {
        storage::token_filter filter;
        std::vector<char const*> texts;
    };
    std::vector<row> const rows{{{}, {"0", "1", "2", "3"}},
                                {{token_kind::personal, {}, {}, {}}, {"0", "3"}},
                                {{std::nullopt, bob, {}, {}}, {"2", "3"}},
                                {{std::nullopt, {}, app, {}}, {"1", "2"}},
                                {{token_kind::job, bob, app, {}}, {"2"}},
                                {{token_kind::deploy, ada, {}, {}}, {}},
                                {{std::nullopt, {999}, {}, {}}, {}}};
    for (auto const& r : rows) {
        auto const found = wait(stores->tokens().list(r.filter));
        REQUIRE(found.size() == r.texts.size());
        for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i].hash == sha256(r.texts[i]));
    }
}

TEST_CASE_TEMPLATE("A token of a group is kept, found by its group, and goes with it", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const group = make_group(*stores, "team");
    auto const other = make_group(*stores, "other");
    token_record wanted;
    wanted.kind = token_kind::deploy;
    wanted.hash = sha256("of the group");
    wanted.group = group.id;
    wanted.description = "for the\nmirror";
    auto const made = wait(stores->tokens().add(wanted));
    REQUIRE(made);
    for (auto const& t : {*made, *wait(stores->tokens().find(wanted.hash)),
                          *wait(stores->tokens().find(made->id))}) {
        CHECK(t.group == group.id);
        CHECK(t.project == storage::project_id());
        CHECK(t.description == "for the\nmirror");
    }
    wanted.hash = sha256("of another");
    wanted.group = other.id;
    REQUIRE(wait(stores->tokens().add(wanted)));
    auto const found = wait(stores->tokens().list({std::nullopt, {}, {}, group.id}));
    REQUIRE(found.size() == 1);
    CHECK(found.front().id == made->id);
    CHECK(wait(stores->tokens().list({token_kind::job, {}, {}, group.id})).empty());

    wanted.hash = sha256("of nobody");
    wanted.group = {999};
    CHECK(wait(stores->tokens().add(wanted)).error().code == errc::not_found);
    REQUIRE(wait(stores->groups().remove(group.id)));
    CHECK(wait(stores->tokens().find(made->id)).error().code == errc::not_found);
    CHECK(wait(stores->tokens().list({})).size() == 1);
}

TEST_CASE_TEMPLATE("Replacing a token ends the old one and makes the new one", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const user = make_user(*stores).id;
    auto const old = wait(stores->tokens().add(personal_token(user, "old"))).value();
    auto fresh = personal_token(user, "new");
    fresh.id = old.id;  // it gets a number of its own all the same
    fresh.description = "the second";
    auto const made = wait(stores->tokens().replace(old.id, fresh));
    REQUIRE(made);
    CHECK(made->id != old.id);
    CHECK(made->description == "the second");
    CHECK_FALSE(made->revoked);
    CHECK(wait(stores->tokens().find(sha256("old")))->revoked);
    CHECK_FALSE(wait(stores->tokens().find(sha256("new")))->revoked);
    CHECK(wait(stores->tokens().list({})).size() == 2);
}

TEST_CASE_TEMPLATE("A token that cannot be replaced stays what it is", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const user = make_user(*stores).id;
    auto const old = wait(stores->tokens().add(personal_token(user, "old"))).value();
    REQUIRE(wait(stores->tokens().add(personal_token(user, "other"))));
    auto const refused = [&](storage::token_id id, token_record const& fresh) {
        auto const told = stores.seen.directory_changes();
        auto const made = wait(stores->tokens().replace(id, fresh));
        REQUIRE_FALSE(made);
        CHECK(stores.seen.directory_changes() == told);
        CHECK_FALSE(wait(stores->tokens().find(old.id))->revoked);
        CHECK(wait(stores->tokens().list({})).size() == 2);
        return made.error().code;
    };
    CHECK(refused({999}, personal_token(user, "new")) == errc::not_found);
    CHECK(refused(old.id, personal_token(user, "other")) == errc::conflict);
    CHECK(refused(old.id, personal_token(user, "old")) == errc::conflict);
    CHECK(refused(old.id, personal_token({999}, "new")) == errc::not_found);

    REQUIRE(wait(stores->tokens().revoke(old.id)));
    auto const late = wait(stores->tokens().replace(old.id, personal_token(user, "new")));
    REQUIRE_FALSE(late);
    CHECK(late.error().code == errc::conflict);
    CHECK_FALSE(wait(stores->tokens().find(sha256("new"))));
}

TEST_CASE_TEMPLATE("Of several who replace a token at once, one does", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const user = make_user(*stores).id;
    auto const old = wait(stores->tokens().add(personal_token(user, "old"))).value();
    std::atomic<int> made = 0, refused = 0;
    std::vector<std::thread> all;
    for (int i = 0; i < 8; ++i)
        all.emplace_back([&, i] {
            auto const fresh =
                wait(stores->tokens().replace(old.id, personal_token(user, std::to_string(i))));
            if (fresh) ++made;
            if (!fresh && fresh.error().code == errc::conflict) ++refused;
        });
    for (auto& t : all) t.join();
    CHECK(made == 1);
    CHECK(refused == 7);
    CHECK(wait(stores->tokens().list({})).size() == 2);
}

}  // namespace pilothouse::tests::token_store_test
