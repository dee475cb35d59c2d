// Environments: made, listed, changed, removed.
#pragma once

#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "deploy/access.hpp"
#include "deploy/deploy_parts.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::deploy {

struct new_environment {
    std::string name;
    auth::cluster_reference cluster;
    std::string name_space;  // empty: made of project and name
    storage::environment_mode mode = storage::environment_mode::development;
};

// What is to change; empty: stays.
struct environment_changes {
    std::optional<std::string> name;
    std::optional<storage::environment_mode> mode;
};

// Thread-safe.
class manage_environments {
public:
    explicit manage_environments(deploy_parts const& parts) : parts_(parts) {}

    // By name; read_project.
    [[nodiscard]] task<std::vector<storage::environment_record>> list(auth::grant const& g);
    // edit_project of the project, and the caller has use_cluster of the cluster.
    // errc::invalid_argument: name, namespace, or one that the cluster does not take;
    // errc::conflict: another environment has the name or the namespace; errc::not_found,
    // errc::denied: of the cluster.
    [[nodiscard]] task<result<storage::environment_record>> create(auth::grant const& g,
                                                                   new_environment wanted);
    // manage; errc::invalid_argument, errc::conflict.
    [[nodiscard]] task<result<storage::environment_record>> edit(environment_access const& a,
                                                                 environment_changes changes);
    // manage; errc::wrong_state: there are services in it.
    [[nodiscard]] task<result<void>> remove(environment_access const& a);

private:
    deploy_parts const& parts_;
};

}  // namespace pilothouse::deploy
