// So many at once for each key, however many ask: one that is slow keeps no others waiting.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace pilothouse::release::helm {

// Thread-safe. Who has to wait holds no thread; in the order of their coming. Outlives its slots.
class lanes {
public:
    // `waiting_max`: for each key; one more is refused.
    explicit lanes(std::size_t wide, std::size_t waiting_max = 64)
        : wide_(wide), waiting_max_(waiting_max) {}
    lanes(lanes const&) = delete;
    lanes& operator=(lanes const&) = delete;

    class slot {
    public:
        slot(lanes& of, std::size_t key) noexcept : of_(&of), key_(key) {}
        slot(slot&& other) noexcept : of_(std::exchange(other.of_, nullptr)), key_(other.key_) {}
        slot& operator=(slot&& other) noexcept {
            std::swap(of_, other.of_);
            std::swap(key_, other.key_);
            return *this;
        }
        ~slot() {
            if (of_ != nullptr) of_->leave(key_);
        }

    private:
        lanes* of_;
        std::size_t key_;
    };

    // errc::unavailable: as many wait as may.
    [[nodiscard]] task<result<slot>> enter(std::size_t key);

private:
    struct lane {
        std::size_t inside = 0;
        std::deque<std::function<void()>> waiting;
    };

    void leave(std::size_t key) noexcept;

    std::size_t const wide_, waiting_max_;
    std::mutex mutex_;
    std::map<std::size_t, lane> lanes_;  // those with somebody inside
};

}  // namespace pilothouse::release::helm
