// What is asked of Helm services: deployed, stopped, uninstalled, removed.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "deploy/access.hpp"
#include "deploy/deploy_parts.hpp"
#include "deploy/service_view.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::deploy {

// Thread-safe. All but look(), history() and deployment() need `deploy`, remove() `manage`. What
// was asked for is durable when it returns; what is returned is the service as it is then.
//
// errc::busy: a deployment of it is under way; errc::invalid_argument: there is no such version,
// the chart cannot be installed, or change_release refuses what is configured; errc::conflict:
// somebody else's release has the service's name; errc::unavailable as change_release has it.
class deploy_services {
public:
    explicit deploy_services(deploy_parts const& parts) : parts_(parts) {}

    // see
    [[nodiscard]] task<result<service_view>> look(service_access const& a);
    [[nodiscard]] task<result<std::vector<service_view>>> look(environment_access const& a);
    // Newest first, dry runs among them.
    [[nodiscard]] task<std::vector<storage::deployment_record>> history(service_access const& a,
                                                                        std::size_t count);
    [[nodiscard]] task<result<storage::deployment_record>> deployment(service_access const& a,
                                                                      std::string uuid);

    // Installs or updates, to this version: from now on it is the configured one, unless the
    // service follows its channel by a range. Empty: to the configured one. Where something is
    // under way it waits for that, if deploy_parts::waiting_max has room for it.
    [[nodiscard]] task<result<service_view>> deploy(service_access const& a, std::string version);
    // What deploy() would change, kept as a deployment's result; nothing else changes. Done when it
    // returns.
    [[nodiscard]] task<result<storage::deployment_record>> dry_run(service_access const& a,
                                                                   std::string version);
    // Empty: nothing is installed.
    [[nodiscard]] task<result<std::optional<service_view>>> uninstall(service_access const& a);
    // errc::wrong_state: nothing is installed; of stop(): it is stopped already.
    [[nodiscard]] task<result<service_view>> stop(service_access const& a);
    [[nodiscard]] task<result<service_view>> restart(service_access const& a);
    // With its release, unless `leave_release`. It is gone when that is uninstalled.
    [[nodiscard]] task<result<void>> remove(service_access const& a, bool leave_release);
    // What is under way, and what waits for it. errc::wrong_state: nothing is, or it cannot be
    // cancelled.
    [[nodiscard]] task<result<service_view>> cancel(service_access const& a);
    // This one alone.
    [[nodiscard]] task<result<service_view>> cancel(service_access const& a,
                                                    std::string deployment);

    // Begins the deployment that has waited longest, if nothing is under way. What refuses it is
    // its outcome, but errc::unavailable and errc::busy: then it waits on.
    [[nodiscard]] task<result<void>> begin_waiting(service_access const& a);

private:
    deploy_parts const& parts_;
};

}  // namespace pilothouse::deploy
