// The door for clients of GitLab's Helm API.
#pragma once

#include "base/blocking_pool.hpp"
#include "base/clock.hpp"
#include "base/task.hpp"
#include "registry/attach_provenance.hpp"
#include "registry/pull_chart.hpp"
#include "registry/push_chart.hpp"
#include "registry/read_index.hpp"
#include "server/http/route.hpp"
#include "storage/staging_area.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace pilothouse::gitlab {

// What the handlers call; all outlive the door.
struct helm_use_cases {
    registry::read_index& read_index;
    registry::pull_chart& pull_chart;
    registry::push_chart& push_chart;
    registry::attach_provenance& attach_provenance;
    storage::staging_area& staging;
    blocking_pool& files;
    clock const& time;
    // The greatest chart file in bytes; 0: no limit (contracts: gitlab F8).
    std::function<task<std::uint64_t>()> file_size_max;
    std::string base_path;
};

[[nodiscard]] http::door helm_door(helm_use_cases uses);

}  // namespace pilothouse::gitlab
