#include "release/kubernetes/readiness.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include <string>

namespace pilothouse::tests::readiness_test {

using namespace pilothouse::release::kubernetes;

namespace {

std::string of(std::string_view version, std::string_view kind, std::string const& live) {
    auto const* const awaited = find_awaited(version, kind);
    REQUIRE(awaited != nullptr);
    return lacking(*awaited, boost::json::parse(live));
}

struct row {
    std::string live, wanted;
};

}  // namespace

TEST_CASE("only what Helm waits for is awaited") {
    CHECK(find_awaited("apps/v1", "Deployment") != nullptr);
    CHECK(find_awaited("v1", "ConfigMap") == nullptr);
    CHECK(find_awaited("example.com/v1", "Deployment") == nullptr);
}

TEST_CASE("a Deployment is ready when all its new replicas are, and no old one is left") {
    std::string const seen = R"("metadata": {"generation": 2}, )";
    for (auto const& r : {
             row{"{" + seen + R"("spec": {"replicas": 2}, "status": {"observedGeneration": 2,
                 "replicas": 2, "updatedReplicas": 2, "readyReplicas": 2, "availableReplicas": 2}})",
                 ""},
             row{"{" + seen + R"("spec": {"replicas": 2}, "status": {"observedGeneration": 2,
                 "replicas": 2, "updatedReplicas": 2, "readyReplicas": 1, "availableReplicas": 1}})",
                 "1 of 2 ready"},
             row{"{" + seen + R"("spec": {"replicas": 1}, "status": {"observedGeneration": 2,
                 "replicas": 2, "updatedReplicas": 1, "readyReplicas": 1, "availableReplicas": 1}})",
                 "1 old replica is still there"},
             row{"{" + seen + R"("spec": {"replicas": 3}, "status": {"observedGeneration": 2,
                 "replicas": 3, "updatedReplicas": 1, "readyReplicas": 2, "availableReplicas": 2}})",
                 "1 of 3 made"},
             row{"{" + seen + R"("spec": {"replicas": 1}, "status": {"observedGeneration": 1}})",
                 "not begun yet"},
             row{"{" + seen + R"("spec": {"replicas": 1, "paused": true}, "status": {}})", ""},
             row{"{" + seen + R"("spec": {"replicas": 0}, "status": {"observedGeneration": 2}})",
                 ""},
             row{"{" + seen + R"("spec": {}, "status": {"observedGeneration": 2, "conditions": [
                 {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"},
                 {"type": "Available", "status": "False"}], "replicas": 1, "updatedReplicas": 1}})",
                 "0 of 1 ready, its progress deadline has passed"},
             row{"{" + seen + R"("spec": {}, "status": {"observedGeneration": 2, "conditions": [
                 {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
                  "message": "exceeded quota:\npods"}]}})",
                 "0 of 1 made: FailedCreate: exceeded quota: pods"},
             row{R"({"metadata": {"deletionTimestamp": "2026-11-20T10:00:00Z"}})", "being deleted"},
         }) {
        CAPTURE(r.live);
        CHECK(of("apps/v1", "Deployment", r.live) == r.wanted);
    }
}

