// The contract of storage::group_store, and what projects have to do with groups.
#include "storage/directory.hpp"
#include "tests/contract/harness.hpp"
#include "tests/support/put_record.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace pilothouse::tests::group_store_test {

namespace {

using storage::group_id;
using storage::group_record;
using storage::role;
using storage::visibility;

errc refusal(storage::stores& s, std::string path) {
    group_record g;
    g.path = std::move(path);
    auto const made = wait(s.groups().create(std::move(g), {}));
    REQUIRE_FALSE(made);
    return made.error().code;
}

errc project_refusal(storage::stores& s, std::string path) {
    storage::project_record p;
    p.path = std::move(path);
    auto const made = wait(s.projects().create(std::move(p)));
    REQUIRE_FALSE(made);
    return made.error().code;
}

std::vector<std::string> group_paths(storage::stores& s) {
    std::vector<std::string> paths;
    for (auto const& g : wait(s.groups().list())) paths.push_back(g.path);
    return paths;
}

std::vector<std::string> project_paths(storage::stores& s) {
    std::vector<std::string> paths;
    for (auto const& p : wait(s.projects().list())) paths.push_back(p.path);
    return paths;
}

group_id id_of(storage::stores& s, std::string path) {
    return wait(s.groups().find(std::move(path))).value().id;
}

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE_TEMPLATE("A group is kept as it was made, and found by number and by path", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const top = make_group(*stores, "Grp");
    group_record wanted;
    wanted.path = "grp/Team";
    wanted.name = "The team";
    wanted.description = "Who sails";
    wanted.visibility = visibility::internal;
    wanted.created = stores.time.now();
    auto const made = wait(stores->groups().create(wanted, {}));
    REQUIRE(made);
    CHECK(made->id.value > 0);
    for (auto const& found :
         {*made, *wait(stores->groups().find(made->id)), *wait(stores->groups().find("grp/Team")),
          *wait(stores->groups().find("GRP/tEAM"))}) {
        CHECK(found.id == made->id);
        CHECK(found.parent == top.id);
        CHECK(found.path == "grp/Team");
        CHECK(found.name == "The team");
        CHECK(found.description == "Who sails");
        CHECK(found.visibility == visibility::internal);
        CHECK(found.created == wanted.created);
    }
    CHECK(top.parent == group_id());
    CHECK(top.name == "Grp");
    CHECK(make_group(*stores, "grp/team/Deep").name == "Deep");
}

TEST_CASE_TEMPLATE("A group needs its parent, and a path that nothing has", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    make_group(*stores, "Grp");
    make_project(*stores, "grp/App");
    CHECK(refusal(*stores, "none/sub") == errc::not_found);
    CHECK(refusal(*stores, "grp/none/sub") == errc::not_found);
    CHECK(refusal(*stores, "grp/app/sub") == errc::not_found);  // a project is no parent
    for (char const* path : {"Grp", "grp", "GRP", "grp/App", "GRP/APP"}) {
        CAPTURE(path);
        CHECK(refusal(*stores, path) == errc::conflict);
    }
    CHECK(group_paths(*stores) == texts{"Grp"});
    CHECK(wait(stores->groups().find("grp/app")).error().code == errc::not_found);
}

TEST_CASE_TEMPLATE("What is no group is not found", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    make_group(*stores, "grp");
    for (char const* path : {"", "gr", "grp/", "grp/x", "/grp", "%"}) {
        CAPTURE(path);
        CHECK(wait(stores->groups().find(std::string(path))).error().code == errc::not_found);
    }
    for (std::int64_t const id : {0, -1, 999}) {
        CAPTURE(id);
        group_record unknown;
        unknown.id = {id};
        unknown.path = "other";
        CHECK(wait(stores->groups().find(group_id{id})).error().code == errc::not_found);
        CHECK(wait(tests::put_record(stores->groups(), unknown)).error().code == errc::not_found);
        CHECK(wait(stores->groups().remove({id})).error().code == errc::not_found);
    }
}

TEST_CASE_TEMPLATE("Who makes a group owns it", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const user = make_user(*stores);
    auto const owned = make_group(*stores, "owned", user.id);
    auto const of_nobody = make_group(*stores, "free");
    auto const member = wait(stores->members().find(owned.id, user.id));
    REQUIRE(member);
    CHECK(member->as.role == role::owner);
    CHECK_FALSE(member->as.expires);
    CHECK(member->as.created_by == user.id);
    CHECK(wait(stores->members().list(of_nobody.id, true)).empty());

    REQUIRE(wait(stores->users().remove(user.id, true)));
    storage::group_record late;
    late.path = "late";
    auto const refused = wait(stores->groups().create(late, user.id));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::not_found);
    CHECK(wait(stores->groups().find("late")).error().code == errc::not_found);
}

