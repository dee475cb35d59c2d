// Workloads scaled and restarted on a server that has what a test gives it.
#include "release/kubernetes/cluster_workloads.hpp"

#include "base/runtime.hpp"
#include "release/kubernetes/cluster_inspector.hpp"
#include "tests/integration/kubernetes/fake_api_server.hpp"
#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests::workloads_test {

using namespace pilothouse::release;
namespace json = boost::json;
using strings = std::vector<std::string>;

namespace {

std::string const path = "/apis/apps/v1/namespaces/prod/deployments/web";
std::string const managed = path + "?fieldManager=pilothouse";

rendered_object web(std::string kind = "Deployment", std::string version = "apps/v1") {
    return {std::move(version), std::move(kind), "prod", "web", "", false};
}

// One Deployment, patched as a server does it, as far as is needed here.
struct harbour {
    authority own{"cluster"};
    json::object live{{"metadata", {{"resourceVersion", "7"}}}, {"spec", {{"replicas", 3}}}};
    std::vector<told> before;  // answers of the next patches
    std::function<told(asked const&)> beside = [](asked const&) { return told{404, "{}"}; };
    strings patches, forms;
    fake_api_server server{own.issue("api", "IP:127.0.0.1"), own.pem(),
                           [this](asked const& a) { return answer(a); }};
    kubernetes::cluster_workloads scales;

    told answer(asked const& a) {
        if (a.line() == "GET " + path) return {200, json::serialize(live)};
        if (a.line() != "PATCH " + managed) return beside(a);
        patches.push_back(a.body);
        forms.push_back(a.body_form);
        if (!before.empty()) {
            auto const said = before.front();
            before.erase(before.begin());
            return said;
        }
        auto const patch = json::parse(a.body);
        if (patch.is_object())
            merge(live, patch.as_object());
        else
            live["metadata"].as_object().erase("annotations");
        return {200, json::serialize(live)};
    }
    static void merge(json::object& to, json::object const& patch) {
        for (auto const& [key, value] : patch) {
            if (value.is_object() && to.contains(key) && to[key].is_object())
                merge(to[key].as_object(), value.as_object());
            else
                to[key] = value;
        }
    }
    cluster_access access() {
        cluster_access a;
        a.server = "https://127.0.0.1:" + std::to_string(server.port());
        a.ca_pem = own.pem();
        a.token = secret("whistle");
        return a;
    }
    result<scaling> down(rendered_object o = web()) {
        return run_to_end(scales.scale_down(access(), std::move(o)));
    }
    result<scaling> back() { return run_to_end(scales.scale_back(access(), web())); }
    result<scaling> restart(std::string mark) {
        return run_to_end(scales.restart(access(), web(), std::move(mark)));
    }
    result<std::size_t> pods() { return run_to_end(scales.count_pods(access(), web())); }
    std::int64_t replicas() { return live["spec"].as_object()["replicas"].to_number<int>(); }
};

}  // namespace

TEST_CASE_FIXTURE(harbour, "a workload goes down and comes back, each once") {
    CHECK(back().value() == scaling::as_it_was);
    CHECK(down().value() == scaling::done);
    CHECK(replicas() == 0);
    CHECK(down().value() == scaling::as_it_was);
    CHECK(patches.size() == 1);
    CHECK(back().value() == scaling::done);
    CHECK(replicas() == 3);
    CHECK(back().value() == scaling::as_it_was);
    CHECK(forms == strings{"application/merge-patch+json", "application/merge-patch+json",
                           "application/json-patch+json"});
}

TEST_CASE_FIXTURE(harbour, "one that somebody scaled meanwhile keeps its size, and its note goes") {
    CHECK(down().value() == scaling::done);
    live["spec"].as_object()["replicas"] = 5;
    CHECK(back().value() == scaling::done);
    CHECK(replicas() == 5);
    CHECK_FALSE(live["metadata"].as_object().contains("annotations"));
    CHECK(patches.size() == 2);
}

TEST_CASE_FIXTURE(harbour, "who changes an object in between is waited for, and not for ever") {
    before = {{409, "{}"}, {409, "{}"}};
    CHECK(down().value() == scaling::done);
    CHECK(patches.size() == 3);
    before = {{200, "{}"}, {422, "{}"}};
    CHECK(back().value() == scaling::done);
    before.assign(99, {409, R"({"message": "the object has been modified"})"});
    live["spec"].as_object()["replicas"] = 2;
    patches.clear();
    auto const never = down();
    REQUIRE_FALSE(never);
    CHECK(never.error().code == errc::unavailable);
    CHECK(patches.size() == 10);
}

