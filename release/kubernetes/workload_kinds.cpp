#include "release/kubernetes/workload_kinds.hpp"

#include <algorithm>
#include <array>

namespace pilothouse::release::kubernetes {

namespace {

using enum workload_kind::scale;

constexpr std::array known{
    workload_kind{"apps/v1", "Deployment", "deployments", replicas, true, "ReplicaSet"},
    workload_kind{"apps/v1", "StatefulSet", "statefulsets", replicas, true},
    workload_kind{"apps/v1", "DaemonSet", "daemonsets", placement, true},
    workload_kind{"apps/v1", "ReplicaSet", "replicasets", replicas, false},
    workload_kind{"v1", "ReplicationController", "replicationcontrollers", replicas, false},
    workload_kind{"batch/v1", "CronJob", "cronjobs", suspended, false},
};

}  // namespace

workload_kind const* find_workload(std::string_view api_version, std::string_view kind) noexcept {
    auto const* const found =
        std::find_if(known.begin(), known.end(), [&](workload_kind const& one) {
            return one.api_version == api_version && one.kind == kind;
        });
    return found != known.end() ? found : nullptr;
}

}  // namespace pilothouse::release::kubernetes
