// Making, changing and removing groups and projects.
#include "tests/use_cases/directory/office.hpp"

namespace pilothouse::tests::manage_places_test {

using namespace std::chrono_literals;
using auth::permission;
using storage::role;
using storage::visibility;

namespace {

constexpr auto private_ = visibility::private_;
constexpr auto internal = visibility::internal;
constexpr auto public_ = visibility::public_;

storage::project_record project_called(std::string path, visibility v = private_) {
    storage::project_record p;
    p.path = std::move(path);
    p.visibility = v;
    return p;
}

storage::group_record group_called(std::string path, visibility v = private_) {
    storage::group_record g;
    g.path = std::move(path);
    g.visibility = v;
    return g;
}

struct fixture : office {
    storage::group_record team = add_group("Team", internal);
    storage::user_record owner = add_user("owner");
    storage::user_record maintainer = add_user("mary");
    storage::user_record developer = add_user("dev");

    fixture() {
        give(team.id, owner, role::owner);
        give(team.id, maintainer, role::maintainer);
        give(team.id, developer, role::developer);
    }
    auto make(auth::grant const& g, storage::project_record wanted) {
        return run_to_end(projects.create(g, std::move(wanted)));
    }
    auto make(auth::grant const& g, storage::group_record wanted) {
        return run_to_end(groups.create(g, std::move(wanted)));
    }
    auth::grant fills() { return grant(as(developer), permission::fill_group, team.id); }
    auth::grant manages() { return grant(as(maintainer), permission::manage_group, team.id); }

