// What is behind the door of the deploy API: its use cases.
#pragma once

#include "deploy/access.hpp"
#include "deploy/configure_services.hpp"
#include "deploy/deploy_parts.hpp"
#include "deploy/deploy_services.hpp"
#include "deploy/manage_environments.hpp"
#include "deploy/sealed_configurations.hpp"
#include "deploy/several_services.hpp"
#include "server/release_core.hpp"
#include "storage/open.hpp"

#include <cstddef>

namespace pilothouse {

// Members are public, and in the order in which each needs the ones before it.
class deploy_core {
public:
    // Stores and core outlive it. `waiting_max`: deploy::deploy_parts.
    deploy_core(storage::stores& stores, release_core& releases, std::size_t waiting_max);
    deploy_core(deploy_core const&) = delete;
    deploy_core& operator=(deploy_core const&) = delete;

    deploy::deploy_parts parts;
    deploy::access access;
    deploy::manage_environments environments;
    deploy::configure_services services;
    deploy::deploy_services deployments;
    deploy::several_services together;
    deploy::sealed_configurations sealed;
};

}  // namespace pilothouse
