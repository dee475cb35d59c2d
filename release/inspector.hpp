// Port: what Kubernetes itself says, beside helm.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "release/engine.hpp"
#include "release/kubeconfig.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::release {

struct missing_right {
    std::string verb, group, resource, name_space;  // `create`, `apps`, `deployments`, `default`
};

struct inspection {
    bool reachable = false;
    std::string failure;                 // why not, or why no more is known
    std::string version;                 // `v1.33.13`
    std::string user;                    // whom the cluster takes us for; empty: not said
    std::vector<missing_right> missing;  // of those that an install into the namespace needs
};

// The state of one that the cluster does not have yet.
inline constexpr std::string_view not_there_yet = "not there yet";

// An object that is not as it should be: not ready yet, gone, or changed by somebody.
struct object_state {
    std::string kind, name_space, name;
    std::string
        state;  // `0 of 1 ready`, `ImagePullBackOff: …`, `missing`, `changed: spec.replicas`
};

// Thread-safe; every call has a deadline. errc::unavailable, errc::denied, errc::wrong_state.
class inspector {
public:
    virtual ~inspector() = default;
    // No cluster is asked any more (errc::unavailable): the server ends. Any thread.
    virtual void stop() noexcept {}
    // Which Kubernetes it is: `v1.33.13`. errc::unavailable: not said within this time.
    [[nodiscard]] virtual task<result<std::string>> version(cluster_access access,
                                                            std::chrono::milliseconds at_most) = 0;
    [[nodiscard]] virtual task<inspection> inspect(cluster_access access,
                                                   std::string name_space) = 0;
    // Those of the objects that are not ready, with the cause as far as pods and events tell.
    // Objects name their namespaces, here and below.
    [[nodiscard]] virtual task<result<std::vector<object_state>>> unready(
        cluster_access access, std::vector<rendered_object> objects) = 0;
    // Those that are missing, or that differ from what the chart wrote.
    [[nodiscard]] virtual task<result<std::vector<object_state>>> drifted(
        cluster_access access, std::vector<rendered_object> objects) = 0;
    // Those that are not in this namespace: in another one, in none, or of a kind that the cluster
    // does not know.
    [[nodiscard]] virtual task<result<std::vector<object_state>>> outside(
        cluster_access access, std::string name_space, std::vector<rendered_object> objects) = 0;
};

}  // namespace pilothouse::release