TEST_CASE_TEMPLATE("Groups are listed by path, each after the one it lies in", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    CHECK(group_paths(*stores).empty());
    for (char const* path : {"b", "A", "a/x", "B/a", "a/X/deep", "a-b"}) make_group(*stores, path);
    auto const paths = group_paths(*stores);
    CHECK(paths.size() == 6);
    auto const at = [&](char const* path) { return std::ranges::find(paths, path); };
    CHECK(at("A") < at("a/x"));
    CHECK(at("a/x") < at("a/X/deep"));
    CHECK(at("a/X/deep") < at("b"));
    CHECK(at("b") < at("B/a"));
}

TEST_CASE_TEMPLATE("Editing a group changes what it is called, and not where it lies", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    make_group(*stores, "top");
    auto group = make_group(*stores, "top/sub");
    auto const before = group;
    group.path = "top/Other";
    group.name = "Other people";
    group.description = "new";
    group.visibility = visibility::public_;
    group.created = from_nanoseconds(1);
    group.parent = {};
    auto const edited = wait(tests::put_record(stores->groups(), group));
    REQUIRE(edited);
    for (auto const& found : {*edited, *wait(stores->groups().find(before.id))}) {
        CHECK(found.path == "top/Other");
        CHECK(found.name == "Other people");
        CHECK(found.description == "new");
        CHECK(found.visibility == visibility::public_);
        CHECK(found.created == before.created);
        CHECK(found.parent == before.parent);
    }
    CHECK_FALSE(wait(stores->groups().find("top/sub")));
}

TEST_CASE_TEMPLATE("Renaming a group moves all that lies in it, and nothing beside it", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    // An underscore and a per cent sign mean something to LIKE.
    for (char const* path : {"a_b/p", "A_B/sub/deep/q", "a_b/r", "aXb/p", "a_bc/p", "x/a_b/p"})
        make_project(*stores, path);
    auto group = *wait(stores->groups().find("a_b"));
    auto const deep = id_of(*stores, "a_b/sub/deep");
    auto const q = wait(stores->projects().find("a_b/sub/deep/q")).value();
    group.path = "moved";
    REQUIRE(wait(tests::put_record(stores->groups(), group)));
    CHECK(group_paths(*stores) ==
          texts{"a_bc", "aXb", "moved", "moved/sub", "moved/sub/deep", "x", "x/a_b"});
    CHECK(project_paths(*stores) ==
          texts{"a_bc/p", "aXb/p", "moved/p", "moved/r", "moved/sub/deep/q", "x/a_b/p"});
    CHECK(id_of(*stores, "moved/sub/deep") == deep);
    CHECK(wait(stores->projects().find("moved/sub/deep/q"))->id == q.id);
    CHECK(wait(stores->projects().find("moved/sub/deep/q"))->groups == q.groups);
    CHECK_FALSE(wait(stores->projects().find("a_b/p")));

    // Only the letter case: that is no conflict with itself.
    group.path = "MOVED";
    REQUIRE(wait(tests::put_record(stores->groups(), group)));
    CHECK(wait(stores->projects().find("moved/p"))->path == "MOVED/p");
}

TEST_CASE_TEMPLATE("A group takes no path of another group or project", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    make_project(*stores, "top/App");
    make_group(*stores, "top/Sub");
    auto group = make_group(*stores, "top/mine");
    for (char const* path : {"top/app", "TOP/APP", "top/sub"}) {
        CAPTURE(path);
        group.path = path;
        CHECK(wait(tests::put_record(stores->groups(), group)).error().code == errc::conflict);
    }
    CHECK(wait(stores->groups().find(group.id))->path == "top/mine");
}

TEST_CASE_TEMPLATE("With a group goes all that lies in it", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const user = make_user(*stores);
    auto const in_top = make_project(*stores, "Doomed/p");
    auto const below = make_project(*stores, "doomed/sub/q");
    auto const spared = make_project(*stores, "doomed-not/p");
    auto const top = id_of(*stores, "doomed");
    auto const sub = id_of(*stores, "doomed/sub");
    auto const beside = id_of(*stores, "doomed-not");
    int tokens = 0;
    auto const add_token = [&](storage::user_id u, storage::project_id p, group_id g) {
        storage::token_record t;
        t.hash = sha256(std::to_string(++tokens));
        t.user = u;
        t.project = p;
        t.group = g;
        REQUIRE(wait(stores->tokens().add(t)));
    };
    for (storage::place_id const& where :
         {storage::place_id(top), storage::place_id(sub), storage::place_id(below.id),
          storage::place_id(beside)}) {
        storage::user_record bot;
        bot.username = "bot" + std::to_string(tokens);
        bot.bot_of = where;
        auto const made = wait(stores->users().create(bot)).value();
        REQUIRE(wait(stores->members().set(where, made.id, as(role::developer))));
        add_token(made.id, {}, {});
    }
    for (auto const g : {top, sub, beside}) {
        REQUIRE(wait(stores->members().set(g, user.id, as(role::owner))));
        add_token({}, {}, g);
    }
    for (auto const& p : {in_top, below, spared}) {
        REQUIRE(wait(stores->members().set(p.id, user.id, as(role::guest))));
        add_token({}, p.id, {});
        storage::protection_rule rule;
        rule.pattern = "*";
        rule.push = role::owner;
        REQUIRE(wait(stores->protections().add(p.id, rule)));
        REQUIRE(wait(stores->catalogue().add(p.id, "stable", make_entry("tide", 1, p.path),
                                             storage::on_duplicate::refuse)));
    }
    add_token(user.id, {}, {});
    auto const told_before = stores.seen.changes().size();
    REQUIRE(wait(stores->groups().remove(top)));

    CHECK(group_paths(*stores) == texts{"doomed-not"});
    CHECK(project_paths(*stores) == texts{"doomed-not/p"});
    CHECK(wait(stores->members().of_user(user.id)).size() == 2);
    CHECK(wait(stores->catalogue().named_blobs()) == std::vector{sha256("doomed-not/p")});
    texts users;
    for (auto const& u : wait(stores->users().list())) users.push_back(u.username);
    CHECK(users == texts{"ada", "bot3"});
    // Of the bot beside it, its group, its project, and the person.
    CHECK(wait(stores->tokens().list({})).size() == 4);

    auto const told = stores.seen.changes();
    std::vector<storage::project_id> gone;
    for (auto i = told_before; i < told.size(); ++i) {
        CHECK(told[i].what == storage::index_change::kind::project_removed);
        gone.push_back(told[i].project);
    }
    std::ranges::sort(gone);
    CHECK(gone == std::vector{in_top.id, below.id});

    CHECK(make_group(*stores, "doomed").id > beside);
    CHECK(wait(stores->groups().find(sub)).error().code == errc::not_found);
}

