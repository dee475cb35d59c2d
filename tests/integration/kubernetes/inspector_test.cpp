// The inspector against a server that has what a test gives it.
#include "release/kubernetes/cluster_inspector.hpp"

#include "base/runtime.hpp"
#include "tests/integration/kubernetes/fake_api_server.hpp"
#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <string>
#include <utility>

namespace pilothouse::tests::inspector_test {

using namespace pilothouse::release;
namespace json = boost::json;

namespace {

std::string const kinds_of_apps = R"({"resources": [
    {"name": "deployments", "namespaced": true, "kind": "Deployment"},
    {"name": "deployments/status", "namespaced": true, "kind": "Deployment"}]})";
std::string const kinds_of_core = R"({"resources": [
    {"name": "configmaps", "namespaced": true, "kind": "ConfigMap"},
    {"name": "secrets", "namespaced": true, "kind": "Secret"},
    {"name": "namespaces", "namespaced": false, "kind": "Namespace"}]})";

struct fixture {
    authority own{"cluster"};
    blocking_pool pool{"compare", {.threads = 1}};
    std::map<std::string, told> answers;  // by method and target; else 404
    fake_api_server server{own.issue("api", "IP:127.0.0.1"), own.pem(),
                           [this](asked const& a) { return answer(a); }};

    told answer(asked const& a) {
        auto const found = answers.find(a.line());
        return found != answers.end() ? found->second : told{404, R"({"message": "not there"})"};
    }
    cluster_access access() {
        cluster_access a;
        a.server = "https://127.0.0.1:" + std::to_string(server.port());
        a.ca_pem = own.pem();
        a.token = secret("whistle");
        return a;
    }
    inspection inspect() {
        kubernetes::cluster_inspector inspector(pool);
        return run_to_end(inspector.inspect(access(), "prod"));
    }
    result<std::vector<object_state>> unready(std::vector<rendered_object> objects) {
        kubernetes::cluster_inspector inspector(pool);
        return run_to_end(inspector.unready(access(), std::move(objects)));
    }
    result<std::vector<object_state>> drifted(std::vector<rendered_object> objects) {
        kubernetes::cluster_inspector inspector(pool);
        return run_to_end(inspector.drifted(access(), std::move(objects)));
    }
    int count(std::string const& line) {
        auto const all = server.stop();
        return static_cast<int>(std::count_if(all.begin(), all.end(),
                                              [&](asked const& a) { return a.line() == line; }));
    }
};

rendered_object object(std::string version, std::string kind, std::string name,
                       std::string text = {}) {
    return {std::move(version), std::move(kind), "prod", std::move(name), std::move(text), false};
}

std::string const pending_web = R"({"spec": {"replicas": 1,
    "selector": {"matchLabels": {"app": "web"}}}, "status": {"replicas": 1, "updatedReplicas": 1}})";

}  // namespace

TEST_CASE_FIXTURE(fixture, "which Kubernetes it is is asked for by itself, and for a moment") {
    using namespace std::chrono_literals;
    kubernetes::cluster_inspector inspector(pool);
    auto const version = [&](std::chrono::milliseconds at_most) {
        return run_to_end(inspector.version(access(), at_most));
    };
    CHECK(version(10s).error().code == errc::not_found);
    answers["GET /version"] = {200, R"({"gitVersion": "v1.33.13"})"};
    CHECK(version(10s).value() == "v1.33.13");
    answers["GET /version"] = {200, R"({"hello": "world"})"};
    CHECK(version(10s).error().code == errc::unavailable);
    CHECK(version(0ms).error().code == errc::unavailable);
    CHECK(count("GET /version") == 3);
}

