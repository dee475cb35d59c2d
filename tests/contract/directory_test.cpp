// The contracts of project_store and setting_store.
#include "storage/directory.hpp"
#include "tests/support/put_record.hpp"

#include "tests/contract/harness.hpp"

#include <string>
#include <vector>

namespace pilothouse::tests::directory_test {

using storage::role;

namespace {

role role_in(storage::stores& s, storage::place_id where, storage::user_id user) {
    return wait(s.members().role_of(where, user, instant())).role;
}

}  // namespace

TEST_CASE_TEMPLATE("A project is kept as it was made, and found by number and by path", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    storage::project_record wanted;
    wanted.path = "Grp/Team/App";
    wanted.visibility = storage::visibility::internal;
    wanted.anyone_can_pull = true;
    wanted.duplicates = storage::duplicates_rule::prerelease_only;
    wanted.archived = true;
    wanted.packages_enabled = false;
    wanted.created = from_nanoseconds(1'234'567'890'123'456'789);
    auto const made = wait(stores->projects().create(wanted));
    REQUIRE(made);
    CHECK(made->id.value > 0);
    for (auto const& found : {*made, *wait(stores->projects().find(made->id)),
                              *wait(stores->projects().find("Grp/Team/App")),
                              *wait(stores->projects().find("gRP/team/aPP"))}) {
        CHECK(found.id == made->id);
        CHECK(found.path == "Grp/Team/App");
        CHECK(found.visibility == wanted.visibility);
        CHECK(found.anyone_can_pull);
        CHECK(found.duplicates == wanted.duplicates);
        CHECK(found.archived);
        CHECK_FALSE(found.packages_enabled);
        CHECK(found.created == wanted.created);
    }
}

TEST_CASE_TEMPLATE("What is no project is not found", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    make_project(*stores, "grp/app");
    for (char const* path : {"", "grp", "grp/ap", "grp/app/", "grp/app2", "grp/%", "grp_app"}) {
        CAPTURE(path);
        auto const found = wait(stores->projects().find(std::string(path)));
        REQUIRE_FALSE(found);
        CHECK(found.error().code == errc::not_found);
    }
    for (std::int64_t const id : {0, -1, 999}) {
        CAPTURE(id);
        storage::project_record unknown;
        unknown.id = {id};
        unknown.path = "grp/other";
        CHECK(wait(stores->projects().find(storage::project_id{id})).error().code ==
              errc::not_found);
        CHECK(wait(tests::put_record(stores->projects(), unknown)).error().code == errc::not_found);
        CHECK(wait(stores->projects().remove({id})).error().code == errc::not_found);
    }
}

TEST_CASE_TEMPLATE("Paths are unique without regard to case", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    make_project(*stores, "Grp/App");
    auto other = make_project(*stores, "grp/other");
    for (char const* path : {"Grp/App", "grp/app", "GRP/APP"}) {
        CAPTURE(path);
        storage::project_record twin;
        twin.path = path;
        CHECK(wait(stores->projects().create(twin)).error().code == errc::conflict);
        other.path = path;
        CHECK(wait(tests::put_record(stores->projects(), other)).error().code == errc::conflict);
    }
    CHECK(wait(stores->projects().list()).size() == 2);
}

TEST_CASE_TEMPLATE("Editing a project changes all but its number and its birth", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto project = make_project(*stores, "grp/app");
    auto const created = project.created;
    project.path = "GRP/App";
    project.visibility = storage::visibility::public_;
    project.anyone_can_pull = true;
    project.duplicates = storage::duplicates_rule::allow;
    project.archived = true;
    project.packages_enabled = false;
    project.created = from_nanoseconds(1);
    auto const edited = wait(tests::put_record(stores->projects(), project));
    REQUIRE(edited);
    auto const found = wait(stores->projects().find(project.id));
    REQUIRE(found);
    CHECK(found->path == "GRP/App");
    CHECK(found->visibility == storage::visibility::public_);
    CHECK(found->anyone_can_pull);
    CHECK(found->duplicates == storage::duplicates_rule::allow);
    CHECK(found->archived);
    CHECK_FALSE(found->packages_enabled);
    CHECK(found->created == created);
    CHECK(edited->created == created);
}

TEST_CASE_TEMPLATE("Projects are listed by path", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    CHECK(wait(stores->projects().list()).empty());
    for (char const* path : {"b/x", "A/y", "a/x", "B/a"}) make_project(*stores, path);
    std::vector<std::string> paths;
    for (auto const& p : wait(stores->projects().list())) paths.push_back(p.path);
    CHECK(paths == std::vector<std::string>{"a/x", "A/y", "B/a", "b/x"});
}

TEST_CASE_TEMPLATE("With a project goes all that is its own, and its number never comes back",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const doomed = make_project(*stores, "grp/doomed");
    auto const spared = make_project(*stores, "grp/spared");
    auto const user = make_user(*stores);
    storage::token_record token;
    for (auto const& p : {doomed, spared}) {
        REQUIRE(wait(stores->members().set(p.id, user.id, as(role::owner))));
        REQUIRE(wait(stores->catalogue().add(p.id, "stable", make_entry("tide", 1, p.path),
                                             storage::on_duplicate::refuse)));
        token.hash = sha256(p.path);
        token.project = p.id;
        REQUIRE(wait(stores->tokens().add(token)));
    }
    REQUIRE(wait(stores->projects().remove(doomed.id)));

    CHECK_FALSE(wait(stores->projects().find("grp/doomed")));
    CHECK(wait(stores->catalogue().channels(doomed.id)).empty());
    CHECK_FALSE(wait(stores->catalogue().scan(doomed.id, "stable", [](auto const&) {})));
    CHECK(role_in(*stores, doomed.id, user.id) == role::none);
    CHECK(wait(stores->members().list(doomed.id, true)).empty());
    CHECK_FALSE(wait(stores->tokens().find(sha256("grp/doomed"))));
    CHECK(wait(stores->catalogue().named_blobs()) == std::vector{sha256("grp/spared")});
    CHECK(role_in(*stores, spared.id, user.id) == role::owner);
    CHECK(wait(stores->tokens().find(sha256("grp/spared"))));
    CHECK(wait(stores->users().find(user.id)));

    auto const again = make_project(*stores, "grp/doomed");
    CHECK(again.id > spared.id);
    CHECK_FALSE(wait(stores->catalogue().scan(again.id, "stable", [](auto const&) {})));
}

TEST_CASE_TEMPLATE("A setting has the value last set", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    CHECK_FALSE(wait(stores->settings().get("size")));
    wait(stores->settings().set("size", "1"));
    wait(stores->settings().set("size", ""));
    CHECK(wait(stores->settings().get("size")) == "");
    wait(stores->settings().set("size", "2"));
    CHECK(wait(stores->settings().get("size")) == "2");
    CHECK_FALSE(wait(stores->settings().get("Size")));
}

}  // namespace pilothouse::tests::directory_test
