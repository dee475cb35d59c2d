#include "server/release_core.hpp"

#include "release/helm/helm_engine.hpp"
#include "release/kubernetes/cluster_inspector.hpp"
#include "release/kubernetes/cluster_workloads.hpp"

#include <chrono>

namespace pilothouse {

namespace {

release::helm::helm_engine::settings engine_settings(settings const& s,
                                                     std::filesystem::path const& runs) {
    release::helm::helm_engine::settings to;
    to.program = s.helm.program;
    to.folder = runs / "helm";
    to.data_bytes_max = s.helm.data_bytes;
    to.grace = std::chrono::duration_cast<std::chrono::seconds>(s.helm.grace);
    to.threads = s.releases.running;
    return to;
}

}  // namespace

release_core::release_core(settings const& s, ground below, std::filesystem::path const& runs)
    : helm(std::make_unique<release::helm::helm_engine>(engine_settings(s, runs))),
      inspector(std::make_unique<release::kubernetes::cluster_inspector>(below.files)),
      workloads(std::make_unique<release::kubernetes::cluster_workloads>()),
      parts{below.stores.clusters(),
            below.stores.releases(),
            below.stores.operations(),
            below.stores.operation_events(),
            below.stores.catalogue(),
            below.stores.packages(),
            below.stores.blobs(),
            below.policy,
            below.auditor,
            *helm,
            below.keys,
            below.time,
            below.files,
            runs / "archives",
            inspector.get(),
            s.releases,
            [this] {
                std::lock_guard const lock(mutex_);
                if (runner_ != nullptr) runner_->wake();
            },
            [this](storage::cluster_id cluster) {
                std::lock_guard const lock(mutex_);
                if (refresher_ != nullptr) refresher_->look_at(cluster);
            },
            workloads.get()},
      access(parts),
      clusters(parts, below.stores.cluster_members(), *inspector,
               {{s.cluster_plain_http}, s.cluster_registrars}, below.keys),
      change(parts),
      read(parts),
      diff(parts) {}

release_core::~release_core() = default;

void release_core::stop_asking() noexcept {
    helm->stop();
    inspector->stop();
    workloads->stop_asking();
}

void release_core::set_runner(release::runner* r) {
    std::lock_guard const lock(mutex_);
    runner_ = r;
}

void release_core::set_refresher(release::refresher* r) {
    std::lock_guard const lock(mutex_);
    refresher_ = r;
}

}  // namespace pilothouse
