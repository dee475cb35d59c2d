#include "release/kubernetes/pod_trouble.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include <string>

namespace pilothouse::tests::pod_trouble_test {

using namespace pilothouse::release::kubernetes;
namespace json = boost::json;
using weight = pod_trouble::weight;

TEST_CASE("the cause is read off a pod's conditions and containers") {
    struct row {
        std::string pod;
        weight how;
        std::string text;
    };
    for (
        auto const& r : {
            row{R"({"status": {"phase": "Running", "conditions": [{"type": "Ready",
                 "status": "True"}]}})",
                weight::none, ""},
            row{R"({"status": {"phase": "Succeeded"}})", weight::none, ""},
            row{R"({"status": {"phase": "Pending"}})", weight::starting,
                "the pod is not started yet"},
            row{R"({"status": {"phase": "Pending", "conditions": [{"type": "PodScheduled",
                 "status": "False", "reason": "Unschedulable",
                 "message":
                 "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 victims"}]}})",
                weight::cause, "0/1 nodes are available: 1 Insufficient cpu."},
            row{R"({"status": {"phase": "Pending", "containerStatuses": [{"name": "web", "state":
                 {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling x"}}}]}})",
                weight::cause, "ImagePullBackOff: Back-off pulling x"},
            row{R"({"status": {"phase": "Pending", "containerStatuses": [{"name": "web", "state":
                 {"waiting": {"reason": "ContainerCreating"}}}]}})",
                weight::starting, "ContainerCreating"},
            row{R"({"status": {"phase": "Running", "containerStatuses": [{"name": "web", "state":
                 {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s"}},
                 "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}}]}})",
                weight::cause, "CrashLoopBackOff: exit code 137 (OOMKilled)"},
            row{R"({"status": {"phase": "Running", "containerStatuses": [{"name": "web", "state":
                 {"terminated": {"exitCode": 2, "reason": "Error", "message": "no\nfile"}}}]}})",
                weight::cause, "exit code 2: no file"},
            row{R"({"status": {"phase": "Pending",
                 "initContainerStatuses": [{"name": "wait", "state":
                     {"waiting": {"reason": "ErrImagePull", "message": "gone"}}}],
                 "containerStatuses": [{"name": "web", "state":
                     {"waiting": {"reason": "PodInitializing"}}}]}})",
                weight::cause, "ErrImagePull: gone"},
            row{R"({"status": {"phase": "Running", "containerStatuses": [
                 {"name": "web", "ready": false, "state": {"running": {}}},
                 {"name": "side", "ready": true, "state": {"running": {}}}]}})",
                weight::unready, "container web runs, but is not ready"},
            row{R"({"status": {"phase": "Failed", "reason": "Evicted", "message": "low on disk"}})",
                weight::cause, "Evicted: low on disk"},
            row{"null", weight::starting, "the pod is not started yet"},
        }) {
        CAPTURE(r.pod);
        auto const trouble = trouble_of(json::parse(r.pod));
        CHECK(trouble.how == r.how);
        CHECK(trouble.text == r.text);
    }
}

TEST_CASE("what a container says at length is cut") {
    auto const said = trouble_of(json::parse(
        R"({"status": {"containerStatuses": [{"state": {"waiting": {"reason": "Bad", "message": ")" +
        std::string(5000, 'x') + R"("}}}]}})"));
    CHECK(said.text.size() < 400);
    CHECK(said.text.starts_with("Bad: xxx"));
}

TEST_CASE("of several pods the worst speaks, of equal ones the newest, and none that goes") {
    auto const pods = json::parse(R"([
        {"metadata": {"name": "good"}, "status": {"phase": "Succeeded"}},
        {"metadata": {"name": "old", "creationTimestamp": "2026-11-20T10:00:00Z"},
         "status": {"phase": "Failed", "reason": "Old"}},
        {"metadata": {"name": "new", "creationTimestamp": "2026-11-20T11:00:00Z"},
         "status": {"phase": "Failed", "reason": "New"}},
        {"metadata": {"name": "mild", "creationTimestamp": "2026-11-20T12:00:00Z"},
         "status": {"phase": "Pending"}},
        {"metadata": {"name": "going", "creationTimestamp": "2026-11-20T13:00:00Z",
                      "deletionTimestamp": "2026-11-20T13:01:00Z"},
         "status": {"phase": "Failed", "reason": "Going"}}])");
    auto const worst = worst_of(pods.get_array());
    CHECK(worst.pod == "new");
    CHECK(worst.text == "New");
    CHECK(worst_of({}).how == weight::none);
}

}  // namespace pilothouse::tests::pod_trouble_test
