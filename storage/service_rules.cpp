#include "storage/service_rules.hpp"

#include <utility>

namespace pilothouse::storage {

failure no_such_environment() { return {errc::not_found, "there is no such environment"}; }
failure no_such_service() { return {errc::not_found, "there is no such service"}; }
failure no_such_deployment() { return {errc::not_found, "there is no such deployment"}; }

failure environment_name_taken() {
    return {errc::conflict, "an environment with this name exists in the project already"};
}

failure namespace_taken() {
    return {errc::conflict, "this namespace of the cluster belongs to another environment"};
}

failure service_name_taken() {
    return {errc::conflict, "a service with this name exists in the environment already"};
}

failure release_name_taken() {
    return {errc::conflict, "another service of the environment has this release name"};
}

failure uuid_taken() { return {errc::conflict, "this UUID was given already"}; }

failure services_left() {
    return {errc::wrong_state, "there are services in the environment: delete them first"};
}

result<void> edit(environment_record& environment,
                  record_change<environment_record> const& change) {
    auto edited = environment;
    if (auto const good = change(edited); !good) return good.error();
    environment.name = std::move(edited.name);
    environment.mode = edited.mode;
    environment.updated = edited.updated;
    return {};
}

result<void> edit(service_record& service, record_change<service_record> const& change) {
    auto edited = service;
    if (auto const good = change(edited); !good) return good.error();
    service.name = std::move(edited.name);
    service.sealed_configuration = std::move(edited.sealed_configuration);
    service.configuration = edited.configuration;
    service.deployed = edited.deployed;
    service.deployed_revision = edited.deployed_revision;
    service.release = std::move(edited.release);
    service.auto_deploy = edited.auto_deploy;
    service.follows_as = edited.follows_as;
    service.by_operator = edited.by_operator;
    service.updated = edited.updated;
    return {};
}

result<void> edit(deployment_record& deployment, record_change<deployment_record> const& change) {
    auto edited = deployment;
    if (auto const good = change(edited); !good) return good.error();
    deployment.configuration = edited.configuration;
    deployment.version = std::move(edited.version);
    deployment.operation = std::move(edited.operation);
    deployment.started = edited.started;
    deployment.finished = edited.finished;
    deployment.outcome = edited.outcome;
    deployment.message = std::move(edited.message);
    deployment.result = std::move(edited.result);
    return {};
}

}  // namespace pilothouse::storage
