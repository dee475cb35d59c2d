// Releases, and the operations that change them.
#include "storage/memory/memory_operations.hpp"
#include "storage/operation_rules.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

namespace pilothouse::storage::memory {

namespace {

bool is_done(memory_operation const& o) { return o.record.state == operation_state::done; }
bool is_queued(memory_operation const& o) { return o.record.state == operation_state::queued; }
bool is_running(memory_operation const& o) { return !is_done(o) && !is_queued(o); }

template <class Map>
auto with_id(Map& operations, std::string const& id) {
    return std::find_if(operations.begin(), operations.end(),
                        [&](auto const& item) { return item.second.record.id == id; });
}

// The one on this release that is not done.
memory_operation const* operation_on(memory_state const& state, std::string const& release) {
    for (auto const& [number, o] : state.operations)
        if (o.record.release == release && !is_done(o)) return &o;
    return nullptr;
}

std::size_t count_if(memory_state const& state, auto const& match) {
    return static_cast<std::size_t>(std::ranges::count_if(
        state.operations, [&](auto const& item) { return match(item.second); }));
}

bool among(cluster_id cluster, std::optional<std::vector<cluster_id>> const& within) {
    return !within || std::ranges::find(*within, cluster) != within->end();
}

bool passes(release_filter const& f, release_record const& r) {
    return !r.gone && (!f.cluster || r.cluster == *f.cluster) && among(r.cluster, f.within) &&
           (f.name_space.empty() || r.name_space == f.name_space) &&
           (f.name.empty() || r.name == f.name);
}

bool passes(operation_filter const& f, memory_operation const& o) {
    return (f.release.empty() || o.record.release == f.release) &&
           among(o.record.cluster, f.within) && (!f.state || o.record.state == *f.state) &&
           (!f.unfinished || is_running(o));
}

bool earlier(release_place const& a, release_place const& b) {
    return std::tie(a.created, a.id) < std::tie(b.created, b.id);
}

// The release that is to be changed; of an install the new one.
result<release_record> subject_of(memory_state const& state, new_operation const& wanted) {
    if (wanted.operation.kind == operation_kind::install) {
        auto release = wanted.release;
        auto const cluster = state.clusters.find(release.cluster);
        if (cluster == state.clusters.end()) return no_such_cluster();
        release.cluster_name = cluster->second.record.name;
        for (auto const& [id, other] : state.releases)
            if (!other.gone && other.cluster == release.cluster &&
                other.name_space == release.name_space && other.name == release.name)
                return release_exists();
        return release;
    }
    auto const found = state.releases.find(wanted.operation.release);
    if (found == state.releases.end() || found->second.gone) return no_such_release();
    if (auto const* const other = operation_on(state, found->first))
        return conflicting_operation(other->record.id);
    return found->second;
}

result<void> check_room(memory_state const& state, new_operation const& wanted) {
    if (count_if(state, is_queued) >= wanted.waiting_max) return queue_full();
    auto const by = wanted.operation.by;
    if (by == user_id()) return {};
    if (!state.users.contains(by)) return failure(errc::not_found, "there is no such user");
    auto const his = [by](auto const& o) { return is_queued(o) && o.record.by == by; };
    if (count_if(state, his) >= wanted.waiting_of_caller_max) return queue_full_of_yours();
    return {};
}

// Of the clusters below their limit the one that least is running for, then the one whose turn was
// longest ago, then the one with the oldest.
std::optional<cluster_id> next_cluster(memory_state const& state, claim_limits const& limits) {
    std::optional<cluster_id> best;
    if (count_if(state, is_running) >= limits.running) return best;
    auto best_rank = std::pair(limits.running_in_cluster, std::numeric_limits<std::int64_t>::max());
    for (auto const& [number, o] : state.operations) {
        if (!is_queued(o)) continue;
        auto const cluster = o.record.cluster;
        auto const here = [&](auto const& x) {
            return is_running(x) && x.record.cluster == cluster;
        };
        auto const rank = std::pair(count_if(state, here), state.clusters.at(cluster).turn);
        if (rank.first >= limits.running_in_cluster || rank >= best_rank) continue;
        best = cluster;
        best_rank = rank;
    }
    return best;
}

// Of its callers the one for whom least is running there, then the one whose last operation there
// began longest ago, then the one with the oldest.
std::map<std::int64_t, memory_operation>::iterator next_of(memory_state& state,
                                                           claim_limits const& limits) {
    auto const end = state.operations.end();
    auto const cluster = next_cluster(state, limits);
    if (!cluster) return end;
    auto best = end;
    std::pair<std::size_t, instant> best_rank;
    for (auto at = state.operations.begin(); at != end; ++at) {
        if (!is_queued(at->second) || at->second.record.cluster != *cluster) continue;
        std::pair<std::size_t, instant> rank;
        for (auto const& [number, o] : state.operations) {
            if (o.record.cluster != *cluster || o.record.by != at->second.record.by) continue;
            if (is_running(o)) ++rank.first;
            if (o.record.started) rank.second = std::max(rank.second, *o.record.started);
        }
        if (best != end && rank >= best_rank) continue;
        best = at;
        best_rank = rank;
    }
    return best;
}

claimed with_all(memory_state const& state, memory_operation const& o) {
    return {o.record, state.releases.at(o.record.release), o.sealed_values};
}

std::tuple<std::string, std::string, std::string> key_of(idempotency const& once) {
    return {once.subject, once.method, once.key};
}

// What the key began when it came first; empty: it is new.
result<std::optional<begun>> with_key(memory_state const& state, idempotency const& once) {
    auto const known = state.keys.find(key_of(once));
    bool const is_new =
        known == state.keys.end() || known->second.created <= state.time.now() - key_lifetime;
    if (is_new) return std::optional<begun>();
    if (known->second.request != once.request) return other_request();
    auto const& first = state.operations.at(known->second.operation).record;
    return std::optional(begun{first, state.releases.at(first.release), true});
}

}  // namespace

task<result<release_record>> memory_releases::find(std::string id) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.releases.find(id);
    if (found == state_.releases.end() || found->second.gone) co_return no_such_release();
    co_return found->second;
}

