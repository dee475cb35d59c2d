#include "deploy/lined_up.hpp"

#include "deploy/begin_deployment.hpp"
#include "deploy/order.hpp"

#include <utility>

namespace pilothouse::deploy {

using storage::deployment_outcome;
using storage::deployment_record;

result<void> check_room(deploy_parts const& parts, service_view const& view) {
    if (view.lined_up.size() >= parts.waiting_max) return in_progress();
    return {};
}

task<result<service_view>> line_up(deploy_parts const& parts, service_access const& a,
                                   service_view const& view, std::string version) {
    if (auto const room = check_room(parts, view); !room) co_return room.error();
    PILOTHOUSE_CO_TRY(auto const wanted, co_await order_of(parts, a, view.service, version));
    auto d = new_deployment(parts, a, view.service, storage::deployment_kind::deploy);
    d.chart = wanted.configured.chart;
    d.version = std::move(version);
    auto const added = co_await parts.deployments.add(std::move(d));
    if (!added) co_return added.error();
    PILOTHOUSE_CO_TRY(auto after, co_await look_at(parts, view.service));
    after.asked = added->uuid;
    co_return after;
}

task<result<void>> leave_line(deploy_parts const& parts, deployment_record const& waiting) {
    auto const change = [&parts](deployment_record& d) -> result<void> {
        if (!d.operation.empty())
            return failure(errc::wrong_state, "this deployment has begun meanwhile");
        if (d.outcome != deployment_outcome::none) return {};
        d.finished = parts.below.time.now();
        d.outcome = deployment_outcome::cancelled;
        return {};
    };
    auto const edited = co_await parts.deployments.edit(waiting.uuid, change);
    if (!edited) co_return edited.error();
    co_return result<void>();
}

}  // namespace pilothouse::deploy