TEST_CASE_FIXTURE(fixture,
                  "an inspector that is stopped waits for no cluster, however that is silent") {
    using namespace std::chrono_literals;
    asio::io_context loop;
    asio::ip::tcp::acceptor frozen(loop, {asio::ip::make_address("127.0.0.1"), 0});
    std::atomic<bool> asleep = true, asked_for = false;
    auto where = access();
    fake_api_server silent(own.issue("api", "IP:127.0.0.1"), own.pem(), [&](asked const&) {
        asked_for = true;
        asked_for.notify_all();
        asleep.wait(true);
        return told{};
    });
    bool speaks_tls = false;
    SUBCASE("before it shakes hands") {}
    SUBCASE("before it answers") { speaks_tls = true; }
    auto const port = speaks_tls ? silent.port() : frozen.local_endpoint().port();
    where.server = "https://127.0.0.1:" + std::to_string(port);
    kubernetes::cluster_inspector inspector(pool);
    auto const ask = [&] { return run_to_end(inspector.version(where, 60s)); };
    auto asking = std::async(std::launch::async, ask);
    if (speaks_tls)
        asked_for.wait(false);
    else
        frozen.wait(asio::ip::tcp::acceptor::wait_read);
    inspector.stop();
    auto const ended = asking.get();
    asleep = false;
    asleep.notify_all();
    REQUIRE_FALSE(ended);
    CHECK(ended.error().code == errc::unavailable);
    CHECK(ended.error().detail == "the server is being stopped");
    CHECK(ask().error().detail == "the server is being stopped");
}

TEST_CASE_FIXTURE(fixture, "a cluster that grants all is found to lack nothing, in few questions") {
    answers["GET /version"] = {200, R"({"gitVersion": "v1.33.13"})"};
    answers["POST /apis/authentication.k8s.io/v1/selfsubjectreviews"] = {
        201, R"({"status": {"userInfo": {"username": "bosun"}}})"};
    answers["GET /api/v1/namespaces/prod"] = {200, "{}"};
    answers["POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews"] = {
        201, R"({"status": {"resourceRules": [
            {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}]}})"};
    answers["POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews"] = {
        201, R"({"status": {"allowed": true}})"};
    auto const found = inspect();
    CHECK(found.reachable);
    CHECK(found.failure.empty());
    CHECK(found.version == "v1.33.13");
    CHECK(found.user == "bosun");
    CHECK(found.missing.empty());
    CHECK(count("POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews") == 1);
}

TEST_CASE_FIXTURE(fixture, "rights that no rule grants are asked for one by one") {
    struct narrow {
        static told answer(asked const& a) {
            if (a.line() == "GET /version") return {200, R"({"gitVersion": "v1.27.0"})"};
            if (a.target.ends_with("rulesreviews"))
                return {201, R"({"status": {"incomplete": true, "resourceRules": [
                    {"verbs": ["*"], "apiGroups": [""], "resources": ["*"]}]}})"};
            if (!a.target.ends_with("accessreviews")) return {404, "{}"};
            auto const asked_for = json::parse(a.body).at_pointer("/spec/resourceAttributes");
            bool const allowed = asked_for.at("resource") != "ingresses" &&
                                 asked_for.get_object().contains("namespace");
            return {201, allowed ? R"({"status": {"allowed": true}})" : R"({"status": {}})"};
        }
    };
    fake_api_server other(own.issue("api", "IP:127.0.0.1"), own.pem(), &narrow::answer);
    auto where = access();
    where.server = "https://127.0.0.1:" + std::to_string(other.port());
    kubernetes::cluster_inspector inspector(pool);
    auto const found = run_to_end(inspector.inspect(where, "prod"));
    CHECK(found.failure.empty());
    CHECK(found.user.empty());
    std::string missing;
    for (auto const& m : found.missing)
        missing += m.verb + " " + m.resource + " " + m.group + " " + m.name_space + "\n";
    CHECK(missing ==
          "get ingresses networking.k8s.io prod\nlist ingresses networking.k8s.io prod\n"
          "watch ingresses networking.k8s.io prod\ncreate ingresses networking.k8s.io prod\n"
          "patch ingresses networking.k8s.io prod\ndelete ingresses networking.k8s.io prod\n"
          "create namespaces  \nlist secrets  \n");
}