task<std::vector<release_record>> memory_releases::list(release_filter filter, release_place after,
                                                        std::size_t count) {
    std::lock_guard lock(state_.mutex);
    auto const place = [](release_record const& r) { return release_place{r.created, r.id}; };
    std::vector<release_record> page;
    for (auto const& [id, r] : state_.releases)
        if (passes(filter, r) && (after.id.empty() || earlier(after, place(r)))) page.push_back(r);
    std::ranges::sort(page, earlier, place);
    if (page.size() > count) page.resize(count);
    co_return page;
}

task<result<release_record>> memory_releases::observe(std::string id,
                                                      record_change<release_record> change) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.releases.find(id);
    if (found == state_.releases.end() || found->second.gone) co_return no_such_release();
    if (auto const* const busy = operation_on(state_, id)) co_return being_changed(busy->record.id);
    if (auto const good = storage::observe(found->second, change); !good) co_return good.error();
    co_return found->second;
}

task<result<begun>> memory_operations::begin(new_operation wanted) {
    std::lock_guard lock(state_.mutex);
    auto const now = state_.time.now();
    if (wanted.once) {
        PILOTHOUSE_CO_TRY(auto before, with_key(state_, *wanted.once));
        if (before) co_return *std::move(before);
    }
    auto const known = wanted.operation.id.empty()
                           ? state_.operations.end()
                           : with_id(state_.operations, wanted.operation.id);
    if (known != state_.operations.end())
        co_return begun{known->second.record, state_.releases.at(known->second.record.release),
                        true};
    PILOTHOUSE_CO_TRY(auto release, subject_of(state_, wanted));
    if (auto const room = check_room(state_, wanted); !room) co_return room.error();
    memory_operation made{wanted.operation, release.status, wanted.sealed_values, {}};
    start(made.record, release, now);
    state_.releases[release.id] = release;
    auto const number = ++state_.last_id;
    if (wanted.once) state_.keys[key_of(*wanted.once)] = {wanted.once->request, number, now};
    begun const answer{made.record, release, false};
    state_.operations[number] = std::move(made);
    co_return answer;
}

task<result<std::optional<begun>>> memory_operations::begun_before(idempotency once) {
    std::lock_guard lock(state_.mutex);
    co_return with_key(state_, once);
}

task<std::optional<claimed>> memory_operations::claim(claim_limits limits) {
    std::lock_guard lock(state_.mutex);
    auto const next = next_of(state_, limits);
    if (next == state_.operations.end()) co_return std::nullopt;
    run(next->second.record, state_.time.now());
    state_.clusters.at(next->second.record.cluster).turn = ++state_.last_id;
    co_return with_all(state_, next->second);
}

