// What the use cases of releases are made of.
#pragma once

#include "auth/auditor.hpp"
#include "auth/policy.hpp"
#include "base/blocking_pool.hpp"
#include "base/clock.hpp"
#include "base/sealing.hpp"
#include "release/engine.hpp"
#include "release/inspector.hpp"
#include "release/release_limits.hpp"
#include "release/workloads.hpp"
#include "storage/blob_store.hpp"
#include "storage/catalogue.hpp"
#include "storage/cluster_store.hpp"
#include "storage/operation_log.hpp"
#include "storage/package_store.hpp"
#include "storage/release_store.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>

namespace pilothouse::release {

// As many as are read of the store at once.
inline constexpr std::size_t release_page = 1000;

// All outlive it.
struct release_parts {
    storage::cluster_store& clusters;
    storage::release_store& releases;
    storage::operation_log& operations;
    storage::operation_events& events;
    storage::catalogue& catalogue;
    storage::package_store& packages;
    storage::blob_store& blobs;
    auth::policy& policy;
    auth::auditor& audit;
    engine& helm;
    key_ring const& keys;
    clock const& time;
    blocking_pool& files;          // where archives are copied
    std::filesystem::path folder;  // for archives of runs; ours alone, emptied at the start
    inspector* looks = nullptr;    // tells which objects are not ready; null: Helm's words alone
    release_limits limits;
    std::function<void()> work_waits;  // wakes the runner; any thread
    // Somebody looks at a cluster, which the refresher hears; any thread. May be empty.
    std::function<void(storage::cluster_id)> looked_at;
    workloads* scales = nullptr;  // null: nothing can be stopped, or restarted
};

}  // namespace pilothouse::release
