#include "release/kubernetes/scaling.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <string>
#include <string_view>

namespace pilothouse::tests::scaling_test {

using namespace pilothouse::release::kubernetes;
namespace json = boost::json;

namespace {

workload_kind const& kind(std::string_view name) {
    for (auto const* const version : {"apps/v1", "batch/v1", "v1"})
        if (auto const* const found = find_workload(version, name)) return *found;
    FAIL("no such kind");
    std::abort();
}

std::string down(std::string_view name, std::string const& live) {
    return json::serialize(patch_down(kind(name), json::parse(live)));
}

std::string back(std::string_view name, std::string const& live) {
    return json::serialize(patch_back(kind(name), json::parse(live)));
}

// As the object's metadata has it.
std::string noted(std::string const& size) {
    json::object const notes{{"pilothouse.stopped", size}};
    return R"("metadata": {"resourceVersion": "7", "annotations": )" + json::serialize(notes) + "}";
}

}  // namespace

TEST_CASE("what makes pods is known by version and kind, and nothing else is") {
    CHECK(find_workload("apps/v1", "Deployment") != nullptr);
    CHECK(find_workload("v1", "ReplicationController") != nullptr);
    CHECK(find_workload("v1", "Deployment") == nullptr);
    CHECK(find_workload("fleet.invalid/v1", "Deployment") == nullptr);
    CHECK(find_workload("batch/v1", "Job") == nullptr);
    CHECK(find_workload("v1", "Pod") == nullptr);
    for (auto const* const name : {"Deployment", "StatefulSet", "DaemonSet"})
        CHECK(kind(name).restarts);
    for (auto const* const name : {"ReplicaSet", "ReplicationController", "CronJob"})
        CHECK_FALSE(kind(name).restarts);
}

TEST_CASE("scaling down writes the size into the object, and not twice") {
    CHECK(
        down("Deployment", R"({"metadata": {"resourceVersion": "7"}, "spec": {"replicas": 3}})") ==
        R"({"metadata":{"resourceVersion":"7","annotations":{"pilothouse.stopped":"{\"replicas\":3}"}},)"
        R"("spec":{"replicas":0}})");
    // Nothing said is one.
    CHECK(down("StatefulSet", R"({"metadata": {}, "spec": {}})").find(R"({\"replicas\":1})") !=
          std::string::npos);
    CHECK(
        down("CronJob", R"({"metadata": {}, "spec": {"suspend": false}})") ==
        R"({"metadata":{"resourceVersion":"","annotations":{"pilothouse.stopped":"{\"suspend\":false}"}},)"
        R"("spec":{"suspend":true}})");
    CHECK(
        down("DaemonSet", R"({"metadata": {}, "spec": {}})")
            .ends_with(
                R"("spec":{"template":{"spec":{"nodeSelector":{"pilothouse.stopped":"true"}}}}})"));
    // Somebody scaled it up again by hand: that size is the one to remember.
    CHECK(down("ReplicaSet", "{" + noted(R"({"replicas":2})") + R"(, "spec": {"replicas": 5}})")
              .find(R"({\"replicas\":5})") != std::string::npos);
    for (auto const& [name, live] :
         {std::pair("Deployment",
                    "{" + noted(R"({"replicas":2})") + R"(, "spec": {"replicas": 0}})"),
          std::pair("Deployment", std::string(R"({"spec": {"replicas": 0}})")),
          std::pair("CronJob", std::string(R"({"spec": {"suspend": true}})")),
          std::pair("DaemonSet", std::string(R"({"spec": {"template": {"spec":
              {"nodeSelector": {"a": "b", "pilothouse.stopped": "true"}}}}})"))}) {
        CAPTURE(live);
        CHECK(down(name, live) == "null");
    }
}

