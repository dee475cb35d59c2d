// Wakes one coroutine that waits, from any thread.
#pragma once

#include "base/task.hpp"

#include <chrono>
#include <memory>

namespace pilothouse {

// The one that the calling coroutine runs on.
[[nodiscard]] task<executor> this_core();

class doorbell {
public:
    doorbell();
    ~doorbell();
    doorbell(doorbell const&) = delete;
    doorbell& operator=(doorbell const&) = delete;

    // Thread-safe. Rings while nobody waits are one ring, heard by whoever waits next.
    void ring() noexcept;

    // Until it rings, or for so long; true: it rang. One caller at a time, on one core.
    [[nodiscard]] task<bool> wait(std::chrono::nanoseconds at_most);

private:
    struct state;
    struct leaving;
    std::shared_ptr<state> state_;
};

}  // namespace pilothouse
