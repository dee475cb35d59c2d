// What becomes of Helm services by itself: deployments that wait begin, services that follow their
// channel are deployed, and how deployments ended is written down.
#pragma once

#include "base/log.hpp"
#include "base/task.hpp"
#include "deploy/follow_channels.hpp"
#include "deploy/waiting_line.hpp"
#include "storage/directory.hpp"

#include <atomic>

namespace pilothouse {

class deploy_rounds {
public:
    // All outlive it.
    deploy_rounds(deploy::deploy_parts const& parts, storage::user_store& users, logger& log,
                  std::atomic<bool> const& stopping)
        : parts_(parts),
          line_(parts, users, log),
          following_(parts, users, log),
          log_(log),
          stopping_(stopping) {}

    // Returns when `stopping` is set, after what is under way. What goes wrong is a line in the
    // log.
    [[nodiscard]] task<void> run();

private:
    deploy::deploy_parts const& parts_;
    deploy::waiting_line line_;
    deploy::follow_channels following_;
    logger& log_;
    std::atomic<bool> const& stopping_;
};

}  // namespace pilothouse
