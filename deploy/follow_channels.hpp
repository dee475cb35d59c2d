// Deploys services that follow their channel (auto_deploy), when it has something newer for them.
#pragma once

#include "base/log.hpp"
#include "base/task.hpp"
#include "deploy/access.hpp"
#include "deploy/deploy_parts.hpp"
#include "deploy/deploy_services.hpp"
#include "deploy/said_once.hpp"

#include <map>
#include <utility>

namespace pilothouse::deploy {

// A service whose configured version is a range, and which is deployed, gets the newest version
// that is in it, once: what failed, or was gone back behind, is not tried again before there is a
// newer one, or somebody deploys it. All is done with the rights of whoever changed the service
// last while it followed, as they are at that moment.
// One for the server; one call at a time.
class follow_channels {
public:
    // All outlive it.
    follow_channels(deploy_parts const& parts, storage::user_store& users, logger& log)
        : parts_(parts), users_(users), log_(log), access_(parts), deploying_(parts) {}

    // Looks at them all, once. What goes wrong with one is a line in the log.
    [[nodiscard]] task<void> look();

private:
    // False: it is to be looked at again, whether its channel changes or not.
    [[nodiscard]] task<result<bool>> look_after(storage::service_record const& service);
    [[nodiscard]] task<result<bool>> has_changed(storage::service_record const& service,
                                                 std::string const& repository);

    deploy_parts const& parts_;
    storage::user_store& users_;
    logger& log_;
    access access_;
    deploy_services deploying_;
    // What was known of each when it was seen to: its configuration, its channel's generation.
    std::map<storage::service_id, std::pair<int, storage::generation>> seen_;
    said_once<storage::service_id> said_;
};

}  // namespace pilothouse::deploy
