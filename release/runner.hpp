// Works off the queue of operations, and mends after every run and every crash what Helm left.
#pragma once

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/task.hpp"
#include "release/release_parts.hpp"
#include "release/runner_times.hpp"

#include <memory>

namespace pilothouse::release {

// One for the server. At its start it finds what a former process left: waits for children that
// are still alive, then settles each operation by what the cluster says (contracts: releases 5.11,
// helm-engine 3); one whose cluster cannot be reached stays running and is tried again, until
// somebody cancels it or times::stranded is over: what became of the release is unknown then, and
// the next operation mends it.
class runner {
public:
    runner(release_parts const& parts, runner_times const& times, logger& log,
           metrics::registry& metrics);
    ~runner();  // no core's thread: waits for what run() spawned
    runner(runner const&) = delete;
    runner& operator=(runner const&) = delete;

    // Runs until stop(), and until what runs has ended; one call. Empties the parts' folder.
    [[nodiscard]] task<void> run();
    // Something was queued, or is to be cancelled. Any thread.
    void wake() noexcept;
    // Claims no more, asks children to end, and lets run() return; what did not come to its end is
    // settled at the next start. Any thread.
    void stop() noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace pilothouse::release
