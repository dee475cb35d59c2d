#include "index/channel_table.hpp"

#include <algorithm>
#include <functional>
#include <mutex>

namespace pilothouse::index {

std::size_t channel_table::hash::operator()(channel_view c) const noexcept {
    return std::hash<std::string_view>()(c.name) ^
           std::hash<storage::project_id>()(c.project) * 0x9E3779B97F4A7C15u;
}

bool channel_table::same::operator()(channel_view a, channel_view b) const noexcept {
    return a.project == b.project && a.name == b.name;
}

slot_pointer channel_table::find(channel_view channel) const {
    std::shared_lock lock(mutex_);
    auto const found = slots_.find(channel);
    return found == slots_.end() ? nullptr : found->second;
}

slot_pointer channel_table::use(channel_view channel) const {
    auto slot = find(channel);
    if (slot) slot->touch(now_.load(std::memory_order_relaxed));
    return slot;
}

std::pair<slot_pointer, bool> channel_table::enter(channel_view channel) {
    auto fresh = std::make_shared<channel_slot>();
    key named{channel.project, std::string(channel.name)};
    std::unique_lock lock(mutex_);
    auto const [at, inserted] = slots_.try_emplace(std::move(named), std::move(fresh));
    at->second->touch(now_.load(std::memory_order_relaxed));
    return {at->second, inserted};
}

void channel_table::drop(channel_view channel, slot_pointer const& slot) noexcept {
    {
        std::unique_lock lock(mutex_);
        auto const found = slots_.find(channel);
        if (found != slots_.end() && found->second == slot) slots_.erase(found);
    }
    // Only now: a reader who still finds a retired slot would look again and again.
    slot->retire();
}

void channel_table::drop_all_of(storage::project_id project) noexcept {
    std::unique_lock lock(mutex_);
    std::erase_if(slots_, [&](auto const& entry) {
        if (entry.first.project != project) return false;
        entry.second->retire();
        return true;
    });
}

std::vector<std::shared_ptr<snapshot const>> channel_table::snapshots() const {
    std::vector<std::shared_ptr<snapshot const>> all;
    std::shared_lock lock(mutex_);
    for (auto const& [channel, slot] : slots_)
        if (auto now = slot->ready()) all.push_back(std::move(now));
    return all;
}

std::vector<channel_table::candidate> channel_table::candidates() const {
    std::vector<candidate> all;
    std::shared_lock lock(mutex_);
    for (auto const& [channel, slot] : slots_)
        if (auto const now = slot->ready())
            all.push_back({channel, slot, now->identity_bytes() + now->views().bytes});
    return all;
}

// A dropped slot's channel is loaded anew by its next reader, in a slot that is there before the
// catalogue is asked and keeps every change from then on: nothing is missed in between.
std::size_t channel_table::trim(std::uint64_t bytes_max, slot_pointer const& spared) {
    std::unique_lock const turn(trimming_, std::try_to_lock);
    if (!turn) return 0;
    ++now_;
    auto all = candidates();
    std::uint64_t bytes = 0;
    for (candidate const& c : all) bytes += c.bytes;
    if (bytes <= bytes_max) return 0;
    std::vector<std::pair<std::uint64_t, candidate const*>> by_age;
    for (candidate const& c : all)
        if (c.slot != spared) by_age.emplace_back(c.slot->used(), &c);
    std::sort(by_age.begin(), by_age.end());
    std::size_t dropped = 0;
    for (auto const& [used, c] : by_age) {
        if (bytes <= bytes_max) break;
        drop(c->channel, c->slot);
        bytes -= c->bytes;
        ++dropped;
    }
    return dropped;
}

}  // namespace pilothouse::index
