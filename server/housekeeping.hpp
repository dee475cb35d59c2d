// What the server does by itself, from time to time: retention, the collection of garbage, and the
// end of old audit events and operations.
#pragma once

#include "base/log.hpp"
#include "base/task.hpp"
#include "server/core.hpp"
#include "server/settings.hpp"

#include <atomic>
#include <chrono>

namespace pilothouse {

// One at a time, each counted from the end of the one before; the first a whole period after the
// start, so that nobody who restarts in a hurry waits for it. What goes wrong is a line in the log.
class housekeeping {
public:
    // All outlive it.
    housekeeping(core& c, logger& log, std::atomic<bool> const& stopping)
        : core_(c), log_(log), stopping_(stopping) {}

    // Returns when `stopping` is set, after what is under way.
    [[nodiscard]] task<void> run(housekeeping_times every);

private:
    using steady = std::chrono::steady_clock;
    [[nodiscard]] task<void> tidy_channels();
    [[nodiscard]] task<void> collect_garbage();
    [[nodiscard]] task<void> forget_events();
    [[nodiscard]] task<void> forget_operations();

    core& core_;
    logger& log_;
    std::atomic<bool> const& stopping_;
    std::chrono::milliseconds audit_keep_{0}, operations_keep_{0};
};

}  // namespace pilothouse
