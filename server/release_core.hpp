// What is behind the doors of clusters and releases: helm, Kubernetes, and the use cases.
#pragma once

#include "auth/auditor.hpp"
#include "auth/policy.hpp"
#include "base/blocking_pool.hpp"
#include "base/clock.hpp"
#include "base/sealing.hpp"
#include "release/access.hpp"
#include "release/change_release.hpp"
#include "release/diff_release.hpp"
#include "release/engine.hpp"
#include "release/inspector.hpp"
#include "release/manage_clusters.hpp"
#include "release/read_releases.hpp"
#include "release/refresher.hpp"
#include "release/release_parts.hpp"
#include "release/runner.hpp"
#include "release/workloads.hpp"
#include "server/settings.hpp"
#include "storage/open.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>

namespace pilothouse {

// Members are public, and in the order in which each needs the ones before it.
class release_core {
public:
    // What it stands on; all outlive it.
    struct ground {
        storage::stores& stores;
        auth::policy& policy;
        auth::auditor& auditor;
        key_ring& keys;
        blocking_pool& files;
        clock const& time;
    };
    // `runs`: a folder for what helm needs while it runs.
    release_core(settings const& s, ground below, std::filesystem::path const& runs);
    ~release_core();
    release_core(release_core const&) = delete;
    release_core& operator=(release_core const&) = delete;

    // Who works off what is queued: the server's. Nobody where it is null.
    void set_runner(release::runner* r);
    // Who asks clusters that somebody looks at; the server's, too.
    void set_refresher(release::refresher* r);

    // What asks a cluster is answered errc::unavailable from now on. Any thread.
    void stop_asking() noexcept;

    std::unique_ptr<release::engine> helm;
    std::unique_ptr<release::inspector> inspector;
    std::unique_ptr<release::workloads> workloads;
    release::release_parts parts;
    release::access access;
    release::manage_clusters clusters;
    release::change_release change;
    release::read_releases read;
    release::diff_release diff;

private:
    std::mutex mutex_;
    release::runner* runner_ = nullptr;
    release::refresher* refresher_ = nullptr;
};

}  // namespace pilothouse
