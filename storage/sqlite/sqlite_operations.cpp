#include "storage/sqlite/sqlite_operations.hpp"

#include "storage/operation_rules.hpp"
#include "storage/sqlite/operation_tables.hpp"
#include "storage/sqlite/release_tables.hpp"
#include "storage/sqlite/sqlite_webhooks.hpp"

#include <stdexcept>
#include <utility>

namespace pilothouse::storage::sqlite {

namespace {

using tables::operation_row;
using tables::release_row;

result<operation_row> find_row(connection& c, std::string const& id) {
    auto found = tables::find_operation(c, id);
    if (!found) return no_such_operation();
    return std::move(*found);
}

release_row release_of(connection& c, operation_row const& operation) {
    auto found = tables::find_release(c, operation.release);
    if (!found) throw std::logic_error("an operation without its release");
    return std::move(*found);
}

// What the key began when it came first; empty: it is new.
result<std::optional<begun>> with_key(connection& c, idempotency const& key, instant now) {
    auto const kept = tables::find_key(c, key, now - key_lifetime);
    if (!kept) return std::optional<begun>();
    if (kept->request != key.request) return other_request();
    auto const operation = tables::find_operation(c, kept->operation);
    if (!operation) throw std::logic_error("a key without its operation");
    return std::optional(begun{operation->record, release_of(c, *operation).record, true});
}

// The release that is to be changed; of an install one that has no number yet.
result<release_row> subject_of(connection& c, new_operation const& wanted) {
    if (wanted.operation.kind == operation_kind::install) {
        if (!tables::has_cluster(c, wanted.release.cluster)) return no_such_cluster();
        if (tables::has_release(c, wanted.release)) return release_exists();
        return release_row{0, wanted.release};
    }
    auto found = tables::find_release(c, wanted.operation.release);
    if (!found || found->record.gone) return no_such_release();
    if (auto const other = tables::operation_on(c, found->number); !other.empty())
        return conflicting_operation(other);
    return std::move(*found);
}

result<void> check_room(connection& c, new_operation const& wanted) {
    if (tables::count_operations(c).queued >= wanted.waiting_max) return queue_full();
    auto const by = wanted.operation.by;
    if (by != user_id() && tables::waiting_of(c, by) >= wanted.waiting_of_caller_max)
        return queue_full_of_yours();
    return {};
}

result<begun> begin_within(connection& c, new_operation const& wanted, instant now) {
    if (wanted.once) {
        PILOTHOUSE_TRY(auto before, with_key(c, *wanted.once, now));
        if (before) return std::move(*before);
    }
    if (!wanted.operation.id.empty())
        if (auto const known = tables::find_operation(c, wanted.operation.id))
            return begun{known->record, release_of(c, *known).record, true};
    PILOTHOUSE_TRY(auto release, subject_of(c, wanted));
    if (auto const room = check_room(c, wanted); !room) return room.error();
    operation_row operation{0, 0, release.record.status, wanted.operation};
    start(operation.record, release.record, now);
    if (release.number == 0) {
        release.number = tables::insert_release(c, release.record);
    } else {
        tables::update_release(c, release);
    }
    operation.release = release.number;
    auto const number = tables::insert_operation(c, operation);
    tables::keep_values(c, number, wanted.sealed_values);
    if (wanted.once) tables::keep_key(c, *wanted.once, number, now);
    // Read again: the cluster's name is in another table.
    auto const made = tables::find_operation(c, number);
    return begun{made->record, release_of(c, *made).record, false};
}

claimed with_all(connection& c, operation_row const& operation) {
    return {operation.record, release_of(c, operation).record,
            tables::values_of(c, operation.number)};
}

}  // namespace

task<result<begun>> sqlite_operations::begin(new_operation wanted) {
    co_return co_await db_.write(
        [&](transaction& t) { return begin_within(t.on(), wanted, time_.now()); });
}

task<result<std::optional<begun>>> sqlite_operations::begun_before(idempotency once) {
    co_return co_await db_.read([&](connection& c) { return with_key(c, once, time_.now()); });
}

task<std::optional<claimed>> sqlite_operations::claim(claim_limits limits) {
    auto found = co_await db_.write([&](transaction& t) -> result<std::optional<claimed>> {
        auto next = tables::next_operation(t.on(), limits);
        if (!next) return std::optional<claimed>();
        run(next->record, time_.now());
        tables::update_operation(t.on(), *next);
        tables::count_turn(t.on(), next->record.cluster);
        return std::optional(with_all(t.on(), *next));
    });
    co_return std::move(found).value();
}

task<result<operation_record>> sqlite_operations::note(std::string id,
                                                       record_change<operation_record> change) {
    co_return co_await db_.write([&](transaction& t) -> result<operation_record> {
        PILOTHOUSE_TRY(auto found, find_row(t.on(), id));
        if (auto const good = storage::note(found.record, change, time_.now()); !good)
            return good.error();
        tables::update_operation(t.on(), found);
        return std::move(found.record);
    });
}

task<result<operation_record>> sqlite_operations::finish(std::string id, operation_ending ending) {
    co_return co_await db_.write([&](transaction& t) -> result<operation_record> {
        PILOTHOUSE_TRY(auto found, find_row(t.on(), id));
        auto release = release_of(t.on(), found);
        auto const good = storage::finish(found.record, release.record, ending, time_.now());
        if (!good) return good.error();
        tables::update_operation(t.on(), found);
        tables::update_release(t.on(), release);
        tables::erase_values(t.on(), found.number);
        tables::announce_end(t.on(), found.record, release.record);
        return std::move(found.record);
    });
}

task<result<operation_record>> sqlite_operations::cancel(std::string id) {
    co_return co_await db_.write([&](transaction& t) -> result<operation_record> {
        PILOTHOUSE_TRY(auto found, find_row(t.on(), id));
        auto release = release_of(t.on(), found);
        bool const done =
            storage::cancel(found.record, release.record, found.status_before, time_.now());
        tables::update_operation(t.on(), found);
        if (done) {
            tables::update_release(t.on(), release);
            tables::erase_values(t.on(), found.number);
            tables::announce_end(t.on(), found.record, release.record);
        }
        return std::move(found.record);
    });
}

task<result<operation_record>> sqlite_operations::find(std::string id) {
    co_return co_await db_.read([&](connection& c) -> result<operation_record> {
        PILOTHOUSE_TRY(auto found, find_row(c, id));
        return std::move(found.record);
    });
}

task<std::vector<operation_record>> sqlite_operations::list(operation_filter filter,
                                                            std::size_t skip, std::size_t count) {
    co_return co_await db_.read(
        [&](connection& c) { return tables::list_operations(c, filter, skip, count); });
}

task<result<claimed>> sqlite_operations::reclaim(std::string id) {
    co_return co_await db_.read([&](connection& c) -> result<claimed> {
        PILOTHOUSE_TRY(auto const found, find_row(c, id));
        if (found.record.state == operation_state::done) return no_such_operation();
        return with_all(c, found);
    });
}

task<operation_counts> sqlite_operations::count() {
    co_return co_await db_.read([](connection& c) { return tables::count_operations(c); });
}

task<std::size_t> sqlite_operations::forget(instant before) {
    auto forgotten = co_await db_.write([&](transaction& t) -> result<std::size_t> {
        auto const count = tables::forget_operations(t.on(), before);
        tables::forget_keys(t.on(), time_.now() - key_lifetime);
        tables::forget_releases(t.on());
        return count;
    });
    co_return forgotten.value();
}

}  // namespace pilothouse::storage::sqlite
