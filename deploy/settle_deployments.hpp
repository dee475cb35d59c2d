// The ends of deployments, for when nobody looks.
#pragma once

#include "base/task.hpp"
#include "deploy/deploy_parts.hpp"

namespace pilothouse::deploy {

// Looks at each service of which a deployment has not said how it ended: what has ended since is
// written down before its operation is forgotten, and services that were to be removed go. What
// cannot be looked at now is looked at the next time.
[[nodiscard]] task<void> settle_deployments(deploy_parts const& parts);

}  // namespace pilothouse::deploy
