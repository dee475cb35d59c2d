#include "release/kubernetes/cluster_inspector.hpp"

#include "release/kubernetes/drift.hpp"
#include "release/kubernetes/inspection.hpp"
#include "release/kubernetes/outside.hpp"
#include "release/kubernetes/unready.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::release::kubernetes {

task<result<std::string>> cluster_inspector::version(cluster_access access,
                                                     std::chrono::milliseconds at_most) {
    auto const core = co_await asio::this_coro::executor;
    time_limits const limits{std::min(limits_.call, at_most), std::min(limits_.all, at_most)};
    PILOTHOUSE_CO_TRY(auto const api, api_client::make(core, access, limits, off_));
    co_return co_await ask_version(*api);
}

task<inspection> cluster_inspector::inspect(cluster_access access, std::string name_space) {
    auto const core = co_await asio::this_coro::executor;
    auto const api = api_client::make(core, access, limits_, off_);
    if (!api) {
        inspection none;
        none.failure = api.error().detail;
        co_return none;
    }
    co_return co_await inspect_cluster(**api, std::move(name_space));
}

task<result<std::vector<object_state>>> cluster_inspector::unready(
    cluster_access access, std::vector<rendered_object> objects) {
    auto const core = co_await asio::this_coro::executor;
    PILOTHOUSE_CO_TRY(auto const api, api_client::make(core, access, limits_, off_));
    co_return co_await find_unready(*api, std::move(objects));
}

task<result<std::vector<object_state>>> cluster_inspector::drifted(
    cluster_access access, std::vector<rendered_object> objects) {
    auto const core = co_await asio::this_coro::executor;
    PILOTHOUSE_CO_TRY(auto const api, api_client::make(core, access, limits_, off_));
    co_return co_await find_drifted(*api, comparing_, std::move(objects));
}

task<result<std::vector<object_state>>> cluster_inspector::outside(
    cluster_access access, std::string name_space, std::vector<rendered_object> objects) {
    auto const core = co_await asio::this_coro::executor;
    PILOTHOUSE_CO_TRY(auto const api, api_client::make(core, access, limits_, off_));
    co_return co_await find_outside(*api, std::move(name_space), std::move(objects));
}

}  // namespace pilothouse::release::kubernetes
