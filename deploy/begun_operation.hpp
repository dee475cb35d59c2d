// A deployment and its operation, which find each other whatever goes down between the two.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "deploy/deploy_parts.hpp"

#include <string>
#include <string_view>

namespace pilothouse::deploy {

// The id of the operation that a deployment begins, by its UUID.
[[nodiscard]] std::string operation_of(std::string_view deployment);

// What a deploy makes of its service from the moment that its operation is there.
struct begun_deploy {
    std::string release;    // which is the service's from now on
    int configuration = 0;  // that it was begun with
    bool pins = false;      // `version` is the configured one from now on
    std::string version;
};

struct noted_deploy {
    storage::service_record service;
    int configuration = 0;  // that is deployed by it
};

// Notes it at the service; once more changes nothing. An edit that came in between stays: what was
// begun is the configuration before it. errc::not_found: the service is gone.
[[nodiscard]] task<result<noted_deploy>> note_deploy(deploy_parts const& parts,
                                                     storage::service_id service,
                                                     begun_deploy begun);

// Whether note_deploy() was done for it; of what is no deploy there is nothing to note.
[[nodiscard]] bool is_noted(storage::deployment_record const& d,
                            storage::operation_record const& operation,
                            storage::service_record const& service);

// What note_deploy() was to do for this deployment, whose record names its operation, is done.
[[nodiscard]] task<result<void>> catch_up(deploy_parts const& parts,
                                          storage::deployment_record const& d,
                                          storage::operation_record const& operation,
                                          storage::service_record& service);
// The same for one that waited, and whose record knows nothing of its operation yet: it does then.
// errc::wrong_state: it was given up.
[[nodiscard]] task<result<void>> join(deploy_parts const& parts, storage::deployment_record& d,
                                      storage::operation_record const& operation,
                                      storage::service_record& service);

// Of a record whose operation never came.
[[nodiscard]] task<result<void>> end_never_begun(deploy_parts const& parts,
                                                 storage::deployment_record const& d);

}  // namespace pilothouse::deploy
