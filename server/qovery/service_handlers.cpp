#include "server/qovery/service_handlers.hpp"

#include "server/qovery/shapes.hpp"

namespace pilothouse::qovery {

using deploy::environment_right;

answer service_handlers::list(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::see));
    PILOTHOUSE_CO_TRY(auto const all, co_await uses_.services.list(a));
    json::array shapes;
    for (auto const& one : all) shapes.push_back(service_shape(one, a.environment.uuid, r.site));
    co_return shown(200, listed(std::move(shapes)));
}

answer service_handlers::create(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::manage));
    PILOTHOUSE_CO_TRY(auto document, co_await read_text(r.x));
    PILOTHOUSE_CO_TRY(auto const made, co_await uses_.services.create(a, std::move(document)));
    co_return shown(201, service_shape(made, a.environment.uuid, r.site));
}

answer service_handlers::show(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await service(r, environment_right::see));
    PILOTHOUSE_CO_TRY(auto const found, co_await uses_.services.find(a));
    co_return shown(200, service_shape(found, a.environment.uuid, r.site));
}

answer service_handlers::edit(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await service(r, environment_right::manage));
    PILOTHOUSE_CO_TRY(auto document, co_await read_text(r.x));
    PILOTHOUSE_CO_TRY(auto const edited, co_await uses_.services.edit(a, std::move(document)));
    co_return shown(200, service_shape(edited, a.environment.uuid, r.site));
}

answer service_handlers::remove(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await service(r, environment_right::manage));
    PILOTHOUSE_CO_TRY(bool const leave, r.flag("skipReconcile"));
    auto const gone = co_await uses_.deployments.remove(a, leave);
    if (!gone) co_return gone.error();
    co_return no_content();
}

answer service_handlers::status(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await service(r, environment_right::see));
    PILOTHOUSE_CO_TRY(auto const view, co_await uses_.deployments.look(a));
    co_return shown(200, status_shape(view));
}

answer service_handlers::statuses(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::see));
    PILOTHOUSE_CO_TRY(auto const all, co_await uses_.deployments.look(a));
    json::array shapes;
    for (auto const& view : all) shapes.push_back(status_shape(view));
    co_return shown(200, listed(std::move(shapes)));
}

answer service_handlers::begin(request const& r, deploy::service_access const& a,
                               std::string version) {
    PILOTHOUSE_CO_TRY(bool const differs, r.asks_difference());
    if (!differs) {
        PILOTHOUSE_CO_TRY(auto const begun,
                          co_await uses_.deployments.deploy(a, std::move(version)));
        auto told = status_shape(begun);
        // It is the one that waits, not the one it waits for, that this request may cancel.
        if (!begun.lined_up.empty()) told["deployment_request_id"] = begun.lined_up.back().uuid;
        co_return shown(202, told);
    }
    PILOTHOUSE_CO_TRY(auto const run, co_await uses_.deployments.dry_run(a, std::move(version)));
    PILOTHOUSE_CO_TRY(auto const view, co_await uses_.deployments.look(a));
    co_return shown(202, dry_run_shape(view, run));
}

answer service_handlers::deploy(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await service(r, environment_right::deploy));
    // Nobody is to get another version than the one that he named.
    if (r.asked("chart_version"))
        co_return failure(errc::invalid_argument,
                          "chart_version: it is named by the body, as JSON");
    PILOTHOUSE_CO_TRY(auto const asked, co_await read_object(r.x));
    PILOTHOUSE_CO_TRY(auto version, version_in(asked));
    co_return co_await begin(r, a, std::move(version));
}

// Clients send it with an empty form.
answer service_handlers::redeploy(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await service(r, environment_right::deploy));
    std::string configured;
    co_return co_await begin(r, a, std::move(configured));
}

answer service_handlers::stop(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await service(r, environment_right::deploy));
    PILOTHOUSE_CO_TRY(auto const begun, co_await uses_.deployments.stop(a));
    co_return shown(202, status_shape(begun));
}

answer service_handlers::restart(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await service(r, environment_right::deploy));
    PILOTHOUSE_CO_TRY(auto const begun, co_await uses_.deployments.restart(a));
    co_return shown(202, status_shape(begun));
}

answer service_handlers::uninstall(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await service(r, environment_right::deploy));
    PILOTHOUSE_CO_TRY(auto const begun, co_await uses_.deployments.uninstall(a));
    if (!begun) co_return no_content();
    co_return shown(202, status_shape(*begun));
}

answer service_handlers::cancel(request& r) {
    PILOTHOUSE_CO_TRY(
        auto a, co_await uses_.access.to_deployment(r.x.who, environment_right::deploy, r.path(0)));
    came_from(a, r.x.peer);
    PILOTHOUSE_CO_TRY(auto const cancelled, co_await uses_.deployments.cancel(a, r.uuid(0)));
    co_return shown(202, status_shape(cancelled));
}

}  // namespace pilothouse::qovery
