// Port: the workloads of a release, scaled and restarted by Kubernetes itself, beside helm.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "release/engine.hpp"
#include "release/kubeconfig.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace pilothouse::release {

// What became of an object.
enum class scaling : std::uint8_t {
    done,
    as_it_was,     // it is so already
    absent,        // the cluster does not have it
    not_of_these,  // nothing that can be scaled, or restarted
};

// Thread-safe; every call has a deadline, and may be made again, whatever became of it. Objects
// name their namespaces. errc::unavailable: not reached, or not now; errc::denied;
// errc::wrong_state: the cluster refuses the change, and why.
class workloads {
public:
    virtual ~workloads() = default;
    // No cluster is asked any more (errc::unavailable): the server ends. Any thread.
    virtual void stop_asking() noexcept {}

    // To no pods; a CronJob to no jobs. The size it had is written down at the object itself.
    [[nodiscard]] virtual task<result<scaling>> scale_down(cluster_access access,
                                                           rendered_object object) = 0;
    // To the size that is written down there, and strikes that; one that somebody has scaled
    // meanwhile keeps its size. No field is ours afterwards: Helm may set any.
    [[nodiscard]] virtual task<result<scaling>> scale_back(cluster_access access,
                                                           rendered_object object) = 0;
    // New pods in place of the old ones, once for each `mark`.
    [[nodiscard]] virtual task<result<scaling>> restart(cluster_access access,
                                                        rendered_object object,
                                                        std::string mark) = 0;
    // How many are left that have not ended.
    [[nodiscard]] virtual task<result<std::size_t>> count_pods(cluster_access access,
                                                               rendered_object object) = 0;
};

}  // namespace pilothouse::release
