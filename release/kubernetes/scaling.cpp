#include "release/kubernetes/scaling.hpp"

#include "release/kubernetes/json_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace pilothouse::release::kubernetes {

namespace json = boost::json;

namespace {

using scale = workload_kind::scale;

bool is_true(json::value const* v) { return v != nullptr && *v == json::value(true); }

bool is_down(workload_kind const& kind, json::value const& live) {
    switch (kind.by) {
        case scale::replicas: return number(live, {"spec", "replicas"}, 1) == 0;
        case scale::suspended: return is_true(find(live, {"spec", "suspend"}));
        case scale::placement: break;
    }
    auto const* const label =
        find(live, {"spec", "template", "spec", "nodeSelector", nowhere_label});
    return label != nullptr;
}

json::object spec_of(workload_kind const& kind, std::int64_t replicas, bool down) {
    switch (kind.by) {
        case scale::replicas: return {{"replicas", replicas}};
        case scale::suspended: return {{"suspend", down}};
        case scale::placement: break;
    }
    json::value label = nullptr;
    if (down) label = "true";
    json::object const selector{{nowhere_label, std::move(label)}};
    return {{"template", {{"spec", {{"nodeSelector", selector}}}}}};
}

// What is known of how it was.
json::object size_of(workload_kind const& kind, json::value const& live) {
    switch (kind.by) {
        case scale::replicas: return {{"replicas", number(live, {"spec", "replicas"}, 1)}};
        case scale::suspended: return {{"suspend", false}};
        case scale::placement: break;
    }
    return {{"nodes", "as selected"}};
}

json::object merge_patch(json::value const& live, json::object spec) {
    return {{"metadata", {{"resourceVersion", text(live, {"metadata", "resourceVersion"})}}},
            {"spec", std::move(spec)}};
}

std::string_view note_of(json::value const& live) {
    return text(live, {"metadata", "annotations", stopped_note});
}

// A pointer's `~` and `/` are written otherwise (RFC 6901).
std::string escaped(std::string_view name) {
    std::string out;
    for (char const c : name) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

}  // namespace

json::value patch_down(workload_kind const& kind, json::value const& live) {
    if (is_down(kind, live)) return nullptr;
    auto patch = merge_patch(live, spec_of(kind, 0, true));
    patch["metadata"].as_object()["annotations"] =
        json::object{{stopped_note, json::serialize(size_of(kind, live))}};
    return patch;
}

json::value patch_back(workload_kind const& kind, json::value const& live) {
    if (!is_down(kind, live)) return nullptr;
    boost::system::error_code wrong;
    auto const size = json::parse(note_of(live), wrong);
    // Whoever spoilt the note gets one of each.
    auto const replicas = wrong ? 1 : number(size, {"replicas"}, 1);
    return merge_patch(live, spec_of(kind, std::max<std::int64_t>(replicas, 0), false));
}

json::value patch_restart(json::value const& live, std::string mark) {
    auto const now = text(live, {"spec", "template", "metadata", "annotations", restarted_note});
    if (now == mark) return nullptr;
    json::object const notes{{restarted_note, std::move(mark)}};
    return merge_patch(live, {{"template", {{"metadata", {{"annotations", notes}}}}}});
}

bool has_note(json::value const& live) {
    return find(live, {"metadata", "annotations", stopped_note}) != nullptr;
}

json::value patch_release(json::value const& live) {
    json::array steps;
    auto const note = "/metadata/annotations/" + escaped(stopped_note);
    if (has_note(live)) steps.push_back(json::object{{"op", "remove"}, {"path", note}});
    auto const& managers = list(live, {"metadata", "managedFields"});
    auto const is_ours = [](json::value const& one) {
        return text(one, {"manager"}) == field_manager;
    };
    // An object without any would become that of whoever applies it next.
    if (std::all_of(managers.begin(), managers.end(), is_ours)) return steps;
    for (auto at = managers.size(); at-- > 0;) {
        if (!is_ours(managers[at])) continue;
        auto const path = "/metadata/managedFields/" + std::to_string(at);
        steps.push_back(
            json::object{{"op", "test"}, {"path", path + "/manager"}, {"value", field_manager}});
        steps.push_back(json::object{{"op", "remove"}, {"path", path}});
    }
    return steps;
}

std::size_t count_own(workload_kind const& kind, std::string_view name, json::value const& pods) {
    auto const owner = kind.makes.empty() ? kind.kind : kind.makes;
    auto const first = std::string(name) + "-";
    auto const belongs = [&](json::value const& reference) {
        if (text(reference, {"kind"}) != owner) return false;
        auto const whose = text(reference, {"name"});
        return kind.makes.empty() ? whose == name : whose.starts_with(first);
    };
    auto const& items = list(pods, {"items"});
    auto const counts = [&](json::value const& pod) {
        auto const phase = text(pod, {"status", "phase"});
        auto const& owners = list(pod, {"metadata", "ownerReferences"});
        return phase != "Succeeded" && phase != "Failed" &&
               std::any_of(owners.begin(), owners.end(), belongs);
    };
    return static_cast<std::size_t>(std::count_if(items.begin(), items.end(), counts));
}

}  // namespace pilothouse::release::kubernetes
