#include "server/qovery/environment_handlers.hpp"

#include "base/uuid.hpp"
#include "deploy/place_uuids.hpp"
#include "server/qovery/shapes.hpp"

#include <algorithm>
#include <optional>

namespace pilothouse::qovery {

namespace {

using auth::permission;
using deploy::environment_right;

storage::group_id organization_of(auth::grant const& in_project) {
    return in_project.project().groups.front();
}

http::response shown_environment(unsigned status, storage::environment_record const& e,
                                 auth::grant const& in_project) {
    return shown(status, environment_shape(e, organization_of(in_project)));
}

// Empty: none is named.
result<std::optional<storage::environment_mode>> mode_in(json::object const& o) {
    PILOTHOUSE_TRY(auto word, text_of(o, "mode"));
    if (word.empty()) return std::optional<storage::environment_mode>();
    std::ranges::transform(word, word.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    auto const mode = storage::environment_mode_named(word);
    if (!mode)
        return failure(errc::invalid_argument,
                       "mode: is one of DEVELOPMENT, PREVIEW, STAGING, PRODUCTION");
    return mode;
}

// A UUID, or a name, which is ours.
result<auth::cluster_reference> cluster_in(json::object const& o) {
    PILOTHOUSE_TRY(auto text, text_of(o, "cluster"));
    if (text.empty()) return failure(errc::invalid_argument, "cluster: is missing");
    if (!parse_uuid(text)) return auth::cluster_reference(std::move(text));
    auto const number = number_in_uuid(deploy::uuid_of_cluster, text);
    if (!number) return failure(errc::not_found, "there is no such cluster");
    return auth::cluster_reference(storage::cluster_id(*number));
}

}  // namespace

task<result<auth::grant>> environment_handlers::project(request const& r, permission what) {
    auto const number = number_in_uuid(deploy::uuid_of_project, r.path(0));
    if (!number) co_return failure(errc::not_found, "there is no such project");
    auto g = co_await uses_.policy.authorize(r.x.who, what, storage::project_id(*number));
    if (g) g->came_from(r.x.peer);
    co_return g;
}

answer environment_handlers::list(request& r) {
    PILOTHOUSE_CO_TRY(auto const g, co_await project(r, permission::read_project));
    auto const all = co_await uses_.environments.list(g);
    json::array shapes;
    for (auto const& one : all) shapes.push_back(environment_shape(one, organization_of(g)));
    co_return shown(200, listed(std::move(shapes)));
}

answer environment_handlers::create(request& r) {
    PILOTHOUSE_CO_TRY(auto const g, co_await project(r, permission::edit_project));
    PILOTHOUSE_CO_TRY(auto const asked, co_await read_object(r.x));
    deploy::new_environment wanted;
    PILOTHOUSE_CO_TRY(wanted.name, text_of(asked, "name"));
    PILOTHOUSE_CO_TRY(wanted.name_space, text_of(asked, "namespace"));
    PILOTHOUSE_CO_TRY(wanted.cluster, cluster_in(asked));
    PILOTHOUSE_CO_TRY(auto const mode, mode_in(asked));
    if (mode) wanted.mode = *mode;
    PILOTHOUSE_CO_TRY(auto const made, co_await uses_.environments.create(g, std::move(wanted)));
    co_return shown_environment(201, made, g);
}

answer environment_handlers::show(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::see));
    co_return shown_environment(200, a.environment, a.in_project);
}

answer environment_handlers::edit(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::manage));
    PILOTHOUSE_CO_TRY(auto const asked, co_await read_object(r.x));
    deploy::environment_changes changes;
    PILOTHOUSE_CO_TRY(auto name, text_of(asked, "name"));
    if (asked.contains("name") && !asked.at("name").is_null()) changes.name = std::move(name);
    PILOTHOUSE_CO_TRY(changes.mode, mode_in(asked));
    PILOTHOUSE_CO_TRY(auto const edited, co_await uses_.environments.edit(a, std::move(changes)));
    co_return shown_environment(200, edited, a.in_project);
}

answer environment_handlers::remove(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::manage));
    auto const gone = co_await uses_.environments.remove(a);
    if (!gone) co_return gone.error();
    co_return no_content();
}

answer environment_handlers::status(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::see));
    PILOTHOUSE_CO_TRY(auto const all, co_await uses_.deployments.look(a));
    co_return shown(200, environment_status_shape(a.environment.uuid, all));
}

answer environment_handlers::statuses(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::see));
    PILOTHOUSE_CO_TRY(auto const all, co_await uses_.deployments.look(a));
    co_return shown(200, statuses_shape(a.environment.uuid, all));
}

}  // namespace pilothouse::qovery