TEST_CASE("scaling back gives an object the size that is written there, unless it has one") {
    CHECK(back("Deployment", "{" + noted(R"({"replicas":3})") + R"(, "spec": {"replicas": 0}})") ==
          R"({"metadata":{"resourceVersion":"7"},"spec":{"replicas":3}})");
    CHECK(back("Deployment", "{" + noted(R"({"replicas":3})") + R"(, "spec": {"replicas": 5}})") ==
          "null");
    CHECK(
        back("CronJob", "{" + noted(R"({"suspend":false})") + R"(, "spec": {"suspend": true}})") ==
        R"({"metadata":{"resourceVersion":"7"},"spec":{"suspend":false}})");
    CHECK(back("DaemonSet", "{" + noted("x") + R"(, "spec": {"template": {"spec":
              {"nodeSelector": {"pilothouse.stopped": "true"}}}}})")
              .ends_with(R"({"nodeSelector":{"pilothouse.stopped":null}}}}})"));
    for (auto const* const spoilt : {"", "{", "[]", "3", R"({"replicas": "many"})"}) {
        CAPTURE(spoilt);
        CHECK(back("Deployment", "{" + noted(spoilt) + R"(, "spec": {"replicas": 0}})")
                  .ends_with(R"({"replicas":1}})"));
    }
    CHECK(back("Deployment", "{" + noted(R"({"replicas":-3})") + R"(, "spec": {"replicas": 0}})")
              .ends_with(R"({"replicas":0}})"));
}

TEST_CASE("what is written there goes last, and our hold on fields with it") {
    auto const live = json::parse(R"({"metadata": {"annotations": {"pilothouse.stopped": "{}"},
        "managedFields": [{"manager": "pilothouse"}, {"manager": "helm"}, {"manager": "pilothouse",
        "operation": "Update"}]}})");
    CHECK(has_note(live));
    CHECK(json::serialize(patch_release(live)) ==
          R"([{"op":"remove","path":"/metadata/annotations/pilothouse.stopped"},)"
          R"({"op":"test","path":"/metadata/managedFields/2/manager","value":"pilothouse"},)"
          R"({"op":"remove","path":"/metadata/managedFields/2"},)"
          R"({"op":"test","path":"/metadata/managedFields/0/manager","value":"pilothouse"},)"
          R"({"op":"remove","path":"/metadata/managedFields/0"}])");
    // Without any, the next who applies it would be held to have made it.
    auto const alone = json::parse(R"({"metadata": {"annotations": {"pilothouse.stopped": "{}"},
        "managedFields": [{"manager": "pilothouse"}]}})");
    CHECK(patch_release(alone).as_array().size() == 1);
    CHECK_FALSE(has_note(json::parse(R"({"metadata": {}})")));
}

TEST_CASE("a restart is marked once") {
    CHECK(json::serialize(patch_restart(json::parse("{}"), "o1")) ==
          R"({"metadata":{"resourceVersion":""},"spec":{"template":{"metadata":{"annotations":)"
          R"({"pilothouse.restarted":"o1"}}}}})");
    auto const marked = json::parse(
        R"({"spec": {"template": {"metadata": {"annotations": {"pilothouse.restarted": "o1"}}}}})");
    CHECK(patch_restart(marked, "o1").is_null());
    CHECK_FALSE(patch_restart(marked, "o2").is_null());
}

TEST_CASE("pods are counted by whom they belong to, and while they run") {
    auto const pods = json::parse(R"({"items": [
        {"metadata": {"ownerReferences": [{"kind": "ReplicaSet", "name": "web-5d9"}]}},
        {"metadata": {"ownerReferences": [{"kind": "ReplicaSet", "name": "web-77c"}]},
         "status": {"phase": "Running"}},
        {"metadata": {"ownerReferences": [{"kind": "ReplicaSet", "name": "web-77c"}]},
         "status": {"phase": "Failed"}},
        {"metadata": {"ownerReferences": [{"kind": "ReplicaSet", "name": "other-1"}]}},
        {"metadata": {"ownerReferences": [{"kind": "StatefulSet", "name": "web"}]}},
        {"metadata": {"ownerReferences": [{"kind": "Job", "name": "web-seed"}]}},
        {"metadata": {}}]})");
    CHECK(count_own(kind("Deployment"), "web", pods) == 2);
    CHECK(count_own(kind("StatefulSet"), "web", pods) == 1);
    CHECK(count_own(kind("DaemonSet"), "web", pods) == 0);
    CHECK(count_own(kind("Deployment"), "web", json::parse("{}")) == 0);
}

}  // namespace pilothouse::tests::scaling_test
