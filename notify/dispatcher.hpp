// Works off what is to be delivered to webhooks.
#pragma once

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/task.hpp"
#include "notify/deliver.hpp"

#include <chrono>
#include <cstddef>
#include <memory>

namespace pilothouse::notify {

struct dispatch_limits {
    std::size_t at_once = 8;
    std::size_t at_once_of_each = 2;
    std::chrono::milliseconds between_looks{1'000};
    std::chrono::milliseconds after_trouble{10'000};  // of the store's: all is as due as before
};

// One for the server. What a former process left is delivered like what is new: at least once, with
// the same id at each attempt. Webhooks that take their time keep no other one waiting for long.
class dispatcher {
public:
    // All outlive it.
    dispatcher(delivery_parts const& parts, dispatch_limits limits, logger& log,
               metrics::registry& metrics);
    ~dispatcher();  // no core's thread: waits for what run() spawned
    dispatcher(dispatcher const&) = delete;
    dispatcher& operator=(dispatcher const&) = delete;

    // Runs until stop(), and until what runs has ended; one call.
    [[nodiscard]] task<void> run();
    // Begins no more, and lets run() return. Any thread. Whoever wants what is under way to end at
    // once stops the sender next.
    void stop() noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace pilothouse::notify
