#include "notify/retry_plan.hpp"

#include <algorithm>

namespace pilothouse::notify {

std::optional<std::chrono::milliseconds> retry_plan::pause_after(int attempts) const noexcept {
    constexpr int growth = 6;
    if (attempts >= attempts_max) return std::nullopt;
    auto pause = std::min(first, longest);
    for (int n = 1; n < attempts && pause < longest; ++n) pause = std::min(pause * growth, longest);
    return pause;
}

}  // namespace pilothouse::notify
