#include "release/helm/lanes.hpp"

#include "base/blocking_pool.hpp"

namespace pilothouse::release::helm {

task<result<lanes::slot>> lanes::enter(std::size_t key) {
    auto start = [this, key](resumer<bool> resume) {
        {
            std::lock_guard const lock(mutex_);
            auto& mine = lanes_[key];
            if (mine.inside >= wide_) {
                bool const full = mine.waiting.size() >= waiting_max_;
                if (full)
                    resume(false);
                else
                    mine.waiting.emplace_back([resume] { resume(true); });
                return;
            }
            ++mine.inside;
        }
        resume(true);
    };
    if (!co_await suspend_for<bool>(start))
        co_return failure(errc::unavailable, "too many wait for this cluster; try again later");
    co_return slot(*this, key);
}

// Who is next takes the place as it is.
void lanes::leave(std::size_t key) noexcept {
    std::function<void()> next;
    {
        std::lock_guard const lock(mutex_);
        auto const mine = lanes_.find(key);
        if (mine == lanes_.end()) return;
        if (mine->second.waiting.empty()) {
            if (--mine->second.inside == 0) lanes_.erase(mine);
            return;
        }
        next = std::move(mine->second.waiting.front());
        mine->second.waiting.pop_front();
    }
    next();
}

}  // namespace pilothouse::release::helm
