// The door for clients of Qovery's API: environments, Helm services, and what is asked of them.
#pragma once

#include "auth/policy.hpp"
#include "deploy/access.hpp"
#include "deploy/configure_services.hpp"
#include "deploy/deploy_services.hpp"
#include "deploy/manage_environments.hpp"
#include "deploy/several_services.hpp"
#include "registry/browse_places.hpp"
#include "registry/list_charts.hpp"
#include "release/access.hpp"
#include "server/http/route.hpp"

#include <string>

namespace pilothouse::qovery {

// What the handlers call; all outlive the door.
struct deploy_uses {
    deploy::access& access;
    deploy::manage_environments& environments;
    deploy::configure_services& services;
    deploy::deploy_services& deployments;
    deploy::several_services& together;
    registry::browse_places& places;
    registry::list_charts& charts;
    release::access& clusters;
    auth::policy& policy;  // for places that the API names by UUIDs
    std::string base_path;
};

[[nodiscard]] http::door deploy_door(deploy_uses uses);

}  // namespace pilothouse::qovery
