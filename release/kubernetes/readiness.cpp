#include "release/kubernetes/readiness.hpp"

#include "release/kubernetes/json_fields.hpp"
#include "release/kubernetes/shown_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace pilothouse::release::kubernetes {

namespace json = boost::json;

namespace {

constexpr std::size_t condition_characters_max = 200;

constexpr std::array awaited{
    awaited_kind{"apps/v1", "Deployment", "deployments", true},
    awaited_kind{"apps/v1", "StatefulSet", "statefulsets", true},
    awaited_kind{"apps/v1", "DaemonSet", "daemonsets", true},
    awaited_kind{"batch/v1", "Job", "jobs", true},
    awaited_kind{"v1", "Pod", "pods", false},
    awaited_kind{"v1", "PersistentVolumeClaim", "persistentvolumeclaims", false},
    awaited_kind{"v1", "Service", "services", false},
};

std::string part(std::int64_t done, std::int64_t of, std::string_view what) {
    return std::to_string(done) + " of " + std::to_string(of) + " " + std::string(what);
}

// What follows from its specification is not to be read off its status yet.
bool is_unseen(json::value const& live) {
    return number(live, {"status", "observedGeneration"}) <
           number(live, {"metadata", "generation"});
}

// `reason: message` of a condition.
std::string told_by(json::value const& condition) {
    return shown(
        std::string(text(condition, {"reason"})) + ": " + std::string(text(condition, {"message"})),
        condition_characters_max);
}

// In the order in which `kubectl rollout status` asks.
std::string lacking_of_deployment(json::value const& live) {
    if (find(live, {"spec", "paused"}) != nullptr &&
        *find(live, {"spec", "paused"}) == json::value(true))
        return {};
    if (is_unseen(live)) return "not begun yet";
    auto const wanted = number(live, {"spec", "replicas"}, 1);
    auto const updated = number(live, {"status", "updatedReplicas"});
    auto const old = number(live, {"status", "replicas"}) - updated;
    auto const ready = std::min(number(live, {"status", "readyReplicas"}),
                                number(live, {"status", "availableReplicas"}));
    std::string said;
    if (updated < wanted)
        said = part(updated, wanted, "made");
    else if (old > 0)
        said = std::to_string(old) + (old == 1 ? " old replica is" : " old replicas are") +
               " still there";
    else if (ready < wanted)
        said = part(ready, wanted, "ready");
    else
        return {};
    if (auto const* const failed = condition(live, "ReplicaFailure");
        failed != nullptr && holds(live, "ReplicaFailure"))
        return said + ": " + told_by(*failed);
    auto const* const progress = condition(live, "Progressing");
    bool const given_up =
        progress != nullptr && text(*progress, {"reason"}) == "ProgressDeadlineExceeded";
    return given_up ? said + ", its progress deadline has passed" : said;
}

std::string lacking_of_stateful_set(json::value const& live) {
    if (text(live, {"spec", "updateStrategy", "type"}) == "OnDelete") return {};
    if (is_unseen(live)) return "not begun yet";
    auto const wanted = number(live, {"spec", "replicas"}, 1);
    auto const partition = number(live, {"spec", "updateStrategy", "rollingUpdate", "partition"});
    auto const ready = number(live, {"status", "readyReplicas"});
    if (ready < wanted) return part(ready, wanted, "ready");
    auto const to_update = std::max<std::int64_t>(wanted - partition, 0);
    auto const updated = number(live, {"status", "updatedReplicas"});
    bool const whole = partition != 0 || text(live, {"status", "currentRevision"}) ==
                                             text(live, {"status", "updateRevision"});
    if (updated < to_update || !whole) return part(updated, to_update, "updated");
    return {};
}

std::string lacking_of_daemon_set(json::value const& live) {
    if (text(live, {"spec", "updateStrategy", "type"}) == "OnDelete") return {};
    if (is_unseen(live)) return "not begun yet";
    auto const wanted = number(live, {"status", "desiredNumberScheduled"});
    auto const updated = number(live, {"status", "updatedNumberScheduled"});
    if (updated < wanted) return part(updated, wanted, "updated");
    auto const ready = number(live, {"status", "numberReady"});
    return ready < wanted ? part(ready, wanted, "ready") : std::string();
}

std::string lacking_of_job(json::value const& live) {
    if (holds(live, "Complete")) return {};
    if (holds(live, "Failed")) return "failed: " + told_by(*condition(live, "Failed"));
    auto const done = number(live, {"status", "succeeded"});
    auto const wanted = number(live, {"spec", "completions"}, 1);
    return holds(live, "Suspended") ? "suspended" : part(done, wanted, "succeeded");
}

std::string lacking_of_pod(json::value const& live) {
    if (text(live, {"status", "phase"}) == "Succeeded" || holds(live, "Ready")) return {};
    return "not ready";
}

std::string lacking_of_claim(json::value const& live) {
    auto const phase = text(live, {"status", "phase"});
    if (phase == "Bound") return {};
    return phase == "Lost" ? "its volume is lost" : "not bound to a volume";
}

std::string lacking_of_service(json::value const& live) {
    bool const balanced = text(live, {"spec", "type"}) == "LoadBalancer";
    bool const has_address = !list(live, {"spec", "externalIPs"}).empty() ||
                             !list(live, {"status", "loadBalancer", "ingress"}).empty();
    return balanced && !has_address ? "no load balancer has given it an address" : "";
}

}  // namespace

awaited_kind const* find_awaited(std::string_view api_version, std::string_view kind) noexcept {
    auto const* const found = std::find_if(
        awaited.begin(), awaited.end(),
        [&](awaited_kind const& a) { return a.api_version == api_version && a.kind == kind; });
    return found != awaited.end() ? found : nullptr;
}

std::string lacking(awaited_kind const& kind, json::value const& live) {
    if (!text(live, {"metadata", "deletionTimestamp"}).empty()) return "being deleted";
    if (kind.kind == "Deployment") return lacking_of_deployment(live);
    if (kind.kind == "StatefulSet") return lacking_of_stateful_set(live);
    if (kind.kind == "DaemonSet") return lacking_of_daemon_set(live);
    if (kind.kind == "Job") return lacking_of_job(live);
    if (kind.kind == "Pod") return lacking_of_pod(live);
    if (kind.kind == "PersistentVolumeClaim") return lacking_of_claim(live);
    return lacking_of_service(live);
}

}  // namespace pilothouse::release::kubernetes
