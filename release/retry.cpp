#include "release/retry.hpp"

#include <algorithm>

namespace pilothouse::release {

bool passes_by(errc why) noexcept {
    return why == errc::unavailable || why == errc::timed_out || why == errc::throttled;
}

std::chrono::milliseconds back_off::take() noexcept {
    auto const now = next_;
    next_ = std::min(next_ * 2, last_);
    return now;
}

}  // namespace pilothouse::release
