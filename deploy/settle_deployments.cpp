#include "deploy/settle_deployments.hpp"

#include "deploy/service_view.hpp"

#include <set>

namespace pilothouse::deploy {

task<void> settle_deployments(deploy_parts const& parts) {
    auto const open = co_await parts.deployments.unsettled();
    std::set<storage::service_id> seen;
    for (auto const& d : open) {
        if (!seen.insert(d.service).second) continue;
        auto const service = co_await parts.services.find(d.service);
        if (!service) continue;
        auto const looked = co_await look_at(parts, *service);
        static_cast<void>(looked);
    }
}

}  // namespace pilothouse::deploy