TEST_CASE_FIXTURE(harbour, "what is not there, or is no workload, is told apart from refusals") {
    CHECK(down(web("ConfigMap", "v1")).value() == scaling::not_of_these);
    auto elsewhere = web();
    elsewhere.name = "gone";
    CHECK(down(elsewhere).value() == scaling::absent);
    elsewhere.name = "..";
    CHECK(down(elsewhere).value() == scaling::not_of_these);
    struct row {
        unsigned status;
        errc code;
    };
    for (auto const& r :
         {row{403, errc::denied}, row{422, errc::wrong_state}, row{400, errc::wrong_state},
          row{500, errc::unavailable}, row{401, errc::wrong_state}}) {
        CAPTURE(r.status);
        before = {{r.status, R"({"message": "so there"})"}};
        auto const refused = down();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == r.code);
    }
    before = {{404, "{}"}};
    CHECK(down().value() == scaling::absent);
    live["metadata"].as_object()["deletionTimestamp"] = "2026-11-20T10:00:00Z";
    CHECK(down().value() == scaling::absent);
    CHECK(run_to_end(scales.restart(access(), web("CronJob", "batch/v1"), "o1")).value() ==
          scaling::not_of_these);
}

TEST_CASE_FIXTURE(harbour, "a restart happens once for each mark") {
    CHECK(restart("o1").value() == scaling::done);
    CHECK(restart("o1").value() == scaling::as_it_was);
    CHECK(restart("o2").value() == scaling::done);
    CHECK(replicas() == 3);
    CHECK(patches.size() == 2);
}

TEST_CASE_FIXTURE(harbour, "pods are asked for by the workload's own selector") {
    std::string asked_for;
    told pods_now{200, R"({"items": [
        {"metadata": {"ownerReferences": [{"kind": "ReplicaSet", "name": "web-1"}]}}]})"};
    beside = [&](asked const& a) {
        asked_for = a.target;
        return pods_now;
    };
    CHECK(pods().value() == 0);  // no selector
    live["spec"].as_object()["selector"] = json::object{{"matchLabels", {{"app", "web"}}}};
    CHECK(pods().value() == 1);
    CHECK(asked_for.starts_with("/api/v1/namespaces/prod/pods?"));
    CHECK(asked_for.ends_with("labelSelector=app%3Dweb"));
    pods_now = {403, R"({"message": "no"})"};
    CHECK(pods().error().code == errc::denied);
    scales.stop_asking();
    CHECK(pods().error().code == errc::unavailable);
}

TEST_CASE_FIXTURE(harbour, "kinds decide what is in a namespace, and the cluster knows the kinds") {
    blocking_pool pool("compare", {.threads = 1});
    kubernetes::cluster_inspector inspector(pool);
    beside = [](asked const& a) {
        if (a.target == "/api/v1")
            return told{200, R"({"resources": [
                {"name": "configmaps", "namespaced": true, "kind": "ConfigMap"},
                {"name": "namespaces", "namespaced": false, "kind": "Namespace"}]})"};
        return a.target == "/apis/down/v1" ? told{503, "{}"} : told{404, "{}"};
    };
    auto const outside = [&](std::vector<rendered_object> objects) {
        return run_to_end(inspector.outside(access(), "prod", std::move(objects)));
    };
    auto const found = outside({{"v1", "ConfigMap", "prod", "a", "", false},
                                {"v1", "ConfigMap", "test", "b", "", false},
                                {"v1", "Namespace", "prod", "c", "", true},
                                {"fleet.invalid/v1", "Buoy", "prod", "d", "", false},
                                {"", "", "prod", "", "", false}})
                           .value();
    REQUIRE(found.size() == 4);
    strings told;
    for (auto const& o : found) told.push_back(o.name_space + "/" + o.name + " " + o.state);
    CHECK(told == strings{"test/b in another namespace", "/c of the whole cluster",
                          "prod/d the cluster does not know its kind",
                          "prod/ the cluster does not know its kind"});
    CHECK(outside({{"down/v1", "Buoy", "prod", "d", "", false}}).error().code == errc::unavailable);
}

}  // namespace pilothouse::tests::workloads_test
