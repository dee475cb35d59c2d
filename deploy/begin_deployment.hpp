// How a deployment begins: its record first, then its operation, so that the history knows of each
// operation whatever goes down in between.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "deploy/access.hpp"
#include "deploy/deploy_parts.hpp"
#include "deploy/service_view.hpp"

#include <string>

namespace pilothouse::deploy {

// Of what somebody asks for at this moment; without chart and version.
[[nodiscard]] storage::deployment_record new_deployment(deploy_parts const& parts,
                                                        service_access const& a,
                                                        storage::service_record const& service,
                                                        storage::deployment_kind kind);

// Everything that begin_deploy() would refuse, as far as it is known before; of what is to wait,
// its version.
[[nodiscard]] task<result<void>> check_deploy(deploy_parts const& parts, service_access const& a,
                                              service_view const& view, std::string version);

// errc::conflict: somebody else's release has the name of one that is to be installed.
[[nodiscard]] task<result<void>> check_name(deploy_parts const& parts, service_access const& a,
                                            service_view const& view);

// All of these: `view` is of a service at which nothing is under way; errc::busy: there is by now.
// Where a store fails for a moment behind the operation's begin, that is the answer, and whoever
// looks next makes it good. What is refused leaves no record, unless it waited.

// errc as deploy_services::deploy; errc::conflict: somebody else's release has the name.
[[nodiscard]] task<result<service_view>> begin_deploy(deploy_parts const& parts,
                                                      service_access const& a,
                                                      service_view const& view,
                                                      std::string version);
// uninstall, remove, stop or restart of what is installed.
[[nodiscard]] task<result<void>> begin_on_release(deploy_parts const& parts,
                                                  service_access const& a, service_view const& view,
                                                  storage::deployment_kind kind);
// What has waited. What refuses it is its outcome, but errc::unavailable and errc::busy: then it
// waits on.
[[nodiscard]] task<result<void>> begin_lined_up(deploy_parts const& parts, service_access const& a,
                                                service_view const& view,
                                                storage::deployment_record d);

[[nodiscard]] failure in_progress();

}  // namespace pilothouse::deploy
