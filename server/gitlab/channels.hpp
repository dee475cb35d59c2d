// The door to what GitLab has nothing of: channels, and versions that are published already.
#pragma once

#include "auth/policy.hpp"
#include "registry/collect_garbage.hpp"
#include "registry/list_charts.hpp"
#include "registry/manage_channels.hpp"
#include "registry/mark_versions.hpp"
#include "registry/promote_charts.hpp"
#include "registry/remove_chart.hpp"
#include "registry/retain_charts.hpp"
#include "server/http/route.hpp"

#include <string>

namespace pilothouse::gitlab {

// All outlive the door.
struct channel_uses {
    registry::manage_channels& channels;
    registry::list_charts& charts;
    registry::remove_chart& remove;
    registry::promote_charts& promote;
    registry::mark_versions& marks;
    registry::retain_charts& retain;
    registry::collect_garbage& collect;
    auth::policy& policy;  // for rights that depend on what a body says
    std::string base_path;
};

[[nodiscard]] http::door channel_door(channel_uses uses);

}  // namespace pilothouse::gitlab
