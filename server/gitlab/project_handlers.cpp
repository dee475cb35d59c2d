#include "registry/directory_names.hpp"
#include "registry/width_rule.hpp"
#include "server/gitlab/browsing.hpp"
#include "server/gitlab/place_handlers.hpp"
#include "server/gitlab/shapes.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::gitlab {

namespace {

using auth::permission;

// `default`, and GitLab's empty text: as the server's settings say.
std::optional<registry::quota_change> quota_asked(parameters& asked, std::string_view name) {
    if (!asked.has(name)) return std::nullopt;
    auto const text = asked.text(name);
    if (!text) return std::nullopt;
    if (text->empty() || *text == "default") return registry::quota_change();
    auto const number = asked.integer(name);
    if (number && *number < 0) asked.complain(std::string(name) + " does not have a valid value");
    if (!number || *number < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
}

// What a client may say of a project when it makes or changes one.
registry::project_changes project_changes_asked(parameters& asked) {
    registry::project_changes c;
    c.name = asked.text("name");
    c.path = asked.text("path");
    c.description = asked.text("description");
    if (auto const v = asked.word("visibility", {"private", "internal", "public"}))
        c.visibility = registry::parse_visibility(*v);
    if (auto const level = asked.word("package_registry_access_level",
                                      {"disabled", "private", "enabled", "public"})) {
        c.packages_enabled = *level != "disabled";
        c.anyone_can_pull = *level == "public";
    } else if (auto const on = asked.flag("packages_enabled")) {
        c.packages_enabled = on;
    }
    if (auto const d = asked.word("helm_duplicates", {"refuse", "prerelease_only", "allow"}))
        c.duplicates = registry::parse_duplicates(*d);
    c.quota_bytes = quota_asked(asked, "helm_quota_bytes");
    c.quota_versions = quota_asked(asked, "helm_quota_versions");
    return c;
}

// GitLab's way from a name to a path: what cannot stand there becomes a hyphen.
std::string path_from(std::string_view name) {
    std::string path;
    for (char const c : name) {
        bool const legal = ascii::is_letter_or_digit(c) || c == '_' || c == '.' || c == '-';
        path += legal ? ascii::lower(c) : '-';
    }
    path.erase(0, std::min(path.find_first_not_of('-'), path.size()));
    return path;
}

http::response cannot_save_project(failure const& f) {
    if (f.code == errc::conflict)
        return shown(400,
                     json::object{{"message", json::object{
                                                  {"name", json::array{"has already been taken"}},
                                                  {"path", json::array{"has already been taken"}},
                                              }}});
    if (f.detail.starts_with("a quota")) return model_error("helm_quota", f.detail);
    return model_error(is_too_wide(f) ? "visibility_level" : "path", f.detail);
}

bool is_about_the_project(failure const& f) {
    return f.code == errc::conflict || f.code == errc::invalid_argument;
}

}  // namespace

rest_result project_handlers::list(rest_request& r) {
    auto const page = page_of(r);
    project_filter const filter(r.asked);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto projects = co_await uses_.places.projects(r.grant());
    filter.apply(projects);
    auto const names = co_await uses_.places.all_groups();
    auto const own = co_await uses_.places.own_roles(r.grant());
    co_return paged(r, page, projects,
                    [&](auto const& s) { return listed_project(r, s.place, names, own); });
}

rest_result project_handlers::create(rest_request& r) {
    auto const asked = project_changes_asked(r.asked);
    auto const group = r.asked.integer("namespace_id");
    if (!asked.name && !asked.path)
        r.asked.complain("name, path are missing, at least one parameter must be provided");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    // People have no namespace of their own here: a project lies in a group.
    if (!group) co_return model_error("namespace", "can't be blank");
    auto allowed = co_await uses_.policy.authorize_in_group(r.x.who, permission::fill_group,
                                                            storage::group_id{*group});
    bool const no_right = !allowed && (allowed.error().code == errc::not_found ||
                                       allowed.error().code == errc::denied);
    if (no_right) co_return model_error("namespace", "is not valid");
    if (!allowed) co_return allowed.error();
    allowed->came_from(r.x.peer);

    storage::project_record wanted;
    wanted.path = asked.path ? *asked.path : path_from(*asked.name);
    wanted.name = asked.name.value_or(*(asked.path ? asked.path : asked.name));
    wanted.description = asked.description.value_or("");
    wanted.visibility = asked.visibility.value_or(storage::visibility::private_);
    wanted.packages_enabled = asked.packages_enabled.value_or(true);
    wanted.anyone_can_pull = asked.anyone_can_pull.value_or(false);
    wanted.duplicates = asked.duplicates.value_or(storage::duplicates_rule::refuse);
    wanted.quota.bytes = asked.quota_bytes.value_or(std::nullopt);
    wanted.quota.versions = asked.quota_versions.value_or(std::nullopt);
    auto const made = co_await uses_.projects.create(*allowed, std::move(wanted));
    if (!made && is_about_the_project(made.error())) co_return cannot_save_project(made.error());
    if (!made) co_return made.error();
    co_return shown(201, project_shape(*made, allowed->group(), r.site));
}

rest_result project_handlers::show(rest_request& r) {
    auto const names = co_await uses_.places.all_groups();
    auto const own = co_await uses_.places.own_roles(r.grant());
    auto const& project = r.grant().project();
    auto shape = listed_project(r, project, names, own);
    if (registry::shows_quota(r.grant()))
        add_quota(shape, project.quota, co_await uses_.read_quota(r.grant()));
    co_return shown(200, shape);
}

rest_result project_handlers::changed(rest_request& r, unsigned status,
                                      registry::project_changes changes) {
    auto const edited = co_await uses_.projects.edit(r.grant(), std::move(changes));
    if (!edited && is_about_the_project(edited.error()))
        co_return cannot_save_project(edited.error());
    if (!edited) co_return edited.error();
    auto const names = co_await uses_.places.all_groups();
    auto shape = project_shape(*edited, group_of(*edited, names), r.site);
    if (registry::shows_quota(r.grant()))
        add_quota(shape, edited->quota, co_await uses_.read_quota(r.grant()));
    co_return shown(status, shape);
}

rest_result project_handlers::edit(rest_request& r) {
    auto changes = project_changes_asked(r.asked);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    if (changes.name && changes.name->empty()) co_return blank_name();
    auto const& project = r.grant().project();
    bool const may_widen = r.grant().role() >= storage::role::owner;  // else that is said below
    if (may_widen && changes.visibility && *changes.visibility > project.visibility) {
        auto const names = co_await uses_.places.all_groups();
        auto const& group = group_of(project, names);
        auto const fits = registry::check_width(*changes.visibility, group.visibility);
        if (!fits) co_return cannot_save_project(fits.error());
    }
    co_return co_await changed(r, 200, std::move(changes));
}

rest_result project_handlers::archive(rest_request& r) {
    registry::project_changes changes;
    changes.archived = true;
    co_return co_await changed(r, 201, std::move(changes));
}

rest_result project_handlers::unarchive(rest_request& r) {
    registry::project_changes changes;
    changes.archived = false;
    co_return co_await changed(r, 201, std::move(changes));
}

rest_result project_handlers::remove(rest_request& r) {
    if (auto const gone = co_await uses_.projects.remove(r.grant()); !gone) co_return gone.error();
    co_return accepted();
}

}  // namespace pilothouse::gitlab
