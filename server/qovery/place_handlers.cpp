#include "server/qovery/place_handlers.hpp"

#include "base/uuid.hpp"
#include "deploy/place_uuids.hpp"
#include "server/qovery/shapes.hpp"

#include <algorithm>
#include <variant>

namespace pilothouse::qovery {

namespace {

using auth::permission;

bool lies_in(storage::project_record const& p, storage::group_id group) {
    return std::ranges::find(p.groups, group) != p.groups.end();
}

// A shared one is everybody's.
bool is_of(storage::cluster_record const& c, storage::group_id organization,
           std::map<storage::group_id, storage::group_record> const& groups,
           std::vector<storage::project_record> const& projects) {
    if (!c.owner) return true;
    if (auto const* const project = std::get_if<storage::project_id>(&*c.owner))
        return std::ranges::find(projects, *project, &storage::project_record::id) !=
               projects.end();
    auto at = groups.find(std::get<storage::group_id>(*c.owner));
    while (at != groups.end() && at->first != organization) at = groups.find(at->second.parent);
    return at != groups.end();
}

}  // namespace

task<result<storage::group_record>> place_handlers::organization(request const& r) {
    auto const number = number_in_uuid(deploy::uuid_of_group, r.path(0));
    auto const seen = co_await uses_.places.groups(*r.x.grant);
    for (auto const& one : seen)
        if (number && one.place.id.value == *number && one.place.parent.value == 0)
            co_return one.place;
    co_return failure(errc::not_found, "there is no such organization");
}

task<std::vector<storage::project_record>> place_handlers::projects_in(
    request const& r, storage::group_id organization) {
    auto const seen = co_await uses_.places.projects(*r.x.grant);
    std::vector<storage::project_record> some;
    for (auto const& one : seen)
        if (lies_in(one.place, organization)) some.push_back(one.place);
    co_return some;
}

answer place_handlers::organizations(request& r) {
    auto const seen = co_await uses_.places.groups(*r.x.grant);
    json::array all;
    for (auto const& one : seen)
        if (one.place.parent.value == 0) all.push_back(organization_shape(one.place));
    co_return shown(200, listed(std::move(all)));
}

answer place_handlers::projects(request& r) {
    PILOTHOUSE_CO_TRY(auto const group, co_await organization(r));
    auto const some = co_await projects_in(r, group.id);
    json::array all;
    for (auto const& project : some) {
        auto const g =
            co_await uses_.policy.authorize(r.x.who, permission::read_project, project.id);
        if (!g) continue;
        auto const environments = co_await uses_.environments.list(*g);
        all.push_back(project_shape(project, environments.size()));
    }
    co_return shown(200, listed(std::move(all)));
}

answer place_handlers::clusters(request& r) {
    PILOTHOUSE_CO_TRY(auto const group, co_await organization(r));
    auto const projects = co_await projects_in(r, group.id);
    auto const groups = co_await uses_.places.all_groups();
    auto const granted = co_await uses_.clusters.to_clusters(r.x.who, permission::see_cluster);
    json::array all;
    for (auto const& g : granted)
        if (is_of(g.cluster(), group.id, groups, projects))
            all.push_back(cluster_shape(g.cluster(), group.id));
    co_return shown(200, listed(std::move(all)));
}

answer place_handlers::repositories(request& r) {
    PILOTHOUSE_CO_TRY(auto const group, co_await organization(r));
    auto const some = co_await projects_in(r, group.id);
    json::array all;
    for (auto const& project : some) {
        auto const g = co_await uses_.policy.authorize(r.x.who, permission::read_chart, project.id);
        if (!g) continue;
        auto const channels = co_await uses_.charts.channels(*g);
        for (auto const& channel : channels)
            all.push_back(repository_shape(channel, project.path, r.site));
    }
    co_return shown(200, listed(std::move(all)));
}

answer place_handlers::repository_kinds(request&) {
    json::array all;
    all.push_back(json::object{
        {"kind", "HTTPS"}, {"required_config", json::object()}, {"is_mandatory", true}});
    co_return shown(200, listed(std::move(all)));
}

}  // namespace pilothouse::qovery
