#include "release/kubernetes/pod_trouble.hpp"

#include "release/kubernetes/json_fields.hpp"
#include "release/kubernetes/shown_text.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

namespace pilothouse::release::kubernetes {

namespace json = boost::json;

namespace {

using weight = pod_trouble::weight;

constexpr std::size_t trouble_characters_max = 300;

std::string joined(std::string_view reason, std::string_view message) {
    std::string all(reason);
    if (!all.empty() && !message.empty()) all += ": ";
    return all.append(message);
}

// `exit code 1`, `exit code 137 (OOMKilled)`.
std::string how_it_ended(json::value const& terminated) {
    auto const reason = text(terminated, {"reason"});
    auto said = "exit code " + std::to_string(number(terminated, {"exitCode"}));
    if (!reason.empty() && reason != "Error") said += " (" + std::string(reason) + ")";
    return joined(said, text(terminated, {"message"}));
}

pod_trouble of_waiting(json::value const& container, json::value const& waiting) {
    auto const reason = text(waiting, {"reason"});
    bool const on_its_way =
        reason.empty() || reason == "ContainerCreating" || reason == "PodInitializing";
    if (on_its_way) return {weight::starting, std::string(reason), {}};
    auto const* const last = find(container, {"lastState", "terminated"});
    if (reason == "CrashLoopBackOff" && last != nullptr)
        return {weight::cause, joined(reason, how_it_ended(*last)), {}};
    return {weight::cause, joined(reason, text(waiting, {"message"})), {}};
}

pod_trouble of_container(json::value const& container, bool init) {
    if (auto const* const waiting = find(container, {"state", "waiting"}))
        return of_waiting(container, *waiting);
    if (auto const* const ended = find(container, {"state", "terminated"}))
        return number(*ended, {"exitCode"}) == 0
                   ? pod_trouble{}
                   : pod_trouble{weight::cause, how_it_ended(*ended), {}};
    std::string const name(text(container, {"name"}));
    if (init) return {weight::starting, "container " + name + " prepares", {}};
    auto const* const ready = find(container, {"ready"});
    if (ready != nullptr && *ready == json::value(true)) return {};
    return {weight::unready, "container " + name + " runs, but is not ready", {}};
}

void keep_worse(pod_trouble& worst, pod_trouble other) {
    if (other.how > worst.how) worst = std::move(other);
}

pod_trouble of_pod(json::value const& pod) {
    auto const phase = text(pod, {"status", "phase"});
    if (phase == "Succeeded" || holds(pod, "Ready")) return {};
    auto const* const scheduled = condition(pod, "PodScheduled");
    if (scheduled != nullptr && text(*scheduled, {"status"}) == "False") {
        // What the scheduler says of making room by ending others is never the cause.
        auto const whole = text(*scheduled, {"message"});
        auto const message = whole.substr(0, whole.find(" preemption: "));
        return {weight::cause, std::string(message.empty() ? "Unschedulable" : message), {}};
    }
    pod_trouble worst;
    for (auto const& one : list(pod, {"status", "initContainerStatuses"}))
        keep_worse(worst, of_container(one, true));
    for (auto const& one : list(pod, {"status", "containerStatuses"}))
        keep_worse(worst, of_container(one, false));
    if (phase == "Failed" && worst.how != weight::cause) {
        auto const said = joined(text(pod, {"status", "reason"}), text(pod, {"status", "message"}));
        return {weight::cause, said.empty() ? "the pod has failed" : said, {}};
    }
    if (worst.how == weight::none) return {weight::starting, "the pod is not started yet", {}};
    return worst;
}

}  // namespace

pod_trouble trouble_of(json::value const& pod) {
    auto trouble = of_pod(pod);
    trouble.text = shown(trouble.text, trouble_characters_max);
    trouble.pod = text(pod, {"metadata", "name"});
    return trouble;
}

pod_trouble worst_of(json::array const& pods) {
    pod_trouble worst;
    std::string_view newest;  // RFC 3339 in seconds and UTC: sorts as a text
    for (auto const& pod : pods) {
        if (!text(pod, {"metadata", "deletionTimestamp"}).empty()) continue;
        auto trouble = trouble_of(pod);
        auto const made = text(pod, {"metadata", "creationTimestamp"});
        bool const worse = trouble.how > worst.how || (trouble.how == worst.how && made > newest);
        if (trouble.how == weight::none || !worse) continue;
        worst = std::move(trouble);
        newest = made;
    }
    return worst;
}

}  // namespace pilothouse::release::kubernetes