    auto edit(storage::user_record const& who, permission what, storage::project_id p,
              registry::project_changes changes) {
        return run_to_end(projects.edit(grant(as(who), what, p), std::move(changes)));
    }
};

// No path within a group is made of these.
char const* const no_words[] = {"",   "a/b", "/",     "/a",       "a/",  "..",      ".",
                                "-a", "a b", "a.git", "packages", "a\n", "sub/../x"};

}  // namespace

TEST_CASE_FIXTURE(fixture, "a project made in a group has its path there, its maker and its time") {
    auto const made = make(fills(), project_called("App", internal)).value();
    CHECK(made.path == "Team/App");
    CHECK(made.groups == std::vector{team.id});
    CHECK(made.creator == developer.id);
    CHECK(made.created == time.now());
    CHECK(made.visibility == internal);
    CHECK(refusal(make(fills(), project_called("APP"))) == errc::conflict);
    for (char const* const word : no_words) {
        CAPTURE(word);
        CHECK(refusal(make(fills(), project_called(word))) == errc::invalid_argument);
    }
    CHECK(run_to_end(stores->projects().list()).size() == 1);
    CHECK(run_to_end(stores->groups().list()).size() == 1);
}

TEST_CASE_FIXTURE(fixture, "a project is no wider than the group that it is made in") {
    struct row {
        visibility group, project;
        char const* refused;
    };
    int number = 0;
    for (auto const& r : {row{private_, private_, nullptr},
                          row{private_, internal, "internal is not allowed in a private group."},
                          row{private_, public_, "public is not allowed in a private group."},
                          row{internal, private_, nullptr}, row{internal, internal, nullptr},
                          row{internal, public_, "public is not allowed in a internal group."},
                          row{public_, private_, nullptr}, row{public_, public_, nullptr}}) {
        team = add_group("team", r.group);
        auto const made = make(fills(), project_called("p" + std::to_string(++number), r.project));
        CHECK(made.has_value() == (r.refused == nullptr));
        if (made) continue;
        CHECK(made.error().code == errc::invalid_argument);
        CHECK(made.error().detail == r.refused);
    }
}

TEST_CASE_FIXTURE(fixture, "an administrator makes projects anywhere, with the groups they need") {
    auto const made = make(administration(), project_called("new/deep/App", public_)).value();
    CHECK(made.path == "new/deep/App");
    CHECK(made.groups.size() == 2);
    CHECK(made.creator == storage::user_id());
    CHECK(run_to_end(stores->groups().find("new/deep"))->visibility == private_);
    for (char const* const path : {"App", "", "/", "new//App", "new/", "api/App", "a/packages/b"})
        CHECK(refusal(make(administration(), project_called(path))) == errc::invalid_argument);
    CHECK(refusal(make(administration(), project_called("new/deep"))) == errc::conflict);
    CHECK(refusal(make(administration(), project_called("new/deep/app/x"))) == errc::conflict);
}

TEST_CASE_FIXTURE(fixture, "titles are texts that can be shown") {
    auto p = project_called("app");
    p.name = "a\x1b[2J";
    CHECK(refusal(make(fills(), p)) == errc::invalid_argument);
    p.name = std::string(256, 'n');
    CHECK(refusal(make(fills(), p)) == errc::invalid_argument);
    p.name = "An \"app\"";
    p.description = std::string(2001, 'd');
    CHECK(refusal(make(fills(), p)) == errc::invalid_argument);
    p.description = "two\nlines";
    CHECK(make(fills(), p)->name == "An \"app\"");
    auto g = group_called("sub");
    g.description = std::string("a\0b", 3);
    CHECK(refusal(make(manages(), g)) == errc::invalid_argument);
}

TEST_CASE_FIXTURE(fixture,
                  "maintainers change a project, but not who sees it or whether it lives") {
    auto const p = make(fills(), project_called("app")).value();
    registry::project_changes visible, archived, rest;
    visible.visibility = internal;
    archived.archived = true;
    rest.name = "The app";
    rest.description = "new";
    rest.anyone_can_pull = true;
    rest.duplicates = storage::duplicates_rule::allow;
    rest.packages_enabled = false;
    // The same values again are no change.
    rest.visibility = private_;
    rest.archived = false;
    time.advance(1h);

    auto const edits = permission::edit_project;
    CHECK(refusal(edit(maintainer, edits, p.id, visible)) == errc::denied);
    CHECK(refusal(edit(maintainer, edits, p.id, archived)) == errc::denied);
    CHECK(run_to_end(stores->projects().find(p.id))->updated == p.updated);
    auto const changed = edit(maintainer, edits, p.id, rest).value();
    CHECK(changed.name == "The app");
    CHECK(changed.description == "new");
    CHECK(changed.anyone_can_pull);
    CHECK(changed.duplicates == storage::duplicates_rule::allow);
    CHECK_FALSE(changed.packages_enabled);
    CHECK(changed.path == p.path);
    CHECK(changed.updated == time.now());
    CHECK(changed.created == p.created);

    CHECK(edit(owner, edits, p.id, visible)->visibility == internal);
    CHECK(edit(owner, permission::own_project, p.id, archived)->archived);
    auto const nothing = edit(owner, edits, p.id, {}).value();
    CHECK(nothing.archived);
    CHECK(nothing.name == "The app");
}

TEST_CASE_FIXTURE(fixture, "a project's path changes in its last word alone") {
    auto const p = make(fills(), project_called("app")).value();
    make(fills(), project_called("taken")).value();
    auto const rename = [&](std::string word) {
        registry::project_changes changes;
        changes.path = std::move(word);
        return edit(maintainer, permission::edit_project, p.id, changes);
    };
    for (char const* const word : no_words) {
        CAPTURE(word);
        CHECK(refusal(rename(word)) == errc::invalid_argument);
    }
    CHECK(refusal(rename("TAKEN")) == errc::conflict);
    CHECK(run_to_end(stores->projects().find(p.id))->path == "Team/app");
    CHECK(rename("App")->path == "Team/App");
    CHECK(rename("other")->path == "Team/other");
}

TEST_CASE_FIXTURE(fixture,
                  "administrators alone set quotas, and everybody else may change the rest") {
    auto const made = make(fills(), project_called("app")).value();
    registry::project_changes changes;
    changes.quota_bytes = registry::quota_change(1'000);
    CHECK(refusal(edit(owner, permission::own_project, made.id, changes)) == errc::denied);
    changes.quota_bytes = registry::quota_change();  // back to the settings
    CHECK(refusal(edit(owner, permission::own_project, made.id, changes)) == errc::denied);

    auto const admin = add_user("root", true);
    changes.quota_bytes = registry::quota_change(1'000);
    changes.quota_versions = registry::quota_change(0);
    auto const limited = edit(admin, permission::edit_project, made.id, changes).value();
    CHECK(limited.quota == storage::quota_choice{1'000, 0});
    CHECK(events().back().detail == "quota of bytes: 1000, quota of versions: 0");
    changes = {};
    changes.description = "ours";
    CHECK(edit(owner, permission::own_project, made.id, changes).value().quota == limited.quota);
    changes = {};
    changes.quota_versions = registry::quota_change();
    auto const half = edit(admin, permission::edit_project, made.id, changes).value();
    CHECK(half.quota == storage::quota_choice{1'000, std::nullopt});
    changes.quota_versions = registry::quota_change((1ull << 53) + 1);
    CHECK(refusal(edit(admin, permission::edit_project, made.id, changes)) ==
          errc::invalid_argument);

    auto wanted = project_called("other");
    wanted.quota.versions = 5;
    CHECK(refusal(make(fills(), wanted)) == errc::denied);
    auto const g = grant(as(admin), permission::fill_group, team.id);
    CHECK(make(g, wanted).value().quota == wanted.quota);
}

TEST_CASE_FIXTURE(fixture, "a project is removed once") {
    auto const p = make(fills(), project_called("app")).value();
    auto const g = grant(as(owner), permission::own_project, p.id);
    CHECK(run_to_end(projects.remove(g)));
    CHECK(refusal(run_to_end(projects.remove(g))) == errc::not_found);
    CHECK_FALSE(run_to_end(stores->projects().find(p.id)));
}

TEST_CASE_FIXTURE(fixture, "a group made in a group has its path there, and is its maker's") {
    auto const made = make(manages(), group_called("Sub", private_)).value();
    CHECK(made.path == "Team/Sub");
    CHECK(made.parent == team.id);
    CHECK(made.created == time.now());
    CHECK(role_in(made.id, maintainer) == role::owner);
    CHECK(refusal(make(manages(), group_called("SUB"))) == errc::conflict);
    for (char const* const word : no_words) {
        CAPTURE(word);
        CHECK(refusal(make(manages(), group_called(word))) == errc::invalid_argument);
    }
}

TEST_CASE_FIXTURE(fixture, "a group is no wider than the group that it lies in, made or changed") {
    auto const refused = make(manages(), group_called("open", public_));
    CHECK(refusal(refused) == errc::invalid_argument);
    CHECK(refused.error().detail == "public is not allowed in a internal group.");
    auto const made = make(manages(), group_called("sub", internal)).value();
    auto const edit_to = [&](storage::group_id id, visibility v) {
        registry::group_changes changes;
        changes.visibility = v;
        return run_to_end(groups.edit(grant(as(owner), permission::own_group, id), changes));
    };
    CHECK(edit_to(made.id, private_)->visibility == private_);
    CHECK(edit_to(made.id, internal)->visibility == internal);
    CHECK(refusal(edit_to(made.id, public_)) == errc::invalid_argument);
    CHECK(edit_to(team.id, public_)->visibility == public_);
    CHECK(edit_to(made.id, public_)->visibility == public_);
}

TEST_CASE_FIXTURE(fixture, "an administrator makes groups at the top, or where there is a parent") {
    auto const admin = add_user("admin", true);
    auto const g = grant(as(admin), permission::administer);
    auto const top = make(g, group_called("Top", public_)).value();
    CHECK(top.parent == storage::group_id());
    CHECK(role_in(top.id, admin) == role::owner);
    CHECK(make(g, group_called("top/sub"))->parent == top.id);
    CHECK(refusal(make(g, group_called("none/sub"))) == errc::not_found);
    CHECK(refusal(make(g, group_called("TOP"))) == errc::conflict);
    for (char const* const path : {"", "/", "api", "users", "a//b", "top/packages", "-x"})
        CHECK(refusal(make(g, group_called(path))) == errc::invalid_argument);
    auto const unowned = make(administration(), group_called("free")).value();
    CHECK(run_to_end(stores->members().list(unowned.id, true)).empty());
}

TEST_CASE_FIXTURE(fixture, "a group is changed by its owner, and what lies in it follows") {
    auto const p = make(fills(), project_called("app")).value();
    add_group("taken");
    auto const edit_group = [&](registry::group_changes changes) {
        auto const g = grant(as(owner), permission::own_group, team.id);
        return run_to_end(groups.edit(g, std::move(changes)));
    };
    auto const rename = [&](std::string word) {
        registry::group_changes changes;
        changes.path = std::move(word);
        return edit_group(changes);
    };
    for (char const* const word : no_words) {
        CAPTURE(word);
        CHECK(refusal(rename(word)) == errc::invalid_argument);
    }
    CHECK(refusal(rename("api")) == errc::invalid_argument);
    CHECK(refusal(rename("TAKEN")) == errc::conflict);
    CHECK(rename("crew")->path == "crew");
    CHECK(run_to_end(stores->projects().find(p.id))->path == "crew/app");
    // Whoever was let in before the move is let in after it.
    CHECK(ask(as(developer), permission::push_chart, p.id));

    registry::group_changes changes;
    changes.name = "The crew";
    changes.description = "all hands";
    changes.visibility = public_;
    auto const edited = edit_group(changes).value();
    CHECK(edited.path == "crew");
    CHECK(edited.name == "The crew");
    CHECK(edited.description == "all hands");
    CHECK(edited.visibility == public_);

    auto const g = grant(as(owner), permission::own_group, team.id);
    CHECK(run_to_end(groups.remove(g)));
    CHECK(refusal(run_to_end(groups.remove(g))) == errc::not_found);
    CHECK(refusal(run_to_end(groups.edit(g, {}))) == errc::not_found);
    CHECK_FALSE(run_to_end(stores->projects().find(p.id)));
}

}  // namespace pilothouse::tests::manage_places_test
