// What a project holds, and may hold.
#pragma once

#include "auth/grant.hpp"
#include "base/task.hpp"
#include "storage/channel_store.hpp"

namespace pilothouse::registry {

// Thread-safe.
class read_quota {
public:
    explicit read_quota(storage::channel_store& channels) : channels_(channels) {}

    // Of the grant's project, with read_project, edit_project or own_project. It is for those who
    // look after the project: see shows_quota().
    [[nodiscard]] task<storage::quota_state> operator()(auth::grant const& g);

private:
    storage::channel_store& channels_;
};

// Whether the grant's caller may change the project, and so may see how full it is.
[[nodiscard]] bool shows_quota(auth::grant const& g) noexcept;

}  // namespace pilothouse::registry
