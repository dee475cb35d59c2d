// When a webhook that keeps failing is let alone, and when it is told again.
#pragma once

#include "base/clock.hpp"
#include "storage/webhook_store.hpp"

#include <chrono>
#include <cstdint>

namespace pilothouse::notify {

// After four failures in a row it rests a minute, and twice as long after each more, a day at most;
// after twenty, which is some six days, it is switched off. What comes meanwhile waits.
struct rest_plan {
    int failures_before_rest = 4;
    int failures_max = 20;
    std::chrono::milliseconds first = std::chrono::minutes(1);
    std::chrono::milliseconds longest = std::chrono::hours(24);
};

enum class hook_turn : std::uint8_t {
    none,
    rests,         // from now on
    rests_longer,  // it did before
    switched_off,
    recovered,
};

// What an attempt says of the webhook itself. One that was under way when its rest began counts
// for nothing; neither does a failure of one that is off.
[[nodiscard]] hook_turn note_attempt(storage::webhook_record& hook, bool taken,
                                     rest_plan const& plan, instant now);
// As good as new; on again, where it was switched off by its failures and not by somebody.
hook_turn forgive(storage::webhook_record& hook);
// So many have failed that one attempt at a time will do.
[[nodiscard]] bool is_doubtful(storage::webhook_record const& hook, rest_plan const& plan) noexcept;

}  // namespace pilothouse::notify
