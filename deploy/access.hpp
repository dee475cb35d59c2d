// Grants for what is named by the UUID of an environment, a service or a deployment.
#pragma once

#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "deploy/deploy_parts.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace pilothouse::deploy {

// What each takes in the environment's project; all but `see` take use_cluster of its cluster, too:
// nobody gets into a cluster through an environment who may not use it.
enum class environment_right : std::uint8_t {
    see,     // read_project
    deploy,  // push_chart
    manage,  // edit_project
};

struct environment_access {
    auth::grant in_project;
    std::optional<auth::grant> on_cluster;  // empty: it is only seen
    storage::environment_record environment;

    // Throws std::logic_error where it was given for less: whoever asks so has a bug. The first
    // line of every use case.
    void expect(environment_right least) const;
    [[nodiscard]] auth::principal const& who() const noexcept { return in_project.who(); }
};

struct service_access : environment_access {
    storage::service_record service;
};

// Thread-safe. errc::unauthenticated; errc::invalid_argument: no UUID; errc::not_found: there is no
// such thing, or nobody says so to this caller; errc::denied, errc::insufficient_scope.
class access {
public:
    explicit access(deploy_parts const& parts) : parts_(parts) {}

    [[nodiscard]] task<result<environment_access>> to_environment(
        std::shared_ptr<auth::principal const> who, environment_right what, std::string uuid);
    [[nodiscard]] task<result<service_access>> to_service(
        std::shared_ptr<auth::principal const> who, environment_right what, std::string uuid);
    // To the service that the deployment is of.
    [[nodiscard]] task<result<service_access>> to_deployment(
        std::shared_ptr<auth::principal const> who, environment_right what, std::string uuid);

private:
    [[nodiscard]] task<result<environment_access>> opened(
        std::shared_ptr<auth::principal const> who, environment_right what,
        storage::environment_record environment);
    [[nodiscard]] task<result<service_access>> opened(std::shared_ptr<auth::principal const> who,
                                                      environment_right what,
                                                      storage::service_record service);

    deploy_parts const& parts_;
};

}  // namespace pilothouse::deploy
