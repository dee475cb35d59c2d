// Each change leaves one event: what, who, from where, in which place, of what. Never a secret.
#include "tests/use_cases/directory/office.hpp"

#include "auth/token_text.hpp"

namespace pilothouse::tests::audit_test {

using namespace std::chrono_literals;
using auth::permission;
using storage::role;

namespace {

// What a change has to leave.
struct left {
    std::string what, kind, name, detail;
};

struct fixture : office {
    storage::project_record project = add_project("grp/app");
    storage::group_record group = add_group("grp");
    storage::user_record admin = add_user("admin", true);
    storage::user_record other = add_user("otto");

    auth::grant in_project(permission what) { return grant(as(admin), what, project.id); }
    auth::grant in_group(permission what) { return grant(as(admin), what, group.id); }
    auth::grant on_server() { return grant(as(admin), permission::administer); }

    // One event came since the last call, from this grant; its number of the thing is returned.
    std::int64_t check(auth::grant const& g, left const& wanted) {
        CAPTURE(wanted.what);
        auto const all = events();
        REQUIRE(all.size() == seen_ + 1);
        seen_ = all.size();
        auto const& e = all.back();
        CHECK(e.at == time.now());
        CHECK(e.what == wanted.what);
        CHECK(e.author == admin.id);
        CHECK(e.by == "admin");
        CHECK(e.from == client_address);
        CHECK(e.project == g.project().id);
        CHECK(e.group == g.group().id);
        CHECK(e.where == g.project().path + g.group().path);  // one of them is empty
        CHECK(e.kind == wanted.kind);
        CHECK(e.name == wanted.name);
        CHECK(e.detail == wanted.detail);
        time.advance(1s);
        return e.thing;
    }
    void check_nothing() { CHECK(events().size() == seen_); }

private:
    std::size_t seen_ = 0;
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "changes of users") {
    auto const g = on_server();
    registry::new_user wanted;
    wanted.username = "ada";
    wanted.admin = true;
    auto const ada = run_to_end(users.create(g, wanted)).value();
    CHECK(check(g, {"user_created", "User", "ada", "administrator"}) == ada.id.value);
    CHECK_FALSE(run_to_end(users.create(g, wanted)));
    check_nothing();
    registry::user_changes changes;
    changes.admin = false;
    run_to_end(users.edit(g, ada.id, changes)).value();
    CHECK(check(g, {"user_updated", "User", "ada", ""}) == ada.id.value);
    run_to_end(users.set_blocked(g, ada.id, true)).value();
    check(g, {"user_blocked", "User", "ada", ""});
    run_to_end(users.set_blocked(g, ada.id, false)).value();
    check(g, {"user_unblocked", "User", "ada", ""});
    run_to_end(users.remove(g, ada.id, false)).value();
    CHECK(check(g, {"user_removed", "User", "ada", ""}) == ada.id.value);
    CHECK_FALSE(run_to_end(users.remove(g, ada.id, false)));
    check_nothing();
}

TEST_CASE_FIXTURE(fixture, "changes of groups") {
    auto const server = on_server();
    storage::group_record wanted;
    wanted.path = "top";
    auto const top = run_to_end(groups.create(server, wanted)).value();
    CHECK(check(server, {"group_created", "Group", "top", ""}) == top.id.value);
    CHECK_FALSE(run_to_end(groups.create(server, wanted)));
    check_nothing();
    auto const within = in_group(permission::manage_group);
    wanted.path = "sub";
    auto const sub = run_to_end(groups.create(within, wanted)).value();
    CHECK(check(within, {"group_created", "Group", "grp/sub", ""}) == sub.id.value);

    auto const owns = in_group(permission::own_group);
    registry::group_changes changes;
    changes.description = "new";
    run_to_end(groups.edit(owns, changes)).value();
    check(owns, {"group_updated", "Group", "grp", ""});
    changes.path = "moved";
    run_to_end(groups.edit(owns, changes)).value();
    check(owns, {"group_updated", "Group", "moved", "moved from grp"});
    changes.path = "top";
    CHECK_FALSE(run_to_end(groups.edit(owns, changes)));
    check_nothing();
    auto const last = in_group(permission::own_group);
    run_to_end(groups.remove(last)).value();
    CHECK(check(last, {"group_destroyed", "Group", "moved", ""}) == group.id.value);
    CHECK_FALSE(run_to_end(groups.remove(last)));
    check_nothing();
}

TEST_CASE_FIXTURE(fixture, "changes of projects") {
    auto const fills = in_group(permission::fill_group);
    storage::project_record wanted;
    wanted.path = "new";
    auto const made = run_to_end(projects.create(fills, wanted)).value();
    CHECK(check(fills, {"project_created", "Project", "grp/new", ""}) == made.id.value);
    CHECK_FALSE(run_to_end(projects.create(fills, wanted)));
    check_nothing();

    auto const owns = in_project(permission::own_project);
    registry::project_changes changes;
    changes.path = "App";
    changes.visibility = storage::visibility::public_;
    changes.anyone_can_pull = true;
    changes.duplicates = storage::duplicates_rule::allow;
    changes.archived = true;
    changes.packages_enabled = false;
    run_to_end(projects.edit(owns, changes)).value();
    check(owns, {"project_updated", "Project", "grp/App",
                 "path: App, visibility: public, anyone can pull, duplicates: allow, archived, "
                 "packages off"});
    changes = {};
    changes.path = "new";
    CHECK_FALSE(run_to_end(projects.edit(owns, changes)));
    check_nothing();
    auto const last = in_project(permission::own_project);
    run_to_end(projects.remove(last)).value();
    CHECK(check(last, {"project_destroyed", "Project", "grp/App", ""}) == project.id.value);
    CHECK_FALSE(run_to_end(projects.remove(last)));
    check_nothing();
}

TEST_CASE_FIXTURE(fixture, "changes of members, in projects and in groups") {
    for (auto const& g : {in_project(permission::edit_project), in_group(permission::own_group)}) {
        CHECK_FALSE(run_to_end(members.set(g, {other.id, role::none, {}})));
        CHECK_FALSE(run_to_end(members.remove(g, other.id)));
        check_nothing();
        run_to_end(members.set(g, {other.id, role::guest, {}})).value();
        CHECK(check(g, {"member_created", "User", "otto", "role: guest"}) == other.id.value);
        run_to_end(members.set(g, {other.id, role::developer, {}})).value();
        check(g, {"member_updated", "User", "otto", "role: developer"});
        run_to_end(members.remove(g, other.id)).value();
        CHECK(check(g, {"member_destroyed", "User", "otto", ""}) == other.id.value);
    }
}

TEST_CASE_FIXTURE(fixture, "changes of protection rules") {
    auto const g = in_project(permission::edit_project);
    constexpr char const* kind = "Packages::Protection::Rule";
    storage::protection_rule rule;
    rule.pattern = "tide-*";
    rule.push = role::owner;
    rule = run_to_end(protections.add(g, rule)).value();
    CHECK(check(g, {"package_protection_rule_created", kind, "tide-*",
                    "push: owner, remove: none"}) == rule.id.value);
    CHECK_FALSE(run_to_end(protections.add(g, rule)));
    check_nothing();
    registry::protection_changes changes;
    changes.remove = role::admin;
    run_to_end(protections.edit(g, rule.id, changes)).value();
    check(g, {"package_protection_rule_updated", kind, "tide-*", "push: owner, remove: admin"});
    auto const last = in_project(permission::edit_project);
    run_to_end(protections.remove(last, rule.id)).value();
    CHECK(check(last, {"package_protection_rule_deleted", kind, "tide-*", ""}) == rule.id.value);
    CHECK_FALSE(run_to_end(protections.remove(last, rule.id)));
    check_nothing();
}

TEST_CASE_FIXTURE(fixture, "changes of settings") {
    auto const g = on_server();
    CHECK_FALSE(run_to_end(settings.set(g, "helm_max_file_size", "much")));
    check_nothing();
    run_to_end(settings.set(g, "helm_max_file_size", "7")).value();
    CHECK(check(g, {"setting_changed", "Setting", "helm_max_file_size", "to 7"}) == 0);
}

TEST_CASE_FIXTURE(fixture, "what is done to tokens, without their texts") {
    using storage::token_kind;
    auto const personal = on_server();
    auto const of_project = in_project(permission::edit_project);
    auto const of_group = in_group(permission::own_group);
    struct row {
        auth::grant const& g;
        token_kind kind;
        std::string word, thing;
    };
    for (auto const& r : {row{personal, token_kind::personal, "personal", "PersonalAccessToken"},
                          row{of_project, token_kind::deploy, "deploy", "DeployToken"},
                          row{of_group, token_kind::deploy, "deploy", "DeployToken"}}) {
        bool const deploy = r.kind == token_kind::deploy;
        auth::token_request wanted;
        wanted.kind = r.kind;
        wanted.name = "laptop";
        if (!deploy) wanted.user = other.id;
        wanted.project = r.g.project().id;
        wanted.group = r.g.group().id;
        CHECK_FALSE(run_to_end(tokens.issue(r.g, wanted)));  // without a scope
        check_nothing();
        wanted.scopes = {deploy ? "read_package_registry" : "api"};
        auto const made = run_to_end(tokens.issue(r.g, wanted)).value();
        CHECK(check(r.g, {r.word + "_token_created", r.thing, "laptop",
                          "scopes: " + wanted.scopes.front()}) == made.record.id.value);
        auto const fresh = run_to_end(tokens.rotate(r.g, made.record, {})).value();
        CHECK(check(r.g, {r.word + "_token_rotated", r.thing, "laptop",
                          "instead of number " + std::to_string(made.record.id.value)}) ==
              fresh.record.id.value);
        CHECK_FALSE(run_to_end(tokens.rotate(r.g, made.record, {})));
        check_nothing();
        auto const project = r.g.project().id;
        run_to_end(tokens.revoke(r.g, r.kind, fresh.record.id, project)).value();
        CHECK(check(r.g, {r.word + "_token_revoked", r.thing, "laptop", ""}) ==
              fresh.record.id.value);
        run_to_end(tokens.revoke(r.g, r.kind, fresh.record.id, project)).value();
        CHECK_FALSE(run_to_end(tokens.revoke(r.g, r.kind, {999}, project)));
        check_nothing();

        for (auto const& e : events()) {
            for (auto const& token : {made, fresh}) {
                std::string const secret(token.text.reveal());
                for (auto const& word : {e.what, e.by, e.from, e.where, e.kind, e.name, e.detail}) {
                    CHECK(word.find(secret) == std::string::npos);
                    CHECK(word.find(token.record.hash.hex()) == std::string::npos);
                }
            }
        }
    }
}

TEST_CASE_FIXTURE(fixture, "the command line is nobody, and comes from nowhere") {
    auto const g =
        policy.authorize_on_server(auth::local_operator(), permission::administer).value();
    run_to_end(settings.set(g, "helm_max_file_size", "7")).value();
    auto const e = events().back();
    CHECK(e.author == storage::user_id());
    CHECK(e.by == "command line");
    CHECK(e.from.empty());
    CHECK(e.where.empty());
}

TEST_CASE_FIXTURE(fixture, "looking leaves no event") {
    auto const g = on_server();
    auto const reads = in_project(permission::read_project);
    (void)run_to_end(users.list(g));
    (void)run_to_end(users.find(g, other.id));
    (void)run_to_end(users.find(g, "otto"));
    (void)run_to_end(members.list(reads, true));
    (void)run_to_end(members.find(reads, other.id));
    (void)run_to_end(tokens.list(g, {}));
    (void)run_to_end(places.projects(g));
    (void)run_to_end(places.groups(g));
    (void)run_to_end(settings.helm_max_file_size());
    check_nothing();
}

}  // namespace pilothouse::tests::audit_test
