#include "release/kubernetes/rights.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace pilothouse::tests::rights_test {

using namespace pilothouse::release;
using namespace pilothouse::release::kubernetes;
namespace json = boost::json;

namespace {

bool needed(std::vector<missing_right> const& all, missing_right const& one) {
    return std::any_of(all.begin(), all.end(), [&one](missing_right const& r) {
        return r.verb == one.verb && r.group == one.group && r.resource == one.resource &&
               r.name_space == one.name_space;
    });
}

}  // namespace

TEST_CASE("what an installation needs is asked for") {
    auto const all = needed_rights("prod", false);
    for (auto const& right : {
             missing_right{"update", "", "secrets", "prod"},
             missing_right{"list", "", "secrets", ""},
             missing_right{"patch", "", "secrets", "prod"},
             missing_right{"watch", "rbac.authorization.k8s.io", "rolebindings", "prod"},
             missing_right{"patch", "apps", "deployments", "prod"},
             missing_right{"watch", "batch", "jobs", "prod"},
             missing_right{"create", "networking.k8s.io", "ingresses", "prod"},
             missing_right{"delete", "rbac.authorization.k8s.io", "rolebindings", "prod"},
             missing_right{"list", "", "pods", "prod"},
             missing_right{"create", "", "namespaces", ""},
         }) {
        CAPTURE(right.verb);
        CAPTURE(right.resource);
        CHECK(needed(all, right));
    }
    CHECK_FALSE(needed(needed_rights("prod", true), {"create", "", "namespaces", ""}));
}

TEST_CASE("a review of rules grants by verb, group and resource, and never for the whole cluster") {
    auto const review = json::parse(R"({"status": {"incomplete": true, "resourceRules": [
        {"verbs": ["get", "list"], "apiGroups": [""], "resources": ["secrets", "pods"]},
        {"verbs": ["*"], "apiGroups": ["apps"], "resources": ["*"]},
        {"verbs": ["delete"], "apiGroups": [""], "resources": ["secrets"],
         "resourceNames": ["one"]}]}})");
    CHECK(grants(review, {"get", "", "secrets", "prod"}));
    CHECK(grants(review, {"patch", "apps", "deployments", "prod"}));
    CHECK_FALSE(grants(review, {"create", "", "secrets", "prod"}));
    CHECK_FALSE(grants(review, {"delete", "", "secrets", "prod"}));
    CHECK_FALSE(grants(review, {"get", "batch", "jobs", "prod"}));
    CHECK_FALSE(grants(review, {"get", "", "secrets", ""}));
    CHECK_FALSE(grants(json::value(), {"get", "", "secrets", "prod"}));
}

TEST_CASE("reviews are written as Kubernetes reads them") {
    CHECK(access_review({"create", "apps", "deployments", "prod"}) == json::parse(R"({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {"verb": "create", "group": "apps",
            "resource": "deployments", "namespace": "prod"}}})"));
    CHECK(access_review({"list", "", "secrets", ""}).at_pointer("/spec/resourceAttributes") ==
          json::parse(R"({"verb": "list", "group": "", "resource": "secrets"})"));
    CHECK(rules_review("prod").at_pointer("/spec/namespace") == "prod");
    CHECK(user_review().at("kind") == "SelfSubjectReview");
}

}  // namespace pilothouse::tests::rights_test
