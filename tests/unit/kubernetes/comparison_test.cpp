#include "release/kubernetes/comparison.hpp"

#include "release/kubernetes/quantity.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include <string>

namespace pilothouse::tests::comparison_test {

using namespace pilothouse::release::kubernetes;

namespace {

std::string changed(std::string const& manifest, std::string const& live) {
    auto const tree = chart::yaml_tree::parse(manifest, {});
    REQUIRE(tree.has_value());
    auto const found = compare(tree->root(), boost::json::parse(live));
    std::string all;
    for (auto const& path : found.paths) all += (all.empty() ? "" : ", ") + path;
    return found.more > 0 ? all + " +" + std::to_string(found.more) : all;
}

}  // namespace

TEST_CASE("only what the manifest sets is compared") {
    CHECK(changed("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {a: b}}\n"
                  "spec:\n  replicas: 2\n",
                  R"({"metadata": {"name": "web", "uid": "1", "labels": {"a": "b", "more": "x"}},
                      "spec": {"replicas": 2, "strategy": {}}, "status": {"replicas": 1}})")
              .empty());
    CHECK(changed("spec: {replicas: 2}", R"({"spec": {"replicas": 3}})") == "spec.replicas");
    CHECK(changed("spec: {a: {b: c}}", R"({"spec": {"x": 1}})") == "spec.a");
    CHECK(changed("spec: {a: {b: c}}", R"({"spec": {"a": "text"}})") == "spec.a");
    CHECK(changed("spec: {a: c}", R"({"spec": {"a": {"b": 1}}})") == "spec.a");
    CHECK(changed("spec: {a: c}", "{}") == "spec");
}

TEST_CASE("what Helm and the cluster write themselves is no change") {
    CHECK(changed("metadata:\n  namespace: x\n  creationTimestamp: null\n"
                  "  labels: {app.kubernetes.io/managed-by: Tiller}\n"
                  "  annotations: {meta.helm.sh/release-name: other}\nstatus: {a: b}\n",
                  R"({"metadata": {"namespace": "y",
                      "labels": {"app.kubernetes.io/managed-by": "Helm"}}})")
              .empty());
    CHECK(changed("metadata: {annotations: {example.com/x: a, meta.helm.sh/release-name: b}}",
                  R"({"metadata": {"annotations": {}}})") == "metadata.annotations[example.com/x]");
}

TEST_CASE("what says nothing is nothing that could differ") {
    CHECK(changed("spec: {a: null, b: '', c: {}, d: [], e: false, f: 0, g: {h: false, i: {}}}",
                  R"({"spec": {"b": "given"}})")
              .empty());
    CHECK(changed("spec: {e: false, f: 0}", R"({"spec": {"e": true, "f": 3}})") ==
          "spec.e, spec.f");
    CHECK(changed("ports:\n- {name: web, port: 80, nodePort: 0}\n",
                  R"({"ports": [{"name": "web", "port": 80, "nodePort": 30080}]})")
              .empty());
    CHECK(changed("ports:\n- {name: web, port: 80, nodePort: 30000}\n",
                  R"({"ports": [{"name": "web", "port": 80, "nodePort": 30080}]})") ==
          "ports[web].nodePort");
}

TEST_CASE("amounts and texts are compared by what they mean") {
    CHECK(changed("a: 1000m\nb: 1024Mi\nc: '80'\nd: 1.5\ne: true\nf: 1e3\ng: 0.1\nh: 1000000\n",
                  R"({"a": "1", "b": "1Gi", "c": 80, "d": "1500m", "e": "true", "f": 1000,
                      "g": 0.1, "h": "1M"})")
              .empty());
    CHECK(changed("a: 1000m\nb: 1Gi\nc: 'on'\nd: v1\n",
                  R"({"a": "2", "b": "1G", "c": "off", "d": "v2"})") == "a, b, c, d");
}

TEST_CASE("items are known by their names, mounts by their paths, others by their place") {
    std::string const containers =
        "containers:\n- name: web\n  image: web:1\n  env: [{name: A, value: x}]\n";
    CHECK(changed(containers,
                  R"({"containers": [{"name": "sidecar", "image": "s"},
                      {"name": "web", "image": "web:1", "env": [{"name": "Z", "value": "z"},
                       {"name": "A", "value": "x"}]}]})")
              .empty());
    CHECK(changed(containers,
                  R"({"containers": [{"name": "web", "image": "web:2",
                      "env": [{"name": "A", "value": "y"}]}]})") ==
          "containers[web].env[A].value, containers[web].image");
    CHECK(changed(containers, R"({"containers": [{"name": "other"}]})") == "containers[web]");
    CHECK(changed("m:\n- {name: v, mountPath: /a, subPath: a}\n- {name: v, mountPath: /b}\n",
                  R"({"m": [{"name": "v", "mountPath": "/b"},
                      {"name": "v", "mountPath": "/a", "subPath": "c"}]})") == "m[/a].subPath");
    CHECK(changed("env:\n- {name: A, value: x}\n- {name: A, value: z}\n",
                  R"({"env": [{"name": "A", "value": "z"}]})")
              .empty());
    CHECK(changed("args: [a, b]", R"({"args": ["a", "c"]})") == "args[1]");
    CHECK(changed("args: [a, b]", R"({"args": ["a", "b", "c"]})") == "args");
    CHECK(changed("rules:\n- {verbs: [get]}\n", R"({"rules": [{"verbs": ["*"]}]})") ==
          "rules[0].verbs[0]");
    CHECK(changed("args: [a]", R"({"args": "a"})") == "args");
}

TEST_CASE("five paths are named, others counted, and none runs on for ever") {
    CHECK(changed("{a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1}",
                  R"({"a": 2, "b": 2, "c": 2, "d": 2, "e": 2, "f": 2, "g": 2})") ==
          "a, b, c, d, e +2");
    auto const path =
        changed("data: {\"" + std::string(900, 'k') + ".\\n\": x}", R"({"data": {}})");
    CHECK(path.size() < 200);
    CHECK(path.find('\n') == path.npos);
}

TEST_CASE("amounts are Kubernetes' own") {
    for (auto const* const good : {"1", "-1", "+1.5", "100m", "1Ki", "2e3", "1E", ".5", "5n"})
        CHECK(parse_amount(good));
    for (auto const* const bad : {"", "-", "m", "1 m", "1KB", "inf", "nan", "1x", "v1", "0x10"})
        CHECK_FALSE(parse_amount(bad));
    CHECK(same_amount("1E", "1000P"));
    CHECK(same_amount("0", "0m"));
    CHECK_FALSE(same_amount("web", "web"));
}

}  // namespace pilothouse::tests::comparison_test