TEST_CASE_TEMPLATE("A project's groups are made with it, and it knows them from the top", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const top = make_group(*stores, "Top");
    storage::project_record wanted;
    wanted.path = "top/Mid/low/App";
    wanted.created = stores.time.now();
    auto const made = wait(stores->projects().create(wanted)).value();
    auto const mid = wait(stores->groups().find("top/mid")).value();
    auto const low = wait(stores->groups().find("top/mid/low")).value();
    CHECK(mid.path == "top/Mid");
    CHECK(mid.name == "Mid");
    CHECK(mid.parent == top.id);
    CHECK(mid.visibility == visibility::private_);
    CHECK(mid.created == wanted.created);
    CHECK(low.parent == mid.id);
    CHECK(wait(stores->members().list(mid.id, true)).empty());
    for (auto const& found : {made, *wait(stores->projects().find(made.id)),
                              *wait(stores->projects().find("TOP/mid/low/app")),
                              wait(stores->projects().list()).front()})
        CHECK(found.groups == std::vector{top.id, mid.id, low.id});

    make_project(*stores, "TOP/mid/other");
    CHECK(group_paths(*stores) == texts{"Top", "top/Mid", "top/Mid/low"});
}

TEST_CASE_TEMPLATE("A project lies in no other project, and takes no group's path", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    make_project(*stores, "grp/app");
    make_group(*stores, "grp/sub");
    for (char const* path : {"grp/app/x", "GRP/App/x/y", "grp/sub", "GRP/SUB", "grp/app"}) {
        CAPTURE(path);
        CHECK(project_refusal(*stores, path) == errc::conflict);
    }
    CHECK(group_paths(*stores) == texts{"grp", "grp/sub"});  // nothing of the refused stays
    auto project = make_project(*stores, "grp/free");
    project.path = "grp/SUB";
    CHECK(wait(tests::put_record(stores->projects(), project)).error().code == errc::conflict);
    CHECK(wait(stores->projects().find(project.id))->path == "grp/free");
}

TEST_CASE_TEMPLATE("A refused change leaves no part of itself behind", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    make_project(*stores, "grp/app");
    // The groups above would have to be made before it shows that a project is in the way.
    CHECK(project_refusal(*stores, "grp/app/new/deep/x") == errc::conflict);
    CHECK(refusal(*stores, "fresh/none/x") == errc::not_found);
    CHECK(group_paths(*stores) == texts{"grp"});
}

TEST_CASE_TEMPLATE("A project has words for people, a creator, and a time of its last change",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const user = make_user(*stores);
    storage::project_record wanted;
    wanted.path = "grp/App";
    wanted.creator = user.id;
    wanted.created = from_nanoseconds(5);
    wanted.updated = from_nanoseconds(9);
    auto made = wait(stores->projects().create(wanted)).value();
    CHECK(made.name == "App");
    CHECK(made.description.empty());
    CHECK(made.creator == user.id);
    CHECK(made.updated == wanted.created);

    made.name = "The app";
    made.description = "What it does";
    made.updated = from_nanoseconds(20);
    made.creator = {};
    made.groups.clear();
    auto const edited = wait(tests::put_record(stores->projects(), made)).value();
    for (auto const& found : {edited, *wait(stores->projects().find(made.id))}) {
        CHECK(found.name == "The app");
        CHECK(found.description == "What it does");
        CHECK(found.updated == from_nanoseconds(20));
        CHECK(found.creator == user.id);
        CHECK(found.groups.size() == 1);
    }
    REQUIRE(wait(stores->users().remove(user.id, false)));
    CHECK(wait(stores->projects().find(made.id))->creator == storage::user_id());
}

}  // namespace pilothouse::tests::group_store_test
