// What the use cases of the deploy API are made of.
#pragma once

#include "deploy/beginnings.hpp"
#include "release/change_release.hpp"
#include "release/diff_release.hpp"
#include "release/read_releases.hpp"
#include "release/release_parts.hpp"
#include "storage/channel_store.hpp"
#include "storage/directory.hpp"
#include "storage/environment_store.hpp"
#include "storage/service_store.hpp"

#include <cstddef>
#include <memory>

namespace pilothouse::deploy {

// All outlive it.
struct deploy_parts {
    storage::environment_store& environments;
    storage::service_store& services;
    storage::deployment_log& deployments;
    storage::project_store& projects;
    storage::channel_store& channels;
    release::release_parts const& below;  // clusters, releases, operations, who may do what, time
    release::change_release& change;
    release::read_releases& read;
    release::diff_release& diff;
    // Deployments of a service that may wait behind what is under way; 0: they are refused.
    std::size_t waiting_max = 0;
    // Shared by all copies of these parts.
    std::shared_ptr<beginnings> beginning = std::make_shared<beginnings>();
};

}  // namespace pilothouse::deploy
