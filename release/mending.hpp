// Puts right in a cluster what Helm left half done.
#pragma once

#include "base/task.hpp"
#include "release/operation_in_hand.hpp"
#include "release/release_parts.hpp"
#include "release/settle.hpp"

namespace pilothouse::release {

// One step, `roll_back` or `uninstall`: quickly, without waiting for objects, and not to be
// cancelled but by the server's end. Whether it helped the history tells. `parts` and `at` outlive
// the call.
[[nodiscard]] task<void> mend(release_parts const& parts, operation_in_hand const& at,
                              decision how);

}  // namespace pilothouse::release