task<result<operation_record>> memory_operations::note(std::string id,
                                                       record_change<operation_record> change) {
    std::lock_guard lock(state_.mutex);
    auto const found = with_id(state_.operations, id);
    if (found == state_.operations.end()) co_return no_such_operation();
    auto& operation = found->second.record;
    if (auto const good = storage::note(operation, change, state_.time.now()); !good)
        co_return good.error();
    co_return operation;
}

task<result<operation_record>> memory_operations::finish(std::string id, operation_ending ending) {
    std::lock_guard lock(state_.mutex);
    auto const found = with_id(state_.operations, id);
    if (found == state_.operations.end()) co_return no_such_operation();
    auto& operation = found->second.record;
    auto& release = state_.releases.at(operation.release);
    auto const good = storage::finish(operation, release, ending, state_.time.now());
    if (!good) co_return good.error();
    found->second.sealed_values.clear();
    announce_end(state_, operation, release);
    co_return operation;
}

task<result<operation_record>> memory_operations::cancel(std::string id) {
    std::lock_guard lock(state_.mutex);
    auto const found = with_id(state_.operations, id);
    if (found == state_.operations.end()) co_return no_such_operation();
    auto& operation = found->second.record;
    auto& release = state_.releases.at(operation.release);
    if (storage::cancel(operation, release, found->second.status_before, state_.time.now())) {
        found->second.sealed_values.clear();
        announce_end(state_, operation, release);
    }
    co_return operation;
}

task<result<operation_record>> memory_operations::find(std::string id) {
    std::lock_guard lock(state_.mutex);
    auto const found = with_id(state_.operations, id);
    if (found == state_.operations.end()) co_return no_such_operation();
    co_return found->second.record;
}

task<std::vector<operation_record>> memory_operations::list(operation_filter filter,
                                                            std::size_t skip, std::size_t count) {
    std::lock_guard lock(state_.mutex);
    std::vector<operation_record> page;
    for (auto at = state_.operations.rbegin(); at != state_.operations.rend(); ++at) {
        if (page.size() == count) break;
        if (!passes(filter, at->second)) continue;
        if (skip == 0) page.push_back(at->second.record);
        if (skip > 0) --skip;
    }
    co_return page;
}

task<result<claimed>> memory_operations::reclaim(std::string id) {
    std::lock_guard lock(state_.mutex);
    auto const found = with_id(state_.operations, id);
    if (found == state_.operations.end() || is_done(found->second)) co_return no_such_operation();
    co_return with_all(state_, found->second);
}

task<operation_counts> memory_operations::count() {
    std::lock_guard lock(state_.mutex);
    co_return operation_counts{count_if(state_, is_queued), count_if(state_, is_running)};
}

task<std::size_t> memory_operations::forget(instant before) {
    std::lock_guard lock(state_.mutex);
    auto const forgotten = std::erase_if(state_.operations, [before](auto const& item) {
        return item.second.record.finished && *item.second.record.finished < before;
    });
    auto const oldest = state_.time.now() - key_lifetime;
    std::erase_if(state_.keys, [&](auto const& item) {
        return item.second.created <= oldest || !state_.operations.contains(item.second.operation);
    });
    std::erase_if(state_.releases, [&](auto const& item) {
        auto const names = [&](auto const& o) { return o.record.release == item.first; };
        return item.second.gone && count_if(state_, names) == 0;
    });
    co_return forgotten;
}

task<void> memory_operation_events::append(std::string operation,
                                           std::vector<operation_event> events) {
    std::lock_guard lock(state_.mutex);
    auto const found = with_id(state_.operations, operation);
    if (found == state_.operations.end()) co_return;
    auto& kept = found->second.events;
    for (auto& e : events) {
        auto const place = place_of_event(kept.size());
        auto number = kept.empty() ? 0 : kept.back().number;
        if (place != event_place::beside_others) kept.pop_back();
        if (place == event_place::with_notice_for_last) {
            kept.push_back(notice_of_dropped(e.at));
            kept.back().number = ++number;
        }
        e.number = ++number;
        kept.push_back(std::move(e));
    }
}

task<std::vector<operation_event>> memory_operation_events::read(std::string operation,
                                                                 std::int64_t after) {
    std::lock_guard lock(state_.mutex);
    std::vector<operation_event> all;
    auto const found = with_id(state_.operations, operation);
    if (found == state_.operations.end()) co_return all;
    for (auto const& e : found->second.events)
        if (e.number > after) all.push_back(e);
    co_return all;
}

}  // namespace pilothouse::storage::memory
