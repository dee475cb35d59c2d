// One channel's index in memory: one load from the catalogue, and all that changed since.
#pragma once

#include "base/blocking_pool.hpp"
#include "index/snapshot.hpp"

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace pilothouse::index {

// How a load ended. Neither: it was given up, or the slot retired; begin anew with a new slot.
struct load_outcome {
    std::shared_ptr<snapshot const> made;
    std::exception_ptr thrown;
};

// Begins as loading, becomes ready at most once, and retires once. Whoever made the slot loads, and
// calls publish() and then, whatever happened, end_load(). Thread-safe, but note() is called by one
// thread at a time.
class channel_slot : public std::enable_shared_from_this<channel_slot> {
public:
    // When it was last asked for, in the table's own count: see channel_table. On the way of every
    // read, so it writes only what is new.
    void touch(std::uint64_t now) noexcept {
        if (used() != now) used_.store(now, std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t used() const noexcept {
        return used_.load(std::memory_order_relaxed);
    }

    // Null unless ready.
    [[nodiscard]] std::shared_ptr<snapshot const> ready() const;

    // The catalogue changed. While loading the change is kept, since the load may have read the
    // channel before it. Readers see the changes of one commit with its last. False: the slot
    // cannot follow, and is to be retired.
    [[nodiscard]] bool note(storage::index_change const& change);

    // Applies the changes kept meanwhile, those that the load has seen itself left out, and makes
    // the result what readers see; returns it. Of a commit that is not told to its end nothing is
    // in it. Null: a change is missing or the slot has retired.
    [[nodiscard]] std::shared_ptr<snapshot const> publish(std::shared_ptr<snapshot const> loaded);
    // Tells those who wait.
    void end_load(load_outcome const& outcome) noexcept;
    // The outcome of the load; at once when it has ended.
    [[nodiscard]] task<load_outcome> wait();

    void retire() noexcept;

private:
    enum class stage : std::uint8_t { loading, ready, retired };
    struct kept_change {
        explicit kept_change(storage::index_change const& change);
        [[nodiscard]] storage::index_change view() const;

        storage::index_change change;  // its views are not to be used: they point nowhere
        std::string chart, version, fragment;
    };

    std::atomic<std::uint64_t> used_ = 0;
    mutable std::mutex mutex_;  // never held for longer than it takes to copy a pointer
    stage stage_ = stage::loading;
    std::shared_ptr<snapshot const> now_;
    std::shared_ptr<snapshot const> coming_;  // what follows now_, of a commit that is being told
    std::vector<kept_change> kept_;
    std::vector<resumer<load_outcome>> waiting_;
};

}  // namespace pilothouse::index
