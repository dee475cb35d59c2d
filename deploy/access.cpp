#include "deploy/access.hpp"

#include "base/uuid.hpp"

#include <utility>

namespace pilothouse::deploy {

namespace {

using auth::permission;

permission permission_of(environment_right what) noexcept {
    switch (what) {
        case environment_right::see: return permission::read_project;
        case environment_right::deploy: return permission::push_chart;
        case environment_right::manage: break;
    }
    return permission::edit_project;
}

result<std::string> uuid_in(std::string_view text) {
    auto uuid = parse_uuid(text);
    if (!uuid) return failure(errc::invalid_argument, "an id here is a UUID");
    return *std::move(uuid);
}

// Whoever is nobody learns nothing of what there is.
result<std::string> named(auth::principal const& who, std::string_view text) {
    if (who.what == auth::principal::kind::anonymous)
        return failure(errc::unauthenticated, "credentials are needed");
    return uuid_in(text);
}

}  // namespace

void environment_access::expect(environment_right least) const {
    switch (least) {
        case environment_right::see:
            in_project.expect(
                {permission::read_project, permission::push_chart, permission::edit_project});
            return;
        case environment_right::deploy:
            in_project.expect({permission::push_chart, permission::edit_project});
            return;
        case environment_right::manage: in_project.expect({permission::edit_project}); return;
    }
}

task<result<environment_access>> access::opened(std::shared_ptr<auth::principal const> who,
                                                environment_right what,
                                                storage::environment_record environment) {
    auto in_project =
        co_await parts_.below.policy.authorize(who, permission_of(what), environment.project);
    // In the words of one that is not there: who may not know of it learns nothing.
    if (!in_project && in_project.error().code == errc::not_found)
        co_return failure(errc::not_found, "there is no such environment");
    if (!in_project) co_return in_project.error();
    environment_access a{*std::move(in_project), std::nullopt, std::move(environment)};
    if (what == environment_right::see) co_return a;
    PILOTHOUSE_CO_TRY(a.on_cluster,
                      co_await parts_.below.policy.authorize_on_cluster(
                          std::move(who), permission::use_cluster, a.environment.cluster));
    co_return a;
}

task<result<service_access>> access::opened(std::shared_ptr<auth::principal const> who,
                                            environment_right what,
                                            storage::service_record service) {
    PILOTHOUSE_CO_TRY(auto environment, co_await parts_.environments.find(service.environment));
    auto a = co_await opened(std::move(who), what, std::move(environment));
    if (!a && a.error().code == errc::not_found)
        co_return failure(errc::not_found, "there is no such service");
    if (!a) co_return a.error();
    co_return service_access{*std::move(a), std::move(service)};
}

task<result<environment_access>> access::to_environment(std::shared_ptr<auth::principal const> who,
                                                        environment_right what, std::string uuid) {
    PILOTHOUSE_CO_TRY(auto id, named(*who, uuid));
    PILOTHOUSE_CO_TRY(auto found, co_await parts_.environments.find(std::move(id)));
    co_return co_await opened(std::move(who), what, std::move(found));
}

task<result<service_access>> access::to_service(std::shared_ptr<auth::principal const> who,
                                                environment_right what, std::string uuid) {
    PILOTHOUSE_CO_TRY(auto id, named(*who, uuid));
    PILOTHOUSE_CO_TRY(auto found, co_await parts_.services.find(std::move(id)));
    co_return co_await opened(std::move(who), what, std::move(found));
}

task<result<service_access>> access::to_deployment(std::shared_ptr<auth::principal const> who,
                                                   environment_right what, std::string uuid) {
    PILOTHOUSE_CO_TRY(auto id, named(*who, uuid));
    PILOTHOUSE_CO_TRY(auto const deployment, co_await parts_.deployments.find(std::move(id)));
    PILOTHOUSE_CO_TRY(auto found, co_await parts_.services.find(deployment.service));
    co_return co_await opened(std::move(who), what, std::move(found));
}

}  // namespace pilothouse::deploy
