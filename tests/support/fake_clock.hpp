// A clock that stands until it is told to move.
#pragma once

#include "base/clock.hpp"

#include <atomic>

namespace pilothouse::tests {

class fake_clock final : public clock {
public:
    // 2026-01-02T03:04:05.678901234Z
    fake_clock() : now_(1'767'323'045'678'901'234) {}
    [[nodiscard]] instant now() const override { return from_nanoseconds(now_.load()); }
    void set(instant t) { now_.store(to_nanoseconds(t)); }
    void advance(std::chrono::nanoseconds by) { now_.fetch_add(by.count()); }

private:
    std::atomic<std::int64_t> now_;
};

}  // namespace pilothouse::tests