TEST_CASE("StatefulSets and DaemonSets are ready by their strategy") {
    for (auto const& r : {
             row{R"({"spec": {"replicas": 2}, "status": {"readyReplicas": 2, "updatedReplicas": 2,
                 "currentRevision": "a", "updateRevision": "a"}})",
                 ""},
             row{R"({"spec": {"replicas": 2}, "status": {"readyReplicas": 1}})", "1 of 2 ready"},
             row{R"({"spec": {"replicas": 2}, "status": {"readyReplicas": 2, "updatedReplicas": 1,
                 "currentRevision": "a", "updateRevision": "b"}})",
                 "1 of 2 updated"},
             row{R"({"spec": {"replicas": 3, "updateStrategy": {"type": "RollingUpdate",
                 "rollingUpdate": {"partition": 2}}}, "status": {"readyReplicas": 3,
                 "updatedReplicas": 1, "currentRevision": "a", "updateRevision": "b"}})",
                 ""},
             row{R"({"spec": {"replicas": 3, "updateStrategy": {"type": "OnDelete"}}})", ""},
         }) {
        CAPTURE(r.live);
        CHECK(of("apps/v1", "StatefulSet", r.live) == r.wanted);
    }
    for (auto const& r : {
             row{R"({"status": {"desiredNumberScheduled": 3, "updatedNumberScheduled": 3,
                 "numberReady": 2}})",
                 "2 of 3 ready"},
             row{R"({"status": {"desiredNumberScheduled": 3, "updatedNumberScheduled": 1,
                 "numberReady": 3}})",
                 "1 of 3 updated"},
             row{R"({"status": {"desiredNumberScheduled": 0}})", ""},
             row{R"({"metadata": {"generation": 1}, "status": {}})", "not begun yet"},
         }) {
        CAPTURE(r.live);
        CHECK(of("apps/v1", "DaemonSet", r.live) == r.wanted);
    }
}

TEST_CASE("Jobs, Pods, claims and load balancers have states of their own") {
    struct kind_row {
        std::string version, kind, live, wanted;
    };
    for (auto const& r : {
             kind_row{"batch/v1", "Job",
                      R"({"spec": {"completions": 3}, "status": {"succeeded": 1}})",
                      "1 of 3 succeeded"},
             kind_row{"batch/v1", "Job",
                      R"({"status": {"conditions": [{"type": "Complete", "status": "True"}]}})",
                      ""},
             kind_row{"batch/v1", "Job",
                      R"({"status": {"conditions": [{"type": "Failed", "status": "True",
                          "reason": "BackoffLimitExceeded", "message": "limit reached"}]}})",
                      "failed: BackoffLimitExceeded: limit reached"},
             kind_row{"batch/v1", "Job",
                      R"({"status": {"conditions": [{"type": "Suspended", "status": "True"}]}})",
                      "suspended"},
             kind_row{"v1", "Pod", R"({"status": {"phase": "Succeeded"}})", ""},
             kind_row{"v1", "Pod", R"({"status": {"phase": "Running", "conditions": [
                          {"type": "Ready", "status": "True"}]}})",
                      ""},
             kind_row{"v1", "Pod", R"({"status": {"phase": "Pending"}})", "not ready"},
             kind_row{"v1", "PersistentVolumeClaim", R"({"status": {"phase": "Bound"}})", ""},
             kind_row{"v1", "PersistentVolumeClaim", R"({"status": {"phase": "Pending"}})",
                      "not bound to a volume"},
             kind_row{"v1", "PersistentVolumeClaim", R"({"status": {"phase": "Lost"}})",
                      "its volume is lost"},
             kind_row{"v1", "Service", R"({"spec": {"type": "ClusterIP"}})", ""},
             kind_row{"v1", "Service", R"({"spec": {"type": "LoadBalancer"}})",
                      "no load balancer has given it an address"},
             kind_row{"v1", "Service", R"({"spec": {"type": "LoadBalancer"},
                          "status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}})",
                      ""},
             kind_row{"v1", "Service", R"({"spec": {"type": "LoadBalancer",
                          "externalIPs": ["192.0.2.1"]}})",
                      ""},
         }) {
        CAPTURE(r.live);
        CHECK(of(r.version, r.kind, r.live) == r.wanted);
    }
}

TEST_CASE("answers of another shape are of nothing that is ready, and harm nobody") {
    for (std::string const live : {"null", "[]", "7", R"({"spec": 1, "status": []})",
                                   R"({"status": {"conditions": [1, null, {"type": 3}]}})"}) {
        CAPTURE(live);
        CHECK(of("apps/v1", "Deployment", live) == "0 of 1 made");
        CHECK(of("batch/v1", "Job", live) == "0 of 1 succeeded");
        CHECK(of("v1", "Pod", live) == "not ready");
    }
}

}  // namespace pilothouse::tests::readiness_test
