#include "storage/memory/memory_audit_log.hpp"

#include <algorithm>
#include <ranges>

namespace pilothouse::storage::memory {

namespace {

bool passes(audit_filter const& filter, audit_event const& e) {
    if (names_nothing(filter)) return false;
    return (!filter.project || e.project == *filter.project) &&
           (!filter.group || e.group == *filter.group) &&
           (!filter.scope || scope_of(e) == *filter.scope) &&
           (filter.user.value == 0 ||
            (scope_of(e) == audit_scope::user && e.thing == filter.user.value)) &&
           (filter.author.value == 0 || e.author == filter.author) &&
           (!filter.after || e.at >= *filter.after) && (!filter.before || e.at <= *filter.before);
}

}  // namespace

task<void> memory_audit_log::note(audit_event event) {
    std::lock_guard lock(state_.mutex);
    event.id = {++state_.last_id};
    state_.events.push_back(std::move(event));
    co_return;
}

task<std::vector<audit_event>> memory_audit_log::list(audit_filter filter, std::size_t skip,
                                                      std::size_t count) {
    std::lock_guard lock(state_.mutex);
    std::vector<audit_event> all;
    for (auto const& e : state_.events | std::views::reverse) {
        if (!passes(filter, e)) continue;
        if (skip > 0) {
            --skip;
        } else if (all.size() < count) {
            all.push_back(e);
        }
    }
    co_return all;
}

task<std::size_t> memory_audit_log::count(audit_filter filter) {
    std::lock_guard lock(state_.mutex);
    co_return static_cast<std::size_t>(
        std::ranges::count_if(state_.events, [&](auto const& e) { return passes(filter, e); }));
}

task<std::optional<audit_event>> memory_audit_log::find(audit_id id) {
    std::lock_guard lock(state_.mutex);
    auto const found = std::ranges::find(state_.events, id, &audit_event::id);
    if (found == state_.events.end()) co_return std::nullopt;
    co_return *found;
}

task<std::size_t> memory_audit_log::forget(instant before) {
    std::lock_guard lock(state_.mutex);
    co_return std::erase_if(state_.events, [before](auto const& e) { return e.at < before; });
}

}  // namespace pilothouse::storage::memory