TEST_CASE_FIXTURE(fixture, "why no more is known is said") {
    answers["GET /version"] = {401, R"({"message": "Unauthorized"})"};
    auto found = inspect();
    CHECK(found.reachable);
    CHECK(found.failure.find("credentials") != std::string::npos);

    answers["GET /version"] = {200, "<html>hello</html>"};
    found = inspect();
    CHECK(found.reachable);
    CHECK(found.failure == "what answers there is no Kubernetes API server");

    answers["GET /version"] = {200, R"({"gitVersion": "v1.33.13"})"};
    answers["POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews"] = {
        403, R"({"message": "no reviews for you"})"};
    found = inspect();
    CHECK(found.version == "v1.33.13");
    CHECK(found.failure == "no reviews for you");
    CHECK(found.missing.empty());

    (void)server.stop();
    found = inspect();
    CHECK_FALSE(found.reachable);
    CHECK(found.failure.starts_with("the cluster cannot be reached"));
}

TEST_CASE_FIXTURE(fixture, "what is not ready is told with what its pods and events say") {
    std::string const base = "GET /api/v1/namespaces/prod";
    std::string const pods = base + "/pods?limit=100&labelSelector=app%3Dweb";
    answers["GET /apis/apps/v1/namespaces/prod/deployments/web"] = {200, pending_web};
    answers[pods] = {200, R"({"items": [{"metadata": {"name": "web-1"}, "status": {
        "containerStatuses": [{"name": "web", "state": {"waiting": {
            "reason": "ImagePullBackOff", "message": "Back-off pulling image"}}}]}}]})"};
    answers[base + "/persistentvolumeclaims/data"] = {200, R"({"status": {"phase": "Pending"}})"};
    answers[base +
            "/events?limit=100&fieldSelector="
            "involvedObject.kind%3DPersistentVolumeClaim%2CinvolvedObject.name%3Ddata"] = {
        200,
        R"({"items": [{"type": "Normal", "reason": "FailedBinding", "message": "no storage"}]})"};
    answers[base + "/services/front"] = {200, R"({"spec": {"type": "ClusterIP"}})"};
    answers[base + "/pods/test"] = {200, R"({"metadata": {"annotations": {
        "helm.sh/hook": "test-success"}}, "status": {"phase": "Failed"}})"};
    auto test = object("v1", "Pod", "test");
    auto hook = object("batch/v1", "Job", "migrate");
    test.hook = hook.hook = true;
    auto const found =
        unready({object("v1", "ConfigMap", "c"), object("apps/v1", "Deployment", "web"),
                 object("v1", "PersistentVolumeClaim", "data"), object("v1", "Service", "front"),
                 object("v1", "Pod", "away"), test, hook, object("v1", "Pod", "..")});
    REQUIRE(found);
    REQUIRE(found->size() == 3);
    CHECK(found->at(0).kind == "Deployment");
    CHECK(found->at(0).name_space == "prod");
    CHECK(found->at(0).name == "web");
    CHECK(found->at(0).state == "0 of 1 ready: ImagePullBackOff: Back-off pulling image");
    CHECK(found->at(1).state == "not bound to a volume: FailedBinding: no storage");
    CHECK(found->at(2).state == "not there yet");
}

TEST_CASE_FIXTURE(fixture,
                  "a pod that does not say why is explained by its events, if they may be read") {
    answers["GET /apis/apps/v1/namespaces/prod/deployments/web"] = {200, pending_web};
    answers["GET /api/v1/namespaces/prod/pods?limit=100&labelSelector=app%3Dweb"] = {
        200, R"({"items": [{"metadata": {"name": "web-1"}, "status": {"containerStatuses": [
            {"name": "web", "ready": false, "state": {"running": {}}}]}}]})"};
    std::string const events =
        "GET /api/v1/namespaces/prod/events?limit=100&fieldSelector="
        "involvedObject.kind%3DPod%2CinvolvedObject.name%3Dweb-1";
    answers[events] = {200, R"({"items": [{"type": "Warning", "reason": "Unhealthy",
        "message": "Readiness probe failed"}]})"};
    auto found = unready({object("apps/v1", "Deployment", "web")});
    REQUIRE(found);
    CHECK(found->at(0).state ==
          "0 of 1 ready: container web runs, but is not ready: Unhealthy: Readiness probe failed");
    answers[events] = {403, R"({"message": "no"})"};
    found = unready({object("apps/v1", "Deployment", "web")});
    REQUIRE(found);
    CHECK(found->at(0).state == "0 of 1 ready: container web runs, but is not ready");

    answers["GET /apis/apps/v1/namespaces/prod/deployments/web"] = {
        403, R"({"message": "deployments is forbidden"})"};
    found = unready({object("apps/v1", "Deployment", "web")});
    REQUIRE(found);
    CHECK(found->at(0).state == "not known: deployments is forbidden");
    answers["GET /apis/apps/v1/namespaces/prod/deployments/web"] = {401, "{}"};
    found = unready({object("apps/v1", "Deployment", "web")});
    REQUIRE_FALSE(found);
    CHECK(found.error().code == errc::wrong_state);
}

