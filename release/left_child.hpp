// The end of a child that a former process of the server left at an operation.
#pragma once

#include "base/task.hpp"
#include "release/operation_in_hand.hpp"
#include "release/runner_times.hpp"

namespace pilothouse::release {

// Asks it to end, and kills it where it does not; returns as soon as it is gone, or the server
// stops. Of one that may have been started and was not noted, some time is let go by. The
// arguments outlive the call.
[[nodiscard]] task<void> await_left_child(runner_times const& times, operation_in_hand const& at);

}  // namespace pilothouse::release
