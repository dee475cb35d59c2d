#include "release/kubernetes/cluster_workloads.hpp"

#include "base/percent_encoding.hpp"
#include "release/kubernetes/json_fields.hpp"
#include "release/kubernetes/resource_paths.hpp"
#include "release/kubernetes/scaling.hpp"

#include <functional>
#include <string_view>
#include <utility>

namespace pilothouse::release::kubernetes {

namespace json = boost::json;

namespace {

constexpr unsigned conflict = 409, unprocessable = 422;
constexpr int tries_max = 10;

std::string path_of(rendered_object const& object, workload_kind const& kind) {
    return object_path(object.api_version, {std::string(kind.plural), true}, object.name_space,
                       object.name);
}

std::string managed(std::string const& path) {
    return path + "?fieldManager=" + std::string(field_manager);
}

bool is_there(reply const& r) {
    return r.status != 404 && text(r.body, {"metadata", "deletionTimestamp"}).empty();
}

// What the cluster does not take now it will not take later.
failure refused(reply const& r) {
    auto why = refusal_of(r);
    if (r.status == 400 || r.status == unprocessable) why.code = errc::wrong_state;
    return why;
}

// Looks at an object, and changes it, until nobody else changes it in between.
class object_change {
public:
    // Of the object as it is now; null: nothing is to be done.
    using maker = std::function<json::value(json::value const&)>;

    object_change(api_client& api, std::string path) : api_(api), path_(std::move(path)) {}

    [[nodiscard]] task<result<scaling>> merge(maker make) {
        return change(std::move(make), api_client::patch_form::merge, conflict);
    }
    // Where something is written down.
    [[nodiscard]] task<result<scaling>> strike() {
        maker const make = [](json::value const& live) {
            return has_note(live) ? patch_release(live) : json::value();
        };
        return change(make, api_client::patch_form::steps, unprocessable);
    }

private:
    // `raced`: what the server answers where the object is not as it was.
    [[nodiscard]] task<result<scaling>> change(maker make, api_client::patch_form form,
                                               unsigned raced) {
        for (int tries = 1;; ++tries) {
            PILOTHOUSE_CO_TRY(auto const live, co_await api_.get(path_));
            if (!is_there(live)) co_return scaling::absent;
            if (!live.success()) co_return refused(live);
            if (!live.body.is_object())
                co_return failure(errc::unavailable,
                                  "what answers there is no Kubernetes API server");
            auto patch = make(live.body);
            auto where = managed(path_);
            if (patch.is_null()) co_return scaling::as_it_was;
            PILOTHOUSE_CO_TRY(auto const now,
                              co_await api_.patch(std::move(where), std::move(patch), form));
            if (now.success()) co_return scaling::done;
            if (now.status == 404) co_return scaling::absent;
            if (now.status != raced || tries == tries_max) co_return refused(now);
        }
    }

    api_client& api_;
    std::string path_;
};

}  // namespace

task<result<scaling>> cluster_workloads::scale_down(cluster_access access, rendered_object object) {
    auto const* const kind = find_workload(object.api_version, object.kind);
    if (kind == nullptr) co_return scaling::not_of_these;
    auto path = path_of(object, *kind);
    if (path.empty()) co_return scaling::not_of_these;
    auto const core = co_await asio::this_coro::executor;
    PILOTHOUSE_CO_TRY(auto const api, api_client::make(core, access, limits_, off_));
    object_change change(*api, std::move(path));
    object_change::maker const make = [kind](json::value const& live) {
        return patch_down(*kind, live);
    };
    co_return co_await change.merge(make);
}

// What is written down is struck last: so this may end anywhere, and be done again.
task<result<scaling>> cluster_workloads::scale_back(cluster_access access, rendered_object object) {
    auto const* const kind = find_workload(object.api_version, object.kind);
    if (kind == nullptr) co_return scaling::not_of_these;
    auto path = path_of(object, *kind);
    if (path.empty()) co_return scaling::not_of_these;
    auto const core = co_await asio::this_coro::executor;
    PILOTHOUSE_CO_TRY(auto const api, api_client::make(core, access, limits_, off_));
    object_change change(*api, std::move(path));
    object_change::maker const make = [kind](json::value const& live) {
        return has_note(live) ? patch_back(*kind, live) : json::value();
    };
    PILOTHOUSE_CO_TRY(auto const back, co_await change.merge(make));
    if (back == scaling::absent) co_return back;
    co_return co_await change.strike();
}

task<result<scaling>> cluster_workloads::restart(cluster_access access, rendered_object object,
                                                 std::string mark) {
    auto const* const kind = find_workload(object.api_version, object.kind);
    if (kind == nullptr || !kind->restarts) co_return scaling::not_of_these;
    auto path = path_of(object, *kind);
    if (path.empty()) co_return scaling::not_of_these;
    auto const core = co_await asio::this_coro::executor;
    PILOTHOUSE_CO_TRY(auto const api, api_client::make(core, access, limits_, off_));
    object_change change(*api, std::move(path));
    object_change::maker const make = [&mark](json::value const& live) {
        return patch_restart(live, mark);
    };
    co_return co_await change.merge(make);
}

task<result<std::size_t>> cluster_workloads::count_pods(cluster_access access,
                                                        rendered_object object) {
    auto const* const kind = find_workload(object.api_version, object.kind);
    if (kind == nullptr || kind->by == workload_kind::scale::suspended) co_return std::size_t(0);
    auto path = path_of(object, *kind);
    if (path.empty()) co_return std::size_t(0);
    auto const core = co_await asio::this_coro::executor;
    PILOTHOUSE_CO_TRY(auto const api, api_client::make(core, access, limits_, off_));
    PILOTHOUSE_CO_TRY(auto const live, co_await api->get(std::move(path)));
    if (live.status == 404) co_return std::size_t(0);
    if (!live.success()) co_return refusal_of(live);
    auto const selector = selector_of(live.body);
    if (selector.empty()) co_return std::size_t(0);
    auto pods_path = "/api/v1/namespaces/" + percent_encode(object.name_space) +
                     "/pods?limit=500&fieldSelector=" +
                     percent_encode("status.phase!=Succeeded,status.phase!=Failed") +
                     "&labelSelector=" + percent_encode(selector);
    PILOTHOUSE_CO_TRY(auto const pods, co_await api->get(std::move(pods_path)));
    if (!pods.success()) co_return refusal_of(pods);
    co_return count_own(*kind, object.name, pods.body);
}

}  // namespace pilothouse::release::kubernetes
