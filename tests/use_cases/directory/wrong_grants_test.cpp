// Every use case is told apart by the right it takes: with any other it throws.
#include "tests/use_cases/directory/office.hpp"

#include "registry/list_charts.hpp"
#include "registry/manage_packages.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace pilothouse::tests::wrong_grants_test {

using auth::permission;

namespace {

struct fixture : office {
    storage::project_record project = add_project("grp/app");
    storage::group_record group = add_group("grp");
    storage::cluster_record cluster = add_cluster("prod");
    storage::user_record user = add_user("otto");
    storage::token_record token;
    registry::blob_pins pins;
    registry::chart_stores publishing{stores->blobs(), stores->catalogue(), stores->channels(),
                                      pins};
    registry::promote_charts promote{publishing, stores->curator(), auditor, time};
    registry::mark_versions marks{stores->catalogue(), stores->curator(), auditor, time};
    registry::manage_channels channels{stores->channels(), auditor};
    registry::retain_charts retain{
        {stores->catalogue(), stores->channels(), stores->curator(), stores->projects()},
        auditor,
        time};
    registry::push_chart push_chart{publishing, auditor, files, time, {}};
    registry::attach_provenance attach_provenance{publishing, auditor};
    registry::remove_chart remove_chart{stores->catalogue(), stores->curator(), auditor};
    registry::read_index read_index{indexes, files};
    registry::pull_chart pull_chart{read_index, stores->catalogue(), stores->blobs()};
    registry::list_charts list_charts{stores->catalogue()};
    registry::collect_garbage collect_garbage{stores->blobs(), stores->catalogue(), pins, auditor,
                                              time};
    registry::manage_packages packages{stores->packages(), stores->blobs(), places, auditor};
    chart::channel_name channel = chart::channel_name::parse("stable").value();
    registry::channel_reference reference = registry::channel_reference::parse("stable").value();

