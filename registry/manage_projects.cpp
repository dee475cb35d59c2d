#include "registry/manage_projects.hpp"

#include "registry/directory_names.hpp"
#include "registry/path_rules.hpp"
#include "registry/width_rule.hpp"

#include <utility>

namespace pilothouse::registry {

namespace {

using auth::permission;
using storage::project_record;
using storage::visibility;

auth::audited thing(project_record const& p) { return {"Project", p.id.value, p.path}; }

result<void> check(project_record const& p) {
    if (auto const good = check_project_path(p.path); !good) return good.error();
    return check_name_and_description(p.name, p.description);
}

failure too_large_a_quota() {
    return {errc::invalid_argument, "a quota must be less than or equal to 9007199254740992"};
}

result<void> check_quota(auth::grant const& g, std::optional<std::uint64_t> const& limit) {
    if (!limit) return {};
    if (*limit > quota_max) return too_large_a_quota();
    if (!g.administrates()) return failure(errc::denied, "only administrators set quotas");
    return {};
}

std::string told(project_changes const& c) {
    std::string text;
    auto const add = [&text](std::string_view what) { (text += text.empty() ? "" : ", ") += what; };
    if (c.path) add("path: " + *c.path);
    if (c.visibility) add("visibility: " + std::string(name_of(*c.visibility)));
    if (c.anyone_can_pull) add(*c.anyone_can_pull ? "anyone can pull" : "not anyone can pull");
    if (c.duplicates) add("duplicates: " + std::string(name_of(*c.duplicates)));
    if (c.archived) add(*c.archived ? "archived" : "not archived");
    if (c.packages_enabled) add(*c.packages_enabled ? "packages on" : "packages off");
    auto const words = [](quota_change const& q) {
        return q ? std::to_string(*q) : std::string("as the settings say");
    };
    if (c.quota_bytes) add("quota of bytes: " + words(*c.quota_bytes));
    if (c.quota_versions) add("quota of versions: " + words(*c.quota_versions));
    return text;
}

}  // namespace

task<result<project_record>> manage_projects::create(auth::grant const& g, project_record wanted) {
    g.expect({permission::administer, permission::fill_group});
    auto const within = g.what() == permission::fill_group ? g.group().id : storage::group_id();
    auto whole = wanted;
    if (within != storage::group_id()) {
        if (wanted.path.find('/') != std::string::npos) co_return not_one_word();
        whole.path = g.group().path + '/' + wanted.path;
        if (auto const fits = check_width(wanted.visibility, g.group().visibility); !fits)
            co_return fits.error();
    }
    if (auto const good = check(whole); !good) co_return good.error();
    for (auto const& limit : {wanted.quota.bytes, wanted.quota.versions})
        if (auto const good = check_quota(g, limit); !good) co_return good.error();
    wanted.creator = g.who().user;
    wanted.created = time_.now();
    PILOTHOUSE_CO_TRY(auto made, co_await projects_.create(std::move(wanted), within));
    co_await audit_.note(g, "project_created", thing(made));
    co_return made;
}

task<result<project_record>> manage_projects::edit(auth::grant const& g, project_changes changes) {
    g.expect({permission::edit_project, permission::own_project});
    for (auto const& limit : {changes.quota_bytes, changes.quota_versions}) {
        if (!limit) continue;
        if (!g.administrates()) co_return failure(errc::denied, "only administrators set quotas");
        if (*limit && **limit > quota_max) co_return too_large_a_quota();
    }
    if (changes.path && changes.path->find('/') != std::string::npos) co_return not_one_word();
    auto const change = [&, now = time_.now()](project_record& project) -> result<void> {
        bool const needs_owner =
            (changes.visibility && *changes.visibility != project.visibility) ||
            (changes.archived && *changes.archived != project.archived);
        if (needs_owner && g.role() < storage::role::owner)
            return failure(errc::denied, "only owners change visibility, or archive");
        if (changes.path)
            project.path.replace(project.path.rfind('/') + 1, std::string::npos, *changes.path);
        project.name = changes.name.value_or(project.name);
        project.description = changes.description.value_or(project.description);
        project.visibility = changes.visibility.value_or(project.visibility);
        project.anyone_can_pull = changes.anyone_can_pull.value_or(project.anyone_can_pull);
        project.duplicates = changes.duplicates.value_or(project.duplicates);
        project.archived = changes.archived.value_or(project.archived);
        project.packages_enabled = changes.packages_enabled.value_or(project.packages_enabled);
        project.quota.bytes = changes.quota_bytes.value_or(project.quota.bytes);
        project.quota.versions = changes.quota_versions.value_or(project.quota.versions);
        project.updated = now;
        return check(project);
    };
    PILOTHOUSE_CO_TRY(auto edited, co_await projects_.edit(g.project().id, change));
    co_await audit_.note(g, "project_updated", thing(edited), told(changes));
    co_return edited;
}

task<result<void>> manage_projects::remove(auth::grant const& g) {
    g.expect({permission::own_project});
    auto const gone = co_await projects_.remove(g.project().id);
    if (!gone) co_return gone.error();
    co_await audit_.note(g, "project_destroyed", thing(g.project()));
    co_return result<void>();
}

}  // namespace pilothouse::registry
