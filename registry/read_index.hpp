// The index of a channel, as Helm reads it.
#pragma once

#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "chart/chart_name.hpp"
#include "index/channel_index.hpp"

#include <memory>

namespace pilothouse::registry {

// Needs permission::read_chart. A channel that nobody pushed to has an empty index (contracts:
// gitlab Y3). Thread-safe; does not suspend when the channel is in memory.
class read_index {
public:
    explicit read_index(index::channel_index& indexes) : indexes_(indexes) {}

    [[nodiscard]] task<std::shared_ptr<index::index_snapshot const>> operator()(
        auth::grant const& g, chart::channel_name const& channel);

private:
    index::channel_index& indexes_;
};

}  // namespace pilothouse::registry