TEST_CASE_FIXTURE(fixture, "what is gone or was changed is found, each kind asked for once") {
    answers["GET /apis/apps/v1"] = {200, kinds_of_apps};
    answers["GET /api/v1"] = {200, kinds_of_core};
    answers["GET /apis/apps/v1/namespaces/prod/deployments/web"] = {
        200, R"({"metadata": {"name": "web"}, "spec": {"replicas": 5, "paused": true}})"};
    answers["GET /apis/apps/v1/namespaces/prod/deployments/same"] = {
        200, R"({"spec": {"replicas": 2}})"};
    answers["GET /api/v1/namespaces/prod/secrets/key"] = {200, R"({"data": {"a": "Yg=="}})"};
    answers["GET /api/v1/namespaces/prod/configmaps/odd"] = {200, "{}"};
    answers["GET /api/v1/namespaces/prod/configmaps/going"] = {
        200, R"({"metadata": {"deletionTimestamp": "2026-11-20T10:00:00Z"}})"};
    answers["GET /api/v1/namespaces/wide"] = {200, R"({"metadata": {"labels": {}}})"};
    auto const deployment = [](std::string const& name) {
        return object("apps/v1", "Deployment", name,
                      "metadata: {name: " + name + "}\nspec: {replicas: 2}\n");
    };
    auto hook = object("batch/v1", "Job", "migrate");
    hook.hook = true;
    auto const found = drifted(
        {deployment("web"), deployment("same"), deployment("lost"),
         object("v1", "Secret", "key", "data: {a: '(masked)'}"), object("v1", "Secret", "gone"),
         object("v1", "ConfigMap", "odd", "a: [b"), object("v1", "ConfigMap", "going"),
         object("v1", "Namespace", "wide", "metadata: {labels: {a: b}}"),
         object("example.com/v1", "Ship", "one"), hook});
    REQUIRE(found);
    std::string all;
    for (auto const& o : *found) all += o.kind + " " + o.name + " " + o.state + "\n";
    CHECK(all ==
          "Deployment web changed: spec.replicas\n"
          "Deployment lost missing\n"
          "Secret gone missing\n"
          "ConfigMap going being deleted\n"
          "Namespace wide changed: metadata.labels.a\n"
          "Ship one missing: the cluster does not know its kind\n");
    int kinds = 0;
    for (auto const& a : server.stop()) {
        CAPTURE(a.line());
        kinds += a.line() == "GET /apis/apps/v1" ? 1 : 0;
        bool const of_secret = a.target.find("/secrets/") != a.target.npos;
        CHECK((a.accept.find("PartialObjectMetadata") != a.accept.npos) == of_secret);
    }
    CHECK(kinds == 1);
}

TEST_CASE_FIXTURE(fixture, "a cluster that fails half-way is a failure, not a finding") {
    answers["GET /api/v1"] = {200, kinds_of_core};
    answers["GET /api/v1/namespaces/prod/configmaps/c"] = {500, "{}"};
    CHECK(drifted({object("v1", "ConfigMap", "c")}).error().code == errc::unavailable);
    answers["GET /api/v1/namespaces/prod/configmaps/c"] = {200, "no JSON"};
    CHECK(drifted({object("v1", "ConfigMap", "c")}).error().code == errc::unavailable);
    answers["GET /apis/apps/v1"] = {403, "{}"};
    CHECK(drifted({object("apps/v1", "Deployment", "d")}).error().code == errc::denied);
}

}  // namespace pilothouse::tests::inspector_test
