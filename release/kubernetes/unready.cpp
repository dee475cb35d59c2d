#include "release/kubernetes/unready.hpp"

#include "base/percent_encoding.hpp"
#include "release/kubernetes/events.hpp"
#include "release/kubernetes/json_fields.hpp"
#include "release/kubernetes/pod_trouble.hpp"
#include "release/kubernetes/readiness.hpp"
#include "release/kubernetes/resource_paths.hpp"
#include "release/kubernetes/shown_state.hpp"
#include "release/kubernetes/shown_text.hpp"

#include <boost/json/array.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace pilothouse::release::kubernetes {

namespace json = boost::json;

namespace {

constexpr std::size_t causes_max = 20;
constexpr std::size_t state_characters_max = 600;

using weight = pod_trouble::weight;

bool is_test(json::value const& live) {
    return text(live, {"metadata", "annotations", "helm.sh/hook"}).starts_with("test");
}

std::string with(std::string said, std::string const& more) {
    if (more.empty()) return said;
    return said.empty() ? more : std::move(said) + ": " + more;
}

// Looks for causes; what cannot be asked is not known, and that is all.
class cause_finder {
public:
    cause_finder(api_client& api, rendered_object const& object, awaited_kind const& kind,
                 json::value const& live)
        : api_(api), object_(object), kind_(kind), live_(live) {}

    [[nodiscard]] task<std::string> find_cause() {
        if (kind_.kind == "Pod") {
            auto trouble = trouble_of(live_);
            co_return co_await explained(std::move(trouble));
        }
        if (kind_.kind == "PersistentVolumeClaim")
            co_return co_await event_of(object_.kind, object_.name, event_choice::all);
        if (!kind_.has_pods)
            co_return co_await event_of(object_.kind, object_.name, event_choice::warnings);
        auto const selector = selector_of(live_);
        if (selector.empty()) co_return std::string();
        auto const pods =
            co_await items("/api/v1/namespaces/" + percent_encode(object_.name_space) +
                           "/pods?limit=100&labelSelector=" + percent_encode(selector));
        if (pods.empty())
            co_return co_await event_of(object_.kind, object_.name, event_choice::warnings);
        auto worst = worst_of(pods);
        co_return co_await explained(std::move(worst));
    }

private:
    [[nodiscard]] task<std::string> explained(pod_trouble trouble) {
        if (trouble.how == weight::none || trouble.how == weight::cause) co_return trouble.text;
        auto const told = co_await event_of("Pod", trouble.pod, event_choice::warnings);
        co_return with(std::move(trouble.text), told);
    }

    [[nodiscard]] task<std::string> event_of(std::string kind, std::string name,
                                             event_choice which) {
        auto const path = events_path(object_.name_space, kind, name);
        auto const events = co_await items(path);
        co_return newest_event(events, which);
    }

    [[nodiscard]] task<json::array> items(std::string path) {
        auto const r = co_await api_.get(std::move(path));
        if (!r || !r->success()) co_return json::array();
        co_return list(r->body, {"items"});
    }

    api_client& api_;
    rendered_object const& object_;
    awaited_kind const& kind_;
    json::value const& live_;
};

}  // namespace

task<result<std::vector<object_state>>> find_unready(api_client& api,
                                                     std::vector<rendered_object> objects) {
    std::vector<object_state> found;
    std::size_t causes = 0;
    for (auto const& object : objects) {
        auto const* const kind = find_awaited(object.api_version, object.kind);
        if (kind == nullptr) continue;
        resource const where{std::string(kind->plural), true};
        auto const path = object_path(object.api_version, where, object.name_space, object.name);
        if (path.empty()) continue;
        PILOTHOUSE_CO_TRY(auto const live, co_await api.get(path));
        if (live.status == 404) {
            if (!object.hook) found.push_back(shown_state(object, std::string(not_there_yet)));
            continue;
        }
        if (live.status == 403) {
            found.push_back(shown_state(object, "not known: " + refusal_of(live).detail));
            continue;
        }
        if (!live.success()) co_return refusal_of(live);
        auto said = lacking(*kind, live.body);
        if (said.empty() || (object.hook && is_test(live.body))) continue;
        if (causes++ < causes_max) {
            cause_finder finder(api, object, *kind, live.body);
            auto const cause = co_await finder.find_cause();
            said = with(std::move(said), cause);
        }
        found.push_back(shown_state(object, shown(said, state_characters_max)));
    }
    co_return found;
}

}  // namespace pilothouse::release::kubernetes
