// Environments and services for the suites of the stores that hold them.
#pragma once

#include "base/uuid.hpp"
#include "storage/environment_store.hpp"
#include "storage/service_store.hpp"
#include "tests/contract/release_scene.hpp"

#include <string>
#include <utility>

namespace pilothouse::tests {

inline storage::environment_record environment_of(storage::project_id project,
                                                  storage::cluster_id cluster,
                                                  std::string name = "staging") {
    storage::environment_record e;
    e.uuid = random_uuid();
    e.project = project;
    e.cluster = cluster;
    e.name_space = "ns-" + name;
    e.name = std::move(name);
    return e;
}

inline storage::environment_record make_environment(storage::stores& s, storage::project_id project,
                                                    storage::cluster_id cluster,
                                                    std::string name = "staging") {
    auto made = wait(s.environments().create(environment_of(project, cluster, std::move(name))));
    REQUIRE(made);
    return std::move(*made);
}

// With the project grp/app and the cluster prod.
inline storage::environment_record make_environment(storage::stores& s) {
    auto const project = make_project(s).id;
    return make_environment(s, project, make_cluster(s));
}

inline storage::service_record service_of(storage::environment_id environment,
                                          std::string name = "shop") {
    storage::service_record r;
    r.uuid = random_uuid();
    r.environment = environment;
    r.release_name = "release-of-" + name;
    r.name = std::move(name);
    return r;
}

inline storage::service_record make_service(storage::stores& s, storage::environment_id environment,
                                            std::string name = "shop") {
    auto made = wait(s.services().create(service_of(environment, std::move(name))));
    REQUIRE(made);
    return std::move(*made);
}

inline storage::deployment_record deployment_of(
    storage::service_id service, storage::deployment_kind kind = storage::deployment_kind::deploy) {
    storage::deployment_record d;
    d.uuid = random_uuid();
    d.service = service;
    d.kind = kind;
    return d;
}

inline storage::deployment_record make_deployment(
    storage::stores& s, storage::service_id service,
    storage::deployment_kind kind = storage::deployment_kind::deploy) {
    auto made = wait(s.deployments().add(deployment_of(service, kind)));
    REQUIRE(made);
    return std::move(*made);
}

// The condition of a failure, which has to say something.
template <class T>
errc refusal(result<T> const& r) {
    REQUIRE_FALSE(r);
    CHECK_FALSE(r.error().detail.empty());
    return r.error().code;
}

inline bool is_environment_gone(storage::stores& s, storage::environment_record const& e) {
    auto const found = wait(s.environments().find(e.uuid));
    CHECK(found.has_value() == wait(s.environments().find(e.id)).has_value());
    if (!found) CHECK(refusal(found) == errc::not_found);
    return !found;
}

inline bool is_service_gone(storage::stores& s, storage::service_record const& r) {
    auto const found = wait(s.services().find(r.uuid));
    CHECK(found.has_value() == wait(s.services().find(r.id)).has_value());
    if (!found) CHECK(refusal(found) == errc::not_found);
    return !found;
}

inline bool is_deployment_gone(storage::stores& s, storage::deployment_record const& d) {
    auto const found = wait(s.deployments().find(d.uuid));
    if (!found) CHECK(refusal(found) == errc::not_found);
    return !found;
}

}  // namespace pilothouse::tests
