// When a delivery that failed is tried again.
#pragma once

#include <chrono>
#include <optional>

namespace pilothouse::notify {

// Each pause is six times as long as the one before: 5 s, 30 s, 3 min, 18 min, 1 h 48 min, 6 h,
// 6 h, which is over after some 14 hours.
struct retry_plan {
    std::chrono::milliseconds first{5'000};
    std::chrono::milliseconds longest = std::chrono::hours(6);
    int attempts_max = 8;

    // After so many attempts, of which there was one at least; empty: there is no other.
    [[nodiscard]] std::optional<std::chrono::milliseconds> pause_after(int attempts) const noexcept;
};

}  // namespace pilothouse::notify
