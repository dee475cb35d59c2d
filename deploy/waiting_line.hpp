// Begins deployments that wait behind others, as soon as these have ended.
#pragma once

#include "base/log.hpp"
#include "base/task.hpp"
#include "deploy/access.hpp"
#include "deploy/deploy_parts.hpp"
#include "deploy/deploy_services.hpp"
#include "deploy/said_once.hpp"

#include <string>

namespace pilothouse::deploy {

// With the rights of whoever asked for each, as they are when it begins. One for the server; one
// call at a time.
class waiting_line {
public:
    // All outlive it.
    waiting_line(deploy_parts const& parts, storage::user_store& users, logger& log)
        : parts_(parts), users_(users), log_(log), access_(parts), deploying_(parts) {}

    // Begins what can begin, one of each service. What keeps one from it is a line in the log.
    [[nodiscard]] task<void> advance();

private:
    [[nodiscard]] task<result<void>> begin(storage::deployment_record const& first);
    [[nodiscard]] task<result<void>> refuse_for(storage::deployment_record const& waiting,
                                                failure const& why);

    deploy_parts const& parts_;
    storage::user_store& users_;
    logger& log_;
    access access_;
    deploy_services deploying_;
    said_once<std::string> said_;  // by deployment
};

}  // namespace pilothouse::deploy
