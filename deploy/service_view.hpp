// A Helm service as it is at this moment.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "deploy/access.hpp"
#include "deploy/deploy_parts.hpp"
#include "deploy/service_status.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace pilothouse::deploy {

struct service_view {
    storage::service_record service;
    service_status status;
    // The newest that was begun, dry runs aside.
    std::optional<storage::deployment_record> last;
    // The newest on the release, through whichever door it came, while that is known: times,
    // errors.
    std::optional<storage::operation_record> operation;
    std::optional<storage::release_record> release;
    // What is just being begun, with no operation yet.
    std::optional<storage::deployment_kind> beginning;
    std::vector<storage::deployment_record> lined_up;  // wait for what is under way; oldest first
    // The deployment that this call asked for; empty: it asked for none.
    std::string asked;
    std::size_t waiting = 0;  // these, and the one in the engine's own queue
};

// What its status is made of.
[[nodiscard]] service_facts facts_of(service_view const& view);

// Looks, and writes down what has ended since: the deployment's outcome, which configuration is in
// force, and that a service which was to be removed is gone (errc::not_found). What went down
// between a deployment's record and its operation is made good.
[[nodiscard]] task<result<service_view>> look_at(deploy_parts const& parts,
                                                 storage::service_record service);
// By name; those that are gone by then are not among them.
[[nodiscard]] task<result<std::vector<service_view>>> look_at_all(
    deploy_parts const& parts, storage::environment_id environment);

}  // namespace pilothouse::deploy
