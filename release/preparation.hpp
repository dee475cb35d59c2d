// What comes before a run: a look at the release, and the mending of what is half done there.
#pragma once

#include "base/task.hpp"
#include "release/operation_in_hand.hpp"
#include "release/release_parts.hpp"
#include "release/runner_times.hpp"
#include "release/settle.hpp"

namespace pilothouse::release {

class preparation {
public:
    // All outlive it.
    preparation(release_parts const& parts, runner_times const& times, operation_in_hand& at)
        : parts_(parts), times_(times), at_(at) {}

    // `run` or `install`: Helm may begin; at.seen() is the history there. `again`: the server
    // stops. Else `finish`, and how it ends: the cluster cannot be reached within times.patience,
    // somebody else is at the release, it was cancelled … (release/settle.hpp, prepare()).
    [[nodiscard]] task<decision> work();

private:
    [[nodiscard]] start_facts facts(bool ours) const;

    release_parts const& parts_;
    runner_times const& times_;
    operation_in_hand& at_;
    int mends_ = 0;
};

}  // namespace pilothouse::release
