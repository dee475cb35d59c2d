// What a project holds in memory, and may hold.
#pragma once

#include "storage/memory/memory_state.hpp"
#include "storage/quota.hpp"

namespace pilothouse::storage::memory {

// The state's lock is held.
[[nodiscard]] quota_state read_quota(memory_state const& state, project_id project);

}  // namespace pilothouse::storage::memory
