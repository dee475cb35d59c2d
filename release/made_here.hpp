// Whose the newest revision of a release is, before an operation changes it.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "release/operation_in_hand.hpp"
#include "release/release_parts.hpp"

namespace pilothouse::release {

// Whether an operation of ours made the newest revision of at.seen(): only what is ours may be
// mended. `mended`: this operation did something to the release already. Asks Helm for labels;
// failures are those of engine::revision_of(). The arguments outlive the call.
[[nodiscard]] task<result<bool>> made_here(release_parts const& parts, operation_in_hand const& at,
                                           bool mended);

}  // namespace pilothouse::release
