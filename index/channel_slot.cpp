#include "index/channel_slot.hpp"

#include <utility>

namespace pilothouse::index {

namespace {

// `now` with the change, or as it is when it has it already; null when one between is missing.
std::shared_ptr<snapshot const> step(std::shared_ptr<snapshot const> const& now,
                                     storage::index_change const& change) {
    if (change.generation <= now->generation()) return now;
    if (change.generation != now->generation() + 1) return nullptr;
    return now->after(change);
}

}  // namespace

channel_slot::kept_change::kept_change(storage::index_change const& c)
    : change(c), chart(c.chart), version(c.version), fragment(c.fragment) {}

storage::index_change channel_slot::kept_change::view() const {
    storage::index_change c = change;
    c.channel = {};
    c.chart = chart;
    c.version = version;
    c.fragment = fragment;
    return c;
}

std::shared_ptr<snapshot const> channel_slot::ready() const {
    std::lock_guard lock(mutex_);
    return now_;
}

bool channel_slot::note(storage::index_change const& change) {
    std::shared_ptr<snapshot const> before;
    {
        std::lock_guard lock(mutex_);
        if (stage_ == stage::loading) kept_.emplace_back(change);
        if (stage_ != stage::ready) return true;
        before = coming_ ? coming_ : now_;
    }
    // Outside of the lock: nobody else replaces the snapshots of a ready slot.
    auto after = step(before, change);
    if (!after) return false;
    std::lock_guard lock(mutex_);
    if (stage_ != stage::ready) return true;
    if (change.more) {
        coming_ = std::move(after);
    } else {
        now_ = std::move(after);
        coming_.reset();
    }
    return true;
}

std::shared_ptr<snapshot const> channel_slot::publish(std::shared_ptr<snapshot const> loaded) {
    std::shared_ptr<snapshot const> coming;
    std::unique_lock lock(mutex_);
    while (stage_ == stage::loading && !kept_.empty()) {
        auto const changes = std::exchange(kept_, {});
        lock.unlock();
        for (kept_change const& kept : changes) {
            coming = step(coming ? coming : loaded, kept.view());
            if (!coming) return nullptr;
            if (!kept.change.more) loaded = std::exchange(coming, nullptr);
        }
        lock.lock();
    }
    if (stage_ != stage::loading) return nullptr;
    stage_ = stage::ready;
    now_ = loaded;
    coming_ = std::move(coming);
    return loaded;
}

void channel_slot::end_load(load_outcome const& outcome) noexcept {
    std::vector<resumer<load_outcome>> waiting;
    {
        std::lock_guard lock(mutex_);
        waiting.swap(waiting_);
        if (stage_ == stage::loading) stage_ = stage::retired;
    }
    for (auto const& resume : waiting) resume(outcome);
}

task<load_outcome> channel_slot::wait() {
    auto start = [self = shared_from_this()](resumer<load_outcome> const& resume) {
        load_outcome outcome;
        {
            std::lock_guard lock(self->mutex_);
            if (self->stage_ == stage::loading) {
                self->waiting_.push_back(resume);
                return;
            }
            outcome.made = self->now_;
        }
        resume(std::move(outcome));
    };
    co_return co_await suspend_for<load_outcome>(std::move(start));
}

void channel_slot::retire() noexcept {
    std::shared_ptr<snapshot const> last, next;  // go after the lock does: perhaps the last owners
    std::lock_guard lock(mutex_);
    stage_ = stage::retired;
    last.swap(now_);
    next.swap(coming_);
}

}  // namespace pilothouse::index
