// The index of a channel, or of a part of it, as Helm reads it.
#pragma once

#include "auth/grant.hpp"
#include "base/blocking_pool.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "chart/chart_name.hpp"
#include "index/channel_index.hpp"
#include "registry/channel_reference.hpp"

#include <memory>

namespace pilothouse::registry {

// Needs permission::read_chart. A channel that nobody pushed to has an empty index (contracts:
// gitlab Y3). Thread-safe; does not suspend when what is asked for is in memory.
class read_index {
public:
    // The pool makes views of large channels.
    read_index(index::channel_index& indexes, blocking_pool& pool)
        : indexes_(indexes), pool_(pool) {}

    [[nodiscard]] task<std::shared_ptr<index::index_snapshot const>> operator()(
        auth::grant const& g, chart::channel_name const& channel);

    // errc::unavailable: a view is to be made, and the pool is full.
    [[nodiscard]] task<result<std::shared_ptr<index::index_snapshot const>>> seen(
        auth::grant const& g, channel_reference const& what);

private:
    index::channel_index& indexes_;
    blocking_pool& pool_;
};

}  // namespace pilothouse::registry
