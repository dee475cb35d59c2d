// Webhooks and their deliveries.
#include "storage/memory/memory_webhooks.hpp"
#include "storage/webhook_rules.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace pilothouse::storage::memory {

namespace {

webhook_record* find_webhook(memory_state& state, project_id project, webhook_id id) {
    auto const found = state.webhooks.find(id);
    bool const here = found != state.webhooks.end() && found->second.project == project;
    return here ? &found->second : nullptr;
}

std::size_t waiting_of(memory_state const& state, webhook_id hook) {
    return static_cast<std::size_t>(std::ranges::count_if(state.deliveries, [&](auto const& item) {
        return item.second.hook == hook && item.second.state == delivery_state::waiting;
    }));
}

// Of those that have ended.
void forget_old(memory_state& state, webhook_id hook) {
    std::size_t kept = 0;
    for (auto at = state.deliveries.end(); at != state.deliveries.begin();) {
        --at;
        auto const& d = at->second;
        if (d.hook != hook || d.state == delivery_state::waiting) continue;
        if (++kept > deliveries_kept_max) at = state.deliveries.erase(at);
    }
}

void end_waiting(memory_state& state, webhook_id hook) {
    for (auto& [number, d] : state.deliveries) {
        if (d.hook != hook || d.state != delivery_state::waiting) continue;
        d.state = delivery_state::failed;
        d.error = switched_off_words;
    }
    forget_old(state, hook);
}

delivery_record insert(memory_state& state, delivery_record d) {
    d.number = ++state.last_id;
    state.deliveries[d.number] = d;
    forget_old(state, d.hook);
    return d;
}

std::vector<webhook_id> listening(memory_state const& state, project_id project, project_id other,
                                  occasion what) {
    std::vector<webhook_id> all;
    for (auto const& [id, h] : state.webhooks)
        if ((h.project == project || h.project == other) && h.enabled && wants(h, what))
            all.push_back(id);
    return all;
}

}  // namespace

void announce(memory_state& state, project_id project, occasion what,
              std::function<announcement()> const& make) {
    auto const hooks = listening(state, project, project, what);
    if (hooks.empty()) return;
    auto const told = make();
    for (auto const hook : hooks) insert(state, delivery_of(hook, told, waiting_of(state, hook)));
}

void announce_end(memory_state& state, operation_record const& ended,
                  release_record const& release) {
    auto const& source = ended.source ? *ended.source : release.source;
    auto owner = source.project;
    if (auto const c = state.clusters.find(ended.cluster); c != state.clusters.end())
        if (auto const& by = c->second.record.owner; by && std::holds_alternative<project_id>(*by))
            owner = std::get<project_id>(*by);
    for (auto const hook : listening(state, source.project, owner, occasion::deployment))
        insert(state, delivery_of(hook, ended, waiting_of(state, hook)));
}

void drop_webhook(memory_state& state, webhook_id id) {
    state.webhooks.erase(id);
    std::erase_if(state.deliveries, [id](auto const& item) { return item.second.hook == id; });
}

void drop_webhooks(memory_state& state, project_id project) {
    std::vector<webhook_id> here;
    for (auto const& [id, h] : state.webhooks)
        if (h.project == project) here.push_back(id);
    for (auto const id : here) drop_webhook(state, id);
}

task<result<webhook_record>> memory_webhooks::create(webhook_record hook) {
    std::lock_guard lock(state_.mutex);
    if (!state_.projects.contains(hook.project))
        co_return failure(errc::not_found, "there is no such project");
    if (hook.creator.value != 0 && !state_.users.contains(hook.creator))
        co_return failure(errc::not_found, "there is no such user");
    auto const here = std::ranges::count_if(
        state_.webhooks, [&](auto const& item) { return item.second.project == hook.project; });
    if (static_cast<std::size_t>(here) >= webhooks_of_project_max) co_return too_many_webhooks();
    hook.id = {++state_.last_id};
    hook.failures = 0;
    hook.disabled_until.reset();
    state_.webhooks[hook.id] = hook;
    co_return hook;
}

task<result<webhook_record>> memory_webhooks::find(project_id project, webhook_id id) {
    std::lock_guard lock(state_.mutex);
    auto const* const found = find_webhook(state_, project, id);
    if (found == nullptr) co_return no_such_webhook();
    co_return *found;
}

