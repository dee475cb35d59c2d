#include "index/view_cache.hpp"

#include <utility>

namespace pilothouse::index {

view_cache::turn view_cache::enter(std::string const& lens) {
    std::lock_guard lock(mutex_);
    auto const [at, fresh] = views_.try_emplace(lens);
    at->second.used = ++uses_;
    return {at->second.made, fresh};
}

task<view_cache::pointer> view_cache::wait(std::string lens) {
    auto start = [this, &lens](resumer<pointer> const& resume) {
        pointer made;
        {
            std::lock_guard lock(mutex_);
            auto const found = views_.find(lens);
            if (found != views_.end() && !found->second.made) {
                found->second.waiting.push_back(resume);
                return;
            }
            if (found != views_.end()) made = found->second.made;
        }
        resume(std::move(made));
    };
    co_return co_await suspend_for<pointer>(std::move(start));
}

void view_cache::end(std::string const& lens, pointer const& made,
                     std::uint64_t own_bytes) noexcept {
    std::vector<resumer<pointer>> waiting;
    std::vector<pointer> gone;
    {
        std::lock_guard lock(mutex_);
        auto const at = views_.find(lens);
        waiting.swap(at->second.waiting);
        if (made && own_bytes <= bounds_.bytes) {
            at->second.made = made;
            at->second.bytes = own_bytes;
            ++held_.views;
            held_.bytes += own_bytes;
            gone = make_room();
        } else {
            views_.erase(at);
        }
    }
    for (auto const& resume : waiting) resume(made);
}

// There are few: a walk over all is nothing beside the making of one.
std::vector<view_cache::pointer> view_cache::make_room() {
    std::vector<pointer> gone;
    while (held_.views > bounds_.views || held_.bytes > bounds_.bytes) {
        auto oldest = views_.end();
        for (auto it = views_.begin(); it != views_.end(); ++it) {
            if (!it->second.made) continue;
            if (oldest == views_.end() || it->second.used < oldest->second.used) oldest = it;
        }
        --held_.views;
        held_.bytes -= oldest->second.bytes;
        gone.push_back(std::move(oldest->second.made));
        views_.erase(oldest);
    }
    return gone;
}

view_cache::footprint view_cache::measure() const {
    std::lock_guard lock(mutex_);
    return held_;
}

}  // namespace pilothouse::index
