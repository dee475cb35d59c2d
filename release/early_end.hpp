// How an operation ends whose end Helm did not tell.
#pragma once

#include "base/failure.hpp"
#include "base/task.hpp"
#include "release/operation_in_hand.hpp"
#include "release/settle.hpp"

namespace pilothouse::release {

// With this failure; nobody can tell what became of the release, but of the first try of an
// installation before Helm was asked: that failed.
[[nodiscard]] decision unseen(operation_in_hand const& at, failure const& why);

// The same of one that is refused by what the chart is: the release is as it was seen last.
[[nodiscard]] decision refused(operation_in_hand const& at, failure const& why);

// It goes back to the queue, as if it had not been claimed: the server stops.
[[nodiscard]] decision later();

// Where Helm did not begin because of this: unseen(), or later() where the server stops and so
// answers nothing any more.
[[nodiscard]] decision not_begun(operation_in_hand const& at, failure const& why);

// As cancelled, before Helm was asked for what was asked for. Of an installation nothing is there;
// of others the release is as it was seen last, and where nobody has seen it yet the cluster is
// asked once. `at` outlives the call.
[[nodiscard]] task<decision> cancelled_before(operation_in_hand& at);

}  // namespace pilothouse::release
