#include "release/kubernetes/resource_paths.hpp"

#include "base/percent_encoding.hpp"
#include "release/kubernetes/json_fields.hpp"

#include <boost/json/object.hpp>

#include <utility>

namespace pilothouse::release::kubernetes {

namespace json = boost::json;

namespace {

// A server would take them for a way upwards.
bool leads_elsewhere(std::string_view segment) {
    return segment.empty() || segment == "." || segment == "..";
}

void add(std::string& selector, std::string const& term) {
    if (!selector.empty()) selector += ',';
    selector += term;
}

std::string expression(json::value const& one) {
    std::string key(text(one, {"key"}));
    auto const how = text(one, {"operator"});
    if (how == "Exists") return key;
    if (how == "DoesNotExist") return "!" + key;
    std::string values;
    for (auto const& value : list(one, {"values"}))
        if (value.is_string()) add(values, std::string(value.get_string()));
    return key + (how == "NotIn" ? " notin (" : " in (") + values + ")";
}

}  // namespace

std::string version_path(std::string_view api_version) {
    auto const slash = api_version.find('/');
    if (slash == api_version.npos)
        return leads_elsewhere(api_version) ? std::string() : "/api/" + percent_encode(api_version);
    auto const group = api_version.substr(0, slash);
    auto const version = api_version.substr(slash + 1);
    if (leads_elsewhere(group) || leads_elsewhere(version)) return {};
    return "/apis/" + percent_encode(group) + "/" + percent_encode(version);
}

std::map<std::string, resource, std::less<>> read_kinds(json::value const& resource_list) {
    std::map<std::string, resource, std::less<>> kinds;
    for (auto const& one : list(resource_list, {"resources"})) {
        auto const plural = text(one, {"name"});
        if (leads_elsewhere(plural) || plural.find('/') != plural.npos) continue;  // subresources
        auto const* const namespaced = find(one, {"namespaced"});
        bool const within = namespaced == nullptr || *namespaced != json::value(false);
        kinds.try_emplace(std::string(text(one, {"kind"})), resource{std::string(plural), within});
    }
    return kinds;
}

std::string object_path(std::string_view api_version, resource const& what,
                        std::string_view name_space, std::string_view name) {
    auto path = version_path(api_version);
    if (path.empty() || leads_elsewhere(name)) return {};
    if (what.namespaced) {
        if (leads_elsewhere(name_space)) return {};
        path += "/namespaces/" + percent_encode(name_space);
    }
    return path + "/" + percent_encode(what.plural) + "/" + percent_encode(name);
}

std::string selector_of(json::value const& workload) {
    std::string selector;
    auto const* const labels = find(workload, {"spec", "selector", "matchLabels"});
    if (labels != nullptr && labels->is_object()) {
        for (auto const& [key, value] : labels->get_object()) {
            if (value.is_string())
                add(selector, std::string(key) + "=" + std::string(value.get_string()));
        }
    }
    for (auto const& one : list(workload, {"spec", "selector", "matchExpressions"}))
        add(selector, expression(one));
    return selector;
}

}  // namespace pilothouse::release::kubernetes
