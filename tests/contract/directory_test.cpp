// The contracts of project_store, member_store, user_store and setting_store.
#include "storage/directory.hpp"

#include "tests/contract/harness.hpp"

#include <string>
#include <vector>

namespace pilothouse::tests {

using storage::role;

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
        CHECK(wait(stores->projects().edit(unknown)).error().code == errc::not_found);
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
        CHECK(wait(stores->projects().edit(other)).error().code == errc::conflict);
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
    auto const edited = wait(stores->projects().edit(project));
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
        REQUIRE(wait(stores->members().set(p.id, user.id, role::owner)));
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
    CHECK(wait(stores->members().role_of(doomed.id, user.id)) == role::none);
    CHECK(wait(stores->members().list(doomed.id)).empty());
    CHECK_FALSE(wait(stores->tokens().find(sha256("grp/doomed"))));
    CHECK(wait(stores->catalogue().named_blobs()) == std::vector{sha256("grp/spared")});
    CHECK(wait(stores->members().role_of(spared.id, user.id)) == role::owner);
    CHECK(wait(stores->tokens().find(sha256("grp/spared"))));
    CHECK(wait(stores->users().find(user.id)));

    auto const again = make_project(*stores, "grp/doomed");
    CHECK(again.id > spared.id);
    CHECK_FALSE(wait(stores->catalogue().scan(again.id, "stable", [](auto const&) {})));
}

TEST_CASE_TEMPLATE("A member has the role last given", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const other = make_project(*stores, "grp/other");
    auto const user = make_user(*stores);
    CHECK(wait(stores->members().role_of(project.id, user.id)) == role::none);
    for (auto const r : {role::guest, role::owner, role::reporter, role::reporter}) {
        REQUIRE(wait(stores->members().set(project.id, user.id, r)));
        CHECK(wait(stores->members().role_of(project.id, user.id)) == r);
    }
    CHECK(wait(stores->members().role_of(other.id, user.id)) == role::none);
    REQUIRE(wait(stores->members().set(project.id, user.id, role::none)));
    CHECK(wait(stores->members().role_of(project.id, user.id)) == role::none);
    CHECK(wait(stores->members().set(project.id, user.id, role::none)).error().code ==
          errc::not_found);
}

TEST_CASE_TEMPLATE("Membership needs a project and a user", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const user = make_user(*stores);
    struct row {
        storage::project_id project;
        storage::user_id user;
    };
    for (auto const& r : {row{{999}, user.id}, row{project.id, {999}}, row{{0}, {0}}}) {
        for (auto const wanted : {role::guest, role::none})
            CHECK(wait(stores->members().set(r.project, r.user, wanted)).error().code ==
                  errc::not_found);
    }
    CHECK(wait(stores->members().list(project.id)).empty());
}

TEST_CASE_TEMPLATE("Members are listed by name, with their users", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    for (char const* name : {"zoe", "Ada", "bob"}) {
        auto const user = make_user(*stores, name);
        REQUIRE(wait(stores->members().set(project.id, user.id, role::developer)));
    }
    auto const members = wait(stores->members().list(project.id));
    REQUIRE(members.size() == 3);
    CHECK(members[0].user.username == "Ada");
    CHECK(members[1].user.username == "bob");
    CHECK(members[2].user.username == "zoe");
    CHECK(members[0].user.id == wait(stores->users().find("ada"))->id);
    CHECK(members[0].role == role::developer);
}

TEST_CASE_TEMPLATE("A user is kept, found by number and name, and blocked", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    storage::user_record wanted;
    wanted.username = "Ada";
    wanted.admin = true;
    wanted.created = stores.time.now();
    auto const made = wait(stores->users().create(wanted));
    REQUIRE(made);
    for (auto const& found :
         {*wait(stores->users().find(made->id)), *wait(stores->users().find("aDA"))}) {
        CHECK(found.id == made->id);
        CHECK(found.username == "Ada");
        CHECK(found.admin);
        CHECK_FALSE(found.blocked);
        CHECK(found.created == wanted.created);
    }
    auto change = *made;
    change.admin = false;
    change.blocked = true;
    change.username = "ignored";
    auto const edited = wait(stores->users().edit(change));
    REQUIRE(edited);
    CHECK(edited->username == "Ada");
    CHECK_FALSE(edited->admin);
    CHECK(edited->blocked);
    CHECK(wait(stores->users().find(made->id))->blocked);
}

TEST_CASE_TEMPLATE("User names are unique without regard to case", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    make_user(*stores, "Ada");
    make_user(*stores, "bob");
    for (char const* name : {"Ada", "ada", "BOB"}) {
        storage::user_record twin;
        twin.username = name;
        CHECK(wait(stores->users().create(twin)).error().code == errc::conflict);
    }
    auto const all = wait(stores->users().list());
    REQUIRE(all.size() == 2);
    CHECK(all[0].username == "Ada");
    CHECK(all[1].username == "bob");
    CHECK(wait(stores->users().find("eve")).error().code == errc::not_found);
    CHECK(wait(stores->users().find(storage::user_id{999})).error().code == errc::not_found);
    CHECK(wait(stores->users().edit({{999}, "eve", false, false, {}})).error().code ==
          errc::not_found);
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

}  // namespace pilothouse::tests