task<std::vector<webhook_record>> memory_webhooks::list(project_id project) {
    std::lock_guard lock(state_.mutex);
    std::vector<webhook_record> all;
    for (auto const& [id, h] : state_.webhooks)
        if (h.project == project) all.push_back(h);
    co_return all;
}

task<std::vector<webhook_record>> memory_webhooks::list() {
    std::lock_guard lock(state_.mutex);
    std::vector<webhook_record> all;
    for (auto const& [id, h] : state_.webhooks) all.push_back(h);
    co_return all;
}

task<result<webhook_record>> memory_webhooks::edit(project_id project, webhook_id id,
                                                   record_change<webhook_record> change) {
    std::lock_guard lock(state_.mutex);
    auto* const found = find_webhook(state_, project, id);
    if (found == nullptr) co_return no_such_webhook();
    bool const was_on = found->enabled;
    if (auto const good = storage::edit(*found, change); !good) co_return good.error();
    if (was_on && !found->enabled) end_waiting(state_, id);
    co_return *found;
}

task<result<void>> memory_webhooks::remove(project_id project, webhook_id id) {
    std::lock_guard lock(state_.mutex);
    if (find_webhook(state_, project, id) == nullptr) co_return no_such_webhook();
    drop_webhook(state_, id);
    co_return result<void>();
}

task<result<delivery_record>> memory_deliveries::add(delivery_record delivery) {
    std::lock_guard lock(state_.mutex);
    if (!state_.webhooks.contains(delivery.hook)) co_return no_such_webhook();
    start(delivery, waiting_of(state_, delivery.hook));
    co_return insert(state_, std::move(delivery));
}

task<std::vector<due_delivery>> memory_deliveries::due(instant now, std::size_t of_each,
                                                       std::size_t count) {
    std::lock_guard lock(state_.mutex);
    std::vector<due_delivery> all, chosen;
    for (auto const& [number, d] : state_.deliveries)
        if (auto const& h = state_.webhooks.at(d.hook);
            h.enabled && h.disabled_until.value_or(now) <= now &&
            d.state == delivery_state::waiting && d.next <= now)
            all.push_back({d, h});
    std::ranges::sort(all, {}, [](due_delivery const& d) {
        return std::pair(d.delivery.next, d.delivery.number);
    });
    std::map<webhook_id, std::size_t> turns;
    for (auto& d : all)
        if (chosen.size() < count && ++turns[d.hook.id] <= of_each) chosen.push_back(std::move(d));
    co_return chosen;
}

task<result<delivery_record>> memory_deliveries::find(webhook_id hook, std::int64_t number) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.deliveries.find(number);
    bool const here = found != state_.deliveries.end() && found->second.hook == hook;
    if (!here) co_return no_such_delivery();
    co_return found->second;
}

task<result<delivery_record>> memory_deliveries::note(std::int64_t number,
                                                      record_change<delivery_record> change) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.deliveries.find(number);
    if (found == state_.deliveries.end()) co_return no_such_delivery();
    if (auto const good = storage::note(found->second, change); !good) co_return good.error();
    auto const noted = found->second;
    forget_old(state_, noted.hook);
    co_return noted;
}

task<std::vector<delivery_record>> memory_deliveries::list(webhook_id hook, std::size_t skip,
                                                           std::size_t count) {
    std::lock_guard lock(state_.mutex);
    std::vector<delivery_record> page;
    for (auto at = state_.deliveries.rbegin(); at != state_.deliveries.rend(); ++at) {
        if (page.size() == count) break;
        if (at->second.hook != hook) continue;
        if (skip == 0) page.push_back(at->second);
        if (skip > 0) --skip;
    }
    co_return page;
}

task<std::size_t> memory_deliveries::count_waiting() {
    std::lock_guard lock(state_.mutex);
    co_return static_cast<std::size_t>(std::ranges::count_if(
        state_.deliveries,
        [](auto const& item) { return item.second.state == delivery_state::waiting; }));
}

task<result<void>> memory_deliveries::remove(std::int64_t number) {
    std::lock_guard lock(state_.mutex);
    if (state_.deliveries.erase(number) == 0) co_return no_such_delivery();
    co_return result<void>();
}

}  // namespace pilothouse::storage::memory
