// What is asked of all services of an environment at once, or of some.
#pragma once

#include "base/failure.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "deploy/access.hpp"
#include "deploy/deploy_parts.hpp"
#include "deploy/deploy_services.hpp"
#include "deploy/service_view.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::deploy {

struct asked_service {
    std::string uuid;
    std::string version;  // of a deploy; empty: the configured one
};
using asked_services = std::vector<asked_service>;

// A service that is concerned.
struct told_service {
    service_view view;               // as it is then
    std::optional<failure> refused;  // though it was judged well before: somebody was quicker
};
using told_services = std::vector<told_service>;

// Thread-safe. All are judged before the first begins, so that a failure means that nothing did.
// Behind that, what is refused of one is told of it, and the others go on; but where nothing began
// at all, the first refusal is the answer. Those that there is nothing to do for are not among the
// answers.
//
// `asked`: empty is all. errc::not_found: one is not in the environment; errc::invalid_argument: no
// UUID, one that is named twice, what deploy_services::deploy has; errc::busy: something is under
// way at one of them, and it is no deploy that there is room for in the line.
class several_services {
public:
    explicit several_services(deploy_parts const& parts) : parts_(parts), one_(parts) {}

    // deploy
    [[nodiscard]] task<result<told_services>> deploy(environment_access const& a,
                                                     std::optional<asked_services> asked);
    // Of what runs.
    [[nodiscard]] task<result<told_services>> stop(environment_access const& a,
                                                   std::optional<asked_services> asked);
    // Of what is installed.
    [[nodiscard]] task<result<told_services>> uninstall(environment_access const& a,
                                                        std::optional<asked_services> asked);
    // Of what is under way; never errc::busy.
    [[nodiscard]] task<result<told_services>> cancel(environment_access const& a);
    // manage; with their releases, unless `leave_releases`.
    [[nodiscard]] task<result<told_services>> remove(environment_access const& a,
                                                     std::optional<asked_services> asked,
                                                     bool leave_releases);

private:
    deploy_parts const& parts_;
    deploy_services one_;
};

}  // namespace pilothouse::deploy
