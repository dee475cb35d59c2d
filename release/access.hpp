// Grants for what is named by the id of a release or an operation: that of the cluster it is in, or
// was until it was uninstalled.
#pragma once

#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "release/release_parts.hpp"

#include <memory>
#include <string>
#include <vector>

namespace pilothouse::release {

// Thread-safe. The permissions are see_cluster, use_cluster, manage_cluster.
// errc::unauthenticated; errc::denied: no right in that cluster; errc::not_found.
class access {
public:
    explicit access(release_parts const& parts) : parts_(parts) {}

    [[nodiscard]] task<result<auth::grant>> to_cluster(std::shared_ptr<auth::principal const> who,
                                                       auth::permission what, std::string name);
    // One that is gone, too, as long as an operation names it.
    [[nodiscard]] task<result<auth::grant>> to_release(std::shared_ptr<auth::principal const> who,
                                                       auth::permission what, std::string id);
    [[nodiscard]] task<result<auth::grant>> to_operation(std::shared_ptr<auth::principal const> who,
                                                         auth::permission what, std::string id);
    // Of every cluster in which the caller has it; by name.
    [[nodiscard]] task<std::vector<auth::grant>> to_clusters(
        std::shared_ptr<auth::principal const> who, auth::permission what);

private:
    release_parts const& parts_;
};

}  // namespace pilothouse::release
