#include "server/gitlab/shapes.hpp"

#include "registry/directory_names.hpp"
#include "server/gitlab/rest.hpp"
#include "server/shapes/or_null.hpp"

#include <boost/json/array.hpp>

namespace pilothouse::gitlab {

namespace {

using registry::name_of;
using shapes::id_or_null;

json::value access(storage::role r) {
    if (r == storage::role::none) return nullptr;
    return json::object{{"access_level", static_cast<int>(r)}, {"notification_level", 3}};
}

json::value number_or_null(std::optional<std::uint64_t> const& number) {
    if (!number) return nullptr;
    return *number;
}

json::value limit_or_null(std::uint64_t limit) {
    if (limit == 0) return nullptr;
    return limit;
}

std::string address(std::string_view site, std::string_view path) {
    return std::string(site) + std::string(path);
}

json::value role_or_null(storage::role r) {
    if (r == storage::role::none) return nullptr;
    return json::value(name_of(r));
}

bool ended(storage::token_record const& t, instant now) { return t.expires && *t.expires <= now; }

// GitLab's words for what an event is about, and its number.
std::pair<std::string_view, std::int64_t> entity_of(storage::audit_event const& e) {
    switch (storage::scope_of(e)) {
        case storage::audit_scope::project: return {"Project", e.project.value};
        case storage::audit_scope::group: return {"Group", e.group.value};
        case storage::audit_scope::user: return {"User", e.thing};
        case storage::audit_scope::server: break;
    }
    return {"Gitlab::Audit::InstanceScope", 1};
}

std::string_view last_segment(std::string_view path) { return path.substr(path.rfind('/') + 1); }

json::object namespace_shape(storage::group_record const& g, std::string_view site) {
    return {
        {"id", g.id.value},
        {"name", g.name},
        {"path", last_segment(g.path)},
        {"kind", "group"},
        {"full_path", g.path},
        {"parent_id", id_or_null(g.parent.value)},
        {"avatar_url", nullptr},
        {"web_url", address(site, "/groups/" + g.path)},
    };
}

}  // namespace

json::object basic_user(storage::user_record const& u, std::string_view site) {
    return {
        {"id", u.id.value},
        {"username", u.username},
        {"name", u.name},
        {"state", u.blocked ? "blocked" : "active"},
        {"locked", false},
        {"avatar_url", nullptr},
        {"web_url", address(site, "/" + u.username)},
    };
}

json::object full_user(storage::user_record const& u, std::string_view site) {
    auto o = basic_user(u, site);
    o["created_at"] = time_text(u.created);
    o["bot"] = u.bot_of.has_value();
    o["confirmed_at"] = time_text(u.created);
    o["email"] = u.email;
    o["commit_email"] = u.email;
    o["public_email"] = nullptr;
    o["identities"] = json::array();
    o["can_create_group"] = u.admin;
    o["can_create_project"] = true;
    o["external"] = false;
    o["two_factor_enabled"] = false;
    o["is_admin"] = u.admin;
    return o;
}

json::object member_shape(storage::member_record const& m, std::string_view site) {
    auto o = basic_user(m.user, site);
    o["access_level"] = static_cast<int>(m.as.role);
    o["created_at"] = time_text(m.as.created);
    o["expires_at"] = date_or_null(m.as.expires);
    o["membership_state"] = "active";
    return o;
}

json::object group_shape(storage::group_record const& g, std::string_view full_name,
                         std::string_view site) {
    return {
        {"id", g.id.value},
        {"web_url", address(site, "/groups/" + g.path)},
        {"name", g.name},
        {"path", last_segment(g.path)},
        {"description", g.description},
        {"visibility", name_of(g.visibility)},
        {"full_name", full_name},
        {"full_path", g.path},
        {"created_at", time_text(g.created)},
        {"parent_id", id_or_null(g.parent.value)},
        {"avatar_url", nullptr},
        {"archived", false},
        {"project_creation_level", "developer"},
        {"subgroup_creation_level", "maintainer"},
        {"request_access_enabled", false},
    };
}

json::object project_shape(storage::project_record const& p, storage::group_record const& group,
                           std::string_view site) {
    auto const self = address(site, "/api/v4/projects/" + std::to_string(p.id.value));
    return {
        {"id", p.id.value},
        {"description", p.description},
        {"name", p.name},
        {"name_with_namespace", group.name + " / " + p.name},
        {"path", last_segment(p.path)},
        {"path_with_namespace", p.path},
        {"created_at", time_text(p.created)},
        {"updated_at", time_text(p.updated)},
        {"last_activity_at", time_text(p.updated)},
        {"topics", json::array()},
        {"tag_list", json::array()},
        {"web_url", address(site, "/" + p.path)},
        {"avatar_url", nullptr},
        {"namespace", namespace_shape(group, site)},
        {"_links", json::object{{"self", self}, {"members", self + "/members"}}},
        {"packages_enabled", p.packages_enabled},
        {"archived", p.archived},
        {"visibility", name_of(p.visibility)},
        {"creator_id", id_or_null(p.creator.value)},
        {"package_registry_access_level", registry_level(p)},
        {"request_access_enabled", false},
        {"shared_with_groups", json::array()},
    };
}

json::object permissions_shape(storage::role direct, storage::role above) {
    return {{"project_access", access(direct)}, {"group_access", access(above)}};
}

void add_quota(json::object& project, storage::quota_choice const& chosen,
               storage::quota_state const& now) {
    project["helm_quota_bytes"] = number_or_null(chosen.bytes);
    project["helm_quota_versions"] = number_or_null(chosen.versions);
    project["helm_usage"] = json::object{{"bytes", now.use.bytes},
                                         {"bytes_limit", limit_or_null(now.quota.bytes)},
                                         {"versions", now.use.versions},
                                         {"versions_limit", limit_or_null(now.quota.versions)}};
}

json::object personal_token(storage::token_record const& t, instant now) {
    return {
        {"id", t.id.value},
        {"name", t.name},
        {"revoked", t.revoked},
        {"created_at", time_text(t.created)},
        {"description", t.description},
        {"scopes", json::array(t.scopes.begin(), t.scopes.end())},
        {"user_id", t.user.value},
        {"last_used_at", time_or_null(t.last_used)},
        {"active", !t.revoked && !ended(t, now)},
        {"expires_at", date_or_null(t.expires)},
    };
}

json::object deploy_token(storage::token_record const& t, instant now) {
    return {
        {"id", t.id.value},
        {"name", t.name},
        {"username", t.username},
        {"expires_at", time_or_null(t.expires)},
        {"scopes", json::array(t.scopes.begin(), t.scopes.end())},
        {"revoked", t.revoked},
        {"expired", ended(t, now)},
    };
}

json::object rule_shape(storage::protection_rule const& r, storage::project_id project) {
    return {
        {"id", r.id.value},
        {"project_id", project.value},
        {"package_name_pattern", r.pattern},
        {"package_type", "helm"},
        {"minimum_access_level_for_delete", role_or_null(r.remove)},
        {"minimum_access_level_for_push", role_or_null(r.push)},
    };
}

json::object event_shape(storage::audit_event const& e) {
    auto const [kind, entity] = entity_of(e);
    return {
        {"id", e.id.value},
        {"author_id", e.author.value == 0 ? -1 : e.author.value},
        {"entity_id", entity},
        {"entity_type", kind},
        {"event_name", e.what},
        {"details", json::object{{"event_name", e.what},
                                 {"custom_message", e.detail.empty() ? e.what : e.detail},
                                 {"author_name", e.by},
                                 {"author_class", "User"},
                                 {"target_id", e.thing},
                                 {"target_type", e.kind},
                                 {"target_details", e.name},
                                 {"ip_address", e.from},
                                 {"entity_path", e.where}}},
        {"created_at", time_text(e.at)},
    };
}

std::string_view registry_level(storage::project_record const& p) noexcept {
    if (!p.packages_enabled) return "disabled";
    return p.anyone_can_pull ? "public" : "enabled";
}

}  // namespace pilothouse::gitlab