    storage::staged_file staged() {
        auto const writer = run_to_end(stores->staging().create());
        return run_to_end(writer->finish());
    }
    auth::grant with(permission what) {
        auto const who = auth::local_operator();
        switch (auth::place_of(what)) {
            case auth::place_kind::project: return grant(who, what, project.id);
            case auth::place_kind::group: return grant(who, what, group.id);
            case auth::place_kind::cluster: return grant(who, what, cluster.id);
            case auth::place_kind::server: break;
        }
        return grant(who, what);
    }
};

constexpr permission all_permissions[] = {
    permission::read_chart,     permission::push_chart,   permission::remove_chart,
    permission::read_project,   permission::edit_project, permission::own_project,
    permission::read_group,     permission::fill_group,   permission::manage_group,
    permission::own_group,      permission::see_cluster,  permission::use_cluster,
    permission::manage_cluster, permission::browse,       permission::be_somebody,
    permission::be_oneself,     permission::hold_token,   permission::rotate_token,
    permission::administer,
};

struct use_case {
    char const* name;
    std::vector<permission> takes;
    std::function<void(fixture&, auth::grant const&)> call;
};

using rights = std::vector<permission>;

rights with(rights some, rights const& more) {
    some.insert(some.end(), more.begin(), more.end());
    return some;
}

rights const changing_tokens = {permission::edit_project, permission::own_project,
                                permission::own_group, permission::be_oneself,
                                permission::administer};
rights const looking_at_tokens =
    with(changing_tokens, {permission::manage_group, permission::be_somebody,
                           permission::hold_token, permission::rotate_token});

chart::channel_name named(std::string const& channel) {
    return chart::channel_name::parse(channel).value();
}

registry::promotion_request promotion() { return {named("edge"), named("stable"), {}, false}; }

// What each answers is no matter here: only whether it begins.
std::vector<use_case> const use_cases = {
    {"users: create",
     {permission::administer},
     [](fixture& f, auto const& g) { (void)run_to_end(f.users.create(g, {})); }},
    {"users: edit",
     {permission::administer},
     [](fixture& f, auto const& g) { (void)run_to_end(f.users.edit(g, f.user.id, {})); }},
    {"users: block",
     {permission::administer},
     [](fixture& f, auto const& g) { (void)run_to_end(f.users.set_blocked(g, f.user.id, true)); }},
    {"users: remove",
     {permission::administer},
     [](fixture& f, auto const& g) { (void)run_to_end(f.users.remove(g, f.user.id, true)); }},
    {"users: find",
     {permission::administer, permission::be_somebody},
     [](fixture& f, auto const& g) { (void)run_to_end(f.users.find(g, f.user.id)); }},
    {"users: find by name",
     {permission::administer, permission::be_somebody},
     [](fixture& f, auto const& g) { (void)run_to_end(f.users.find(g, "otto")); }},
    {"users: list",
     {permission::administer, permission::be_somebody},
     [](fixture& f, auto const& g) { (void)run_to_end(f.users.list(g)); }},

    {"groups: create",
     {permission::administer, permission::manage_group},
     [](fixture& f, auto const& g) { (void)run_to_end(f.groups.create(g, {})); }},
    {"groups: edit",
     {permission::own_group},
     [](fixture& f, auto const& g) { (void)run_to_end(f.groups.edit(g, {})); }},
    {"groups: remove",
     {permission::own_group},
     [](fixture& f, auto const& g) { (void)run_to_end(f.groups.remove(g)); }},

    {"projects: create",
     {permission::administer, permission::fill_group},
     [](fixture& f, auto const& g) { (void)run_to_end(f.projects.create(g, {})); }},
    {"projects: edit",
     {permission::edit_project, permission::own_project},
     [](fixture& f, auto const& g) { (void)run_to_end(f.projects.edit(g, {})); }},
    {"projects: remove",
     {permission::own_project},
     [](fixture& f, auto const& g) { (void)run_to_end(f.projects.remove(g)); }},

    {"members: set",
     {permission::edit_project, permission::own_project, permission::own_group},
     [](fixture& f, auto const& g) {
         (void)run_to_end(f.members.set(g, {f.user.id, storage::role::guest, {}}));
     }},
    {"members: remove",
     {permission::read_project, permission::edit_project, permission::own_project,
      permission::read_group, permission::own_group},
     [](fixture& f, auto const& g) { (void)run_to_end(f.members.remove(g, f.user.id)); }},
    {"members: find",
     {permission::read_project, permission::edit_project, permission::own_project,
      permission::read_group, permission::own_group},
     [](fixture& f, auto const& g) { (void)run_to_end(f.members.find(g, f.user.id)); }},
    {"members: list",
     {permission::read_project, permission::edit_project, permission::own_project,
      permission::read_group, permission::own_group},
     [](fixture& f, auto const& g) { (void)run_to_end(f.members.list(g, true)); }},

    {"protections: add",
     {permission::edit_project},
     [](fixture& f, auto const& g) { (void)run_to_end(f.protections.add(g, {})); }},
    {"protections: edit",
     {permission::edit_project},
     [](fixture& f, auto const& g) { (void)run_to_end(f.protections.edit(g, {}, {})); }},
    {"protections: remove",
     {permission::edit_project},
     [](fixture& f, auto const& g) { (void)run_to_end(f.protections.remove(g, {1})); }},

    {"channels: find",
     {permission::read_chart, permission::remove_chart},
     [](fixture& f, auto const& g) { (void)run_to_end(f.channels.find(g, named("edge"))); }},
    {"channels: edit",
     {permission::edit_project},
     [](fixture& f, auto const& g) { (void)run_to_end(f.channels.edit(g, named("edge"), {})); }},
    {"promotion: from",
     {permission::read_chart, permission::remove_chart},
     [](fixture& f, auto const& g) {
         (void)run_to_end(f.promote(g, f.with(permission::push_chart), promotion()));
     }},
    {"promotion: to",
     {permission::push_chart},
     [](fixture& f, auto const& g) {
         (void)run_to_end(f.promote(f.with(permission::read_chart), g, promotion()));
     }},
    {"marks: deprecate",
     {permission::push_chart},
     [](fixture& f, auto const& g) {
         (void)run_to_end(f.marks.deprecate(g, named("edge"), {}, "x"));
     }},
    {"marks: undeprecate",
     {permission::push_chart},
     [](fixture& f, auto const& g) {
         (void)run_to_end(f.marks.undeprecate(g, named("edge"), {}));
     }},
    {"marks: yank",
     {permission::remove_chart},
     [](fixture& f, auto const& g) { (void)run_to_end(f.marks.yank(g, named("edge"), {}, "x")); }},
    {"marks: unyank",
     {permission::remove_chart},
     [](fixture& f, auto const& g) { (void)run_to_end(f.marks.unyank(g, named("edge"), {})); }},
    {"retention: of a channel",
     {permission::read_chart, permission::remove_chart},
     [](fixture& f, auto const& g) { (void)run_to_end(f.retain(g, named("edge"), true)); }},
    {"retention: everywhere",
     {permission::administer},
     [](fixture& f, auto const& g) { (void)run_to_end(f.retain.everywhere(g)); }},

    {"settings: set",
     {permission::administer},
     [](fixture& f, auto const& g) { (void)run_to_end(f.settings.set(g, "other", "1")); }},

    {"places: projects",
     {permission::browse, permission::be_somebody, permission::administer},
     [](fixture& f, auto const& g) { (void)run_to_end(f.places.projects(g)); }},
    {"places: own roles",
     {permission::browse, permission::be_somebody, permission::administer, permission::read_project},
     [](fixture& f, auto const& g) { (void)run_to_end(f.places.own_roles(g)); }},
    {"quota: read",
     {permission::read_project, permission::edit_project, permission::own_project},
     [](fixture& f, auto const& g) { (void)run_to_end(f.read_quota(g)); }},
    {"places: groups",
     {permission::browse, permission::be_somebody, permission::administer},
     [](fixture& f, auto const& g) { (void)run_to_end(f.places.groups(g)); }},

    {"tokens: issue", changing_tokens,
     [](fixture& f, auto const& g) { (void)run_to_end(f.tokens.issue(g, {})); }},
    {"tokens: rotate", with(changing_tokens, {permission::rotate_token}),
     [](fixture& f, auto const& g) { (void)run_to_end(f.tokens.rotate(g, f.token, {})); }},
    {"tokens: revoke", with(changing_tokens, {permission::hold_token}),
     [](fixture& f, auto const& g) {
         (void)run_to_end(f.tokens.revoke(g, storage::token_kind::personal, {1}, {}));
     }},
    {"tokens: list", looking_at_tokens,
     [](fixture& f, auto const& g) { (void)run_to_end(f.tokens.list(g, {})); }},
    {"tokens: find", looking_at_tokens,
     [](fixture& f, auto const& g) { (void)run_to_end(f.tokens.find(g, {1})); }},

    {"access tokens: create",
     {permission::edit_project, permission::own_group},
     [](fixture& f, auto const& g) { (void)run_to_end(f.access_tokens.create(g, {})); }},
    {"access tokens: list",
     {permission::edit_project, permission::own_group},
     [](fixture& f, auto const& g) { (void)run_to_end(f.access_tokens.list(g)); }},
    {"access tokens: find",
     {permission::edit_project, permission::own_group},
     [](fixture& f, auto const& g) { (void)run_to_end(f.access_tokens.find(g, {1})); }},
    {"access tokens: rotate",
     {permission::edit_project, permission::own_group},
     [](fixture& f, auto const& g) { (void)run_to_end(f.access_tokens.rotate(g, {1}, {})); }},
    {"access tokens: revoke",
     {permission::edit_project, permission::own_group},
     [](fixture& f, auto const& g) { (void)run_to_end(f.access_tokens.revoke(g, {1})); }},

    {"audit: list",
     {permission::administer, permission::edit_project, permission::own_group},
     [](fixture& f, auto const& g) { (void)run_to_end(f.audit.list(g, {}, 0, 1)); }},
    {"audit: find",
     {permission::administer, permission::edit_project, permission::own_group},
     [](fixture& f, auto const& g) { (void)run_to_end(f.audit.find(g, {1})); }},

    {"charts: push",
     {permission::push_chart},
     [](fixture& f, auto const& g) {
         (void)run_to_end(f.push_chart(g, {f.channel, f.staged(), std::nullopt}));
     }},
    {"charts: attach provenance",
     {permission::push_chart},
     [](fixture& f, auto const& g) {
         (void)run_to_end(f.attach_provenance(g, f.channel, f.staged()));
     }},
    {"charts: remove",
     {permission::remove_chart},
     [](fixture& f, auto const& g) {
         (void)run_to_end(f.remove_chart(g, f.channel, std::nullopt, std::nullopt));
     }},
    {"charts: list channels",
     {permission::read_chart},
     [](fixture& f, auto const& g) { (void)run_to_end(f.list_charts.channels(g)); }},
    {"charts: list versions",
     {permission::read_chart},
     [](fixture& f, auto const& g) {
         (void)run_to_end(f.list_charts.versions(g, f.channel, std::nullopt));
     }},
    {"charts: find a version",
     {permission::read_chart},
     [](fixture& f, auto const& g) {
         (void)run_to_end(f.list_charts.version(g, f.channel, "demo", "1.0.0"));
     }},
    {"charts: read the index",
     {permission::read_chart},
     [](fixture& f, auto const& g) { (void)run_to_end(f.read_index(g, f.channel)); }},
    {"charts: read a view",
     {permission::read_chart},
     [](fixture& f, auto const& g) { (void)run_to_end(f.read_index.seen(g, f.reference)); }},
    {"charts: pull an archive",
     {permission::read_chart},
     [](fixture& f, auto const& g) {
         (void)run_to_end(f.pull_chart.archive(g, f.reference, "demo-1.0.0.tgz"));
     }},
    {"charts: pull provenance",
     {permission::read_chart},
     [](fixture& f, auto const& g) {
         (void)run_to_end(f.pull_chart.provenance(g, f.reference, "demo-1.0.0.tgz"));
     }},
    {"charts: collect garbage",
     {permission::administer},
     [](fixture& f, auto const& g) {
         (void)run_to_end(f.collect_garbage(g, std::chrono::hours(1), false));
     }},

    {"packages: list",
     {permission::read_chart},
     [](fixture& f, auto const& g) { (void)run_to_end(f.packages.list(g, {}, {})); }},
    {"packages: list in a group",
     {permission::read_group},
     [](fixture& f, auto const& g) {
         (void)run_to_end(
             f.packages.list_in_group(g, f.with(permission::browse), true, {}, {}));
     }},
    {"packages: find",
     {permission::read_chart},
     [](fixture& f, auto const& g) { (void)run_to_end(f.packages.find(g, {1})); }},
    {"packages: find by name",
     {permission::read_chart},
     [](fixture& f, auto const& g) { (void)run_to_end(f.packages.find(g, "demo", "1.0.0")); }},
    {"packages: files",
     {permission::read_chart},
     [](fixture& f, auto const& g) { (void)run_to_end(f.packages.files(g, {1})); }},
    {"packages: open a file",
     {permission::read_chart},
     [](fixture& f, auto const& g) { (void)run_to_end(f.packages.open_file(g, {1}, {2})); }},
    {"packages: look whether one may be removed",
     {permission::remove_chart},
     [](fixture& f, auto const& g) { (void)run_to_end(f.packages.removable(g, {1})); }},
    {"packages: remove",
     {permission::remove_chart},
     [](fixture& f, auto const& g) { (void)run_to_end(f.packages.remove(g, {1})); }},
    {"packages: remove a file",
     {permission::remove_chart},
     [](fixture& f, auto const& g) { (void)run_to_end(f.packages.remove_file(g, {1}, {2})); }},
};

}  // namespace

TEST_CASE("a use case takes the rights that it names, and throws with every other") {
    for (auto const& u : use_cases) {
        CAPTURE(u.name);
        for (auto const what : all_permissions) {
            CAPTURE(static_cast<int>(what));
            fixture f;
            auto const g = f.with(what);
            bool const takes = std::ranges::find(u.takes, what) != u.takes.end();
            if (takes) {
                CHECK_NOTHROW(u.call(f, g));
            } else {
                CHECK_THROWS_AS(u.call(f, g), std::logic_error);
                CHECK(f.events().empty());
            }
        }
    }
}

}  // namespace pilothouse::tests::wrong_grants_test
