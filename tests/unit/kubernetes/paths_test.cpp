#include "release/kubernetes/resource_paths.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include <string>

namespace pilothouse::tests::paths_test {

using namespace pilothouse::release::kubernetes;
namespace json = boost::json;

TEST_CASE("objects are where their kind is, and names lead nowhere else") {
    resource const deployments{"deployments", true};
    resource const roles{"clusterroles", false};
    CHECK(object_path("apps/v1", deployments, "prod", "web") ==
          "/apis/apps/v1/namespaces/prod/deployments/web");
    CHECK(object_path("v1", {"pods", true}, "prod", "web-0") ==
          "/api/v1/namespaces/prod/pods/web-0");
    CHECK(object_path("rbac.authorization.k8s.io/v1", roles, "ignored", "system:reader") ==
          "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Areader");
    CHECK(object_path("v1", {"pods", true}, "a/b", "x?y#z%2f") ==
          "/api/v1/namespaces/a%2Fb/pods/x%3Fy%23z%252f");
    for (std::string const bad : {"", ".", ".."}) {
        CAPTURE(bad);
        CHECK(object_path("v1", {"pods", true}, "prod", bad).empty());
        CHECK(object_path("v1", {"pods", true}, bad, "web").empty());
        CHECK(version_path(bad).empty());
        CHECK(version_path("apps/" + bad).empty());
    }
    CHECK(version_path("../v1").empty());
    CHECK(version_path("apps/v1/x") == "/apis/apps/v1%2Fx");
}

TEST_CASE("kinds are read from what the server has, without its subresources") {
    auto const kinds = read_kinds(json::parse(R"({"resources": [
        {"name": "deployments", "namespaced": true, "kind": "Deployment"},
        {"name": "deployments/scale", "namespaced": true, "kind": "Scale"},
        {"name": "clusterroles", "namespaced": false, "kind": "ClusterRole"},
        {"name": "..", "kind": "Up"}, {"kind": "Nameless"}, 7]})"));
    CHECK(kinds.size() == 2);
    CHECK(kinds.at("Deployment").plural == "deployments");
    CHECK(kinds.at("Deployment").namespaced);
    CHECK_FALSE(kinds.at("ClusterRole").namespaced);
    CHECK(read_kinds(json::value()).empty());
}

TEST_CASE("selectors are written as a query has them") {
    CHECK(selector_of(json::parse(R"({"spec": {"selector": {
        "matchLabels": {"app": "web", "tier": "front"},
        "matchExpressions": [
            {"key": "a", "operator": "In", "values": ["x", "y"]},
            {"key": "b", "operator": "NotIn", "values": ["z"]},
            {"key": "c", "operator": "Exists"}, {"key": "d", "operator": "DoesNotExist"}]}}})")) ==
          "app=web,tier=front,a in (x,y),b notin (z),c,!d");
    CHECK(selector_of(json::parse("{}")).empty());
}

}  // namespace pilothouse::tests::paths_test
