// Clusters and operations for the suites of the stores that hold them.
#pragma once

#include "storage/cluster_store.hpp"
#include "storage/operation_log.hpp"
#include "storage/release_store.hpp"
#include "tests/contract/harness.hpp"

#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests {

inline storage::cluster_id make_cluster(storage::stores& s, std::string name = "prod") {
    storage::cluster_record c;
    c.name = std::move(name);
    auto made = wait(s.clusters().create(std::move(c)));
    REQUIRE(made);
    return made->id;
}

inline storage::release_source make_source(std::string const& version = "1.0.0") {
    storage::release_source s;
    s.reference = "as-it-was-named/" + version;
    s.product = "grp/app/shop";
    s.project = {77};
    s.project_path = "grp/app";
    s.channel = "stable";
    s.chart = "shop";
    s.version = version;
    s.archive = sha256("archive of " + version);
    return s;
}

inline storage::new_operation install_of(storage::cluster_id cluster, std::string name = "shop",
                                         std::string name_space = "default") {
    storage::new_operation wanted;
    wanted.operation.kind = storage::operation_kind::install;
    wanted.operation.description = "Install shop";
    wanted.operation.by_name = "ada";
    wanted.operation.source = make_source();
    wanted.release.cluster = cluster;
    wanted.release.name_space = std::move(name_space);
    wanted.release.name = std::move(name);
    wanted.release.source = make_source();
    wanted.sealed_values = "sealed values of " + wanted.release.name;
    return wanted;
}

inline storage::new_operation change_of(
    std::string release, storage::operation_kind kind = storage::operation_kind::update) {
    storage::new_operation wanted;
    wanted.operation.kind = kind;
    wanted.operation.release = std::move(release);
    return wanted;
}

inline storage::begun begin(storage::stores& s, storage::new_operation wanted) {
    auto made = wait(s.operations().begin(std::move(wanted)));
    REQUIRE(made);
    return std::move(*made);
}

inline failure refused(storage::stores& s, storage::new_operation wanted) {
    auto made = wait(s.operations().begin(std::move(wanted)));
    REQUIRE_FALSE(made);
    return made.error();
}

inline storage::operation_ending deployed(int revision = 1) {
    storage::operation_ending e;
    e.status = storage::release_status::deployed;
    e.revision = revision;
    e.description = "Install complete";
    return e;
}

inline storage::operation_ending left_nothing() {
    storage::operation_ending e;
    e.status = storage::release_status::uninstalled;
    e.gone = true;
    return e;
}

inline storage::operation_record finish(storage::stores& s, std::string id,
                                        storage::operation_ending ending = deployed()) {
    auto done = wait(s.operations().finish(std::move(id), std::move(ending)));
    REQUIRE(done);
    return std::move(*done);
}

// A release that is deployed, with its one operation done.
inline storage::release_record make_release(storage::stores& s, storage::cluster_id cluster,
                                            std::string name = "shop",
                                            std::string name_space = "default") {
    auto const made = begin(s, install_of(cluster, std::move(name), std::move(name_space)));
    (void)finish(s, made.operation.id);
    auto found = wait(s.releases().find(made.release.id));
    REQUIRE(found);
    return *found;
}

inline storage::release_record release_now(storage::stores& s, std::string id) {
    auto found = wait(s.releases().find(std::move(id)));
    REQUIRE(found);
    return std::move(*found);
}

inline bool is_gone(storage::stores& s, std::string id) {
    auto const found = wait(s.releases().find(std::move(id)));
    if (!found) CHECK(found.error().code == errc::not_found);
    return !found;
}

}  // namespace pilothouse::tests
