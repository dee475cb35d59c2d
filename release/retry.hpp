// When something that failed is tried again.
#pragma once

#include "base/failure.hpp"
#include "release/runner_times.hpp"

#include <chrono>

namespace pilothouse::release {

// Whether another try may help by itself.
[[nodiscard]] bool passes_by(errc why) noexcept;

// Each pause twice as long as the one before, within the times' bounds.
class back_off {
public:
    explicit back_off(runner_times const& times)
        : next_(times.retry_first), last_(times.retry_last) {}
    [[nodiscard]] std::chrono::milliseconds take() noexcept;

private:
    std::chrono::milliseconds next_, last_;
};

}  // namespace pilothouse::release
