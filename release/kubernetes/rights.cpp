#include "release/kubernetes/rights.hpp"

#include "release/kubernetes/json_fields.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace pilothouse::release::kubernetes {

namespace json = boost::json;

namespace {

struct kind_of_object {
    std::string_view group, resource;
};

// Helm 4 lists and watches whatever it waits for, objects of every kind, and applies Secrets too.
constexpr std::array<std::string_view, 6> of_objects = {"get",    "list",  "watch",
                                                        "create", "patch", "delete"};
constexpr std::array<std::string_view, 1> of_revisions = {"update"};
constexpr std::array<std::string_view, 1> of_parts = {"list"};

// Secrets first: without them Helm cannot even begin.
constexpr kind_of_object made[] = {
    {"", "secrets"},
    {"apps", "deployments"},
    {"apps", "statefulsets"},
    {"apps", "daemonsets"},
    {"batch", "jobs"},
    {"", "services"},
    {"", "configmaps"},
    {"", "serviceaccounts"},
    {"", "persistentvolumeclaims"},
    {"networking.k8s.io", "ingresses"},
    {"rbac.authorization.k8s.io", "roles"},
    {"rbac.authorization.k8s.io", "rolebindings"},
};

// What a workload is ready by. Without these Helm 4 waits to the end, and says `Unknown`.
constexpr kind_of_object looked_at[] = {{"", "pods"}, {"apps", "replicasets"}};

void add(std::vector<missing_right>& rights, std::span<std::string_view const> verbs,
         kind_of_object what, std::string const& name_space) {
    for (auto const verb : verbs)
        rights.push_back(
            {std::string(verb), std::string(what.group), std::string(what.resource), name_space});
}

bool names(json::array const& patterns, std::string_view wanted) {
    return std::any_of(patterns.begin(), patterns.end(), [wanted](json::value const& one) {
        return one.is_string() && (one.get_string() == "*" || one.get_string() == wanted);
    });
}

json::value review(std::string_view group, std::string_view kind, json::object spec) {
    return {{"apiVersion", group}, {"kind", kind}, {"spec", std::move(spec)}};
}

}  // namespace

std::vector<missing_right> needed_rights(std::string const& name_space, bool has_namespace) {
    std::vector<missing_right> rights;
    for (auto const& what : made) add(rights, of_objects, what, name_space);
    add(rights, of_revisions, made[0], name_space);
    for (auto const& what : looked_at) add(rights, of_parts, what, name_space);
    rights.push_back({"get", "", "namespaces", name_space});
    if (!has_namespace) rights.push_back({"create", "", "namespaces", ""});
    rights.push_back({"list", "", "secrets", ""});
    return rights;
}

bool grants(json::value const& rules_review, missing_right const& right) {
    if (right.name_space.empty()) return false;
    auto const& rules = list(rules_review, {"status", "resourceRules"});
    return std::any_of(rules.begin(), rules.end(), [&right](json::value const& rule) {
        return list(rule, {"resourceNames"}).empty() && names(list(rule, {"verbs"}), right.verb) &&
               names(list(rule, {"apiGroups"}), right.group) &&
               names(list(rule, {"resources"}), right.resource);
    });
}

json::value access_review(missing_right const& right) {
    json::object asked{{"verb", right.verb}, {"group", right.group}, {"resource", right.resource}};
    if (!right.name_space.empty()) asked["namespace"] = right.name_space;
    if (right.resource == "namespaces" && right.verb == "get") asked["name"] = right.name_space;
    return review("authorization.k8s.io/v1", "SelfSubjectAccessReview",
                  {{"resourceAttributes", std::move(asked)}});
}

json::value rules_review(std::string const& name_space) {
    return review("authorization.k8s.io/v1", "SelfSubjectRulesReview", {{"namespace", name_space}});
}

json::value user_review() {
    return {{"apiVersion", "authentication.k8s.io/v1"}, {"kind", "SelfSubjectReview"}};
}

}  // namespace pilothouse::release::kubernetes
