// Deployments that wait behind what is under way at their service.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "deploy/access.hpp"
#include "deploy/deploy_parts.hpp"
#include "deploy/service_view.hpp"

#include <string>

namespace pilothouse::deploy {

// errc::busy: there is no room for one more.
[[nodiscard]] result<void> check_room(deploy_parts const& parts, service_view const& view);
// A deploy; errc as above, and for what would be refused at once.
[[nodiscard]] task<result<service_view>> line_up(deploy_parts const& parts, service_access const& a,
                                                 service_view const& view, std::string version);
// errc::wrong_state: it has begun meanwhile.
[[nodiscard]] task<result<void>> leave_line(deploy_parts const& parts,
                                            storage::deployment_record const& waiting);

}  // namespace pilothouse::deploy
