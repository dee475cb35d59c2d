#include "release/kubernetes/drift.hpp"

#include "chart/yaml_tree.hpp"
#include "release/kubernetes/comparison.hpp"
#include "release/kubernetes/discovery.hpp"
#include "release/kubernetes/json_fields.hpp"
#include "release/kubernetes/resource_paths.hpp"
#include "release/kubernetes/shown_state.hpp"

#include <string>
#include <utility>

namespace pilothouse::release::kubernetes {

namespace {

bool is_secret(rendered_object const& object) {
    return object.api_version == "v1" && object.kind == "Secret";
}

// Empty: as it should be.
std::string changes_of(rendered_object const& object, reply const& live) {
    if (!text(live.body, {"metadata", "deletionTimestamp"}).empty()) return "being deleted";
    if (is_secret(object)) return {};
    auto const manifest = chart::yaml_tree::parse(object.text, {});
    if (!manifest) return {};
    auto const found = compare(manifest->root(), live.body);
    if (found.paths.empty()) return {};
    std::string said = "changed: ";
    for (auto const& path : found.paths) said += (&path == &found.paths.front() ? "" : ", ") + path;
    if (found.more > 0) said += " and " + std::to_string(found.more) + " more";
    return said;
}

}  // namespace

task<result<std::vector<object_state>>> find_drifted(api_client& api, blocking_pool& comparing,
                                                     std::vector<rendered_object> objects) {
    std::vector<object_state> found;
    discovery known(api);
    for (auto& object : objects) {
        if (object.hook || object.name.empty()) continue;
        PILOTHOUSE_CO_TRY(auto const kind,
                          co_await known.find_kind(object.api_version, object.kind));
        if (!kind) {
            found.push_back(shown_state(object, "missing: the cluster does not know its kind"));
            continue;
        }
        if (!kind->namespaced) object.name_space.clear();
        auto const path = object_path(object.api_version, *kind, object.name_space, object.name);
        if (path.empty()) continue;
        auto asked = is_secret(object) ? api.get_metadata(path) : api.get(path);
        PILOTHOUSE_CO_TRY(auto const live, co_await std::move(asked));
        if (live.status == 404) {
            found.push_back(shown_state(object, "missing"));
            continue;
        }
        if (live.status == 403) {
            found.push_back(shown_state(object, "not known: " + refusal_of(live).detail));
            continue;
        }
        if (!live.success()) co_return refusal_of(live);
        if (!live.body.is_object())
            co_return failure(errc::unavailable, "what answers there is no Kubernetes API server");
        auto const compared = [&object, &live]() -> result<std::string> {
            return changes_of(object, live);
        };
        PILOTHOUSE_CO_TRY(auto said, co_await comparing.run(compared));
        if (!said.empty()) found.push_back(shown_state(object, std::move(said)));
    }
    co_return found;
}

}  // namespace pilothouse::release::kubernetes
