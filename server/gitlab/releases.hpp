// The door to what GitLab has nothing of: clusters, and the releases in them.
#pragma once

#include "auth/policy.hpp"
#include "registry/manage_users.hpp"
#include "release/access.hpp"
#include "release/change_release.hpp"
#include "release/diff_release.hpp"
#include "release/manage_clusters.hpp"
#include "release/read_releases.hpp"
#include "server/http/route.hpp"
#include "server/http/stream_slots.hpp"

#include <string>

namespace pilothouse::gitlab {

// All outlive the door.
struct release_uses {
    release::manage_clusters& clusters;
    release::change_release& change;
    release::read_releases& read;
    release::diff_release& diff;
    release::access& access;
    registry::manage_users& users;
    auth::policy& policy;  // for rights that depend on what a body says
    http::stream_slots& streams;
    std::string base_path;
};

[[nodiscard]] http::door release_door(release_uses uses);

}  // namespace pilothouse::gitlab
