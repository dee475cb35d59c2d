#include "storage/sqlite/operation_tables.hpp"

#include "storage/sqlite/release_tables.hpp"

#include <utility>

namespace pilothouse::storage::sqlite::tables {

namespace {

#define SELECT_OPERATION                                                                   \
    "SELECT o.number, o.release_number, o.status_before, o.id, o.kind, o.state, r.id, "    \
    "o.cluster_id, cluster.name, r.namespace, r.name, o.description, o.by_id, o.by_name, " \
    "o.created, o.modified, o.started, o.finished, o.wanted_revision, o.timeout_seconds, " \
    "o.wait, o.wait_for_jobs, o.rollback_on_failure, o.force_conflicts, o.skip_hooks, "    \
    "o.attempted_again, o.revision_before, o.process, o.process_started, o.helm_version, " \
    "o.error, o.error_message, o.warning, o.reference, o.product, o.project_id, "          \
    "o.project_path, o.channel, o.chart, o.version, o.archive, o.namespaced_only, "        \
    "o.own_before "                                                                        \
    "FROM operation AS o JOIN release AS r ON r.number = o.release_number "                \
    "JOIN cluster ON cluster.id = o.cluster_id "
#define PAGE                                                                 \
    "AND (?2 IS NULL OR o.cluster_id IN (SELECT value FROM json_each(?2))) " \
    "AND (?3 IS NULL OR o.state = ?3) AND (NOT ?4 OR o.state IN (1, 2)) "    \
    "ORDER BY o.number DESC LIMIT ?5 OFFSET ?6"
constexpr sql operation_by_id = SELECT_OPERATION "WHERE o.id = ?";
constexpr sql operation_by_number = SELECT_OPERATION "WHERE o.number = ?";
constexpr sql operations_of_release =
    SELECT_OPERATION "WHERE o.release_number = (SELECT number FROM release WHERE id = ?1) " PAGE;
constexpr sql operations_anywhere = SELECT_OPERATION "WHERE ?1 = '' " PAGE;
#undef PAGE
#undef SELECT_OPERATION

// `state <> 3` is the condition of their index. The cluster first, then who in it is next.
constexpr sql whose_turn =
    "WITH load (cluster_id, running, oldest) AS ("
    "SELECT cluster_id, sum(state <> 0), min(CASE WHEN state = 0 THEN number END) "
    "FROM operation WHERE state <> 3 GROUP BY cluster_id), "
    "next (cluster_id) AS ("
    "SELECT cluster_id FROM load JOIN cluster ON cluster.id = cluster_id "
    "WHERE oldest IS NOT NULL AND running < ?2 AND (SELECT sum(running) FROM load) < ?1 "
    "ORDER BY running, turn, oldest LIMIT 1), "
    "caller (id, running, oldest) AS ("
    "SELECT by_id, sum(state <> 0), min(CASE WHEN state = 0 THEN number END) "
    "FROM operation INDEXED BY operation_waiting "  // else operation_of_caller, with all that is
                                                    // done
    "WHERE state <> 3 AND cluster_id = (SELECT cluster_id FROM next) "
    "GROUP BY by_id) "
    "SELECT oldest FROM caller WHERE oldest IS NOT NULL ORDER BY running, "
    "coalesce((SELECT max(started) FROM operation "
    "WHERE cluster_id = (SELECT cluster_id FROM next) AND by_id IS caller.id), 0), oldest LIMIT 1";
constexpr sql update_turn =
    "UPDATE cluster SET turn = (SELECT max(turn) + 1 FROM cluster) WHERE id = ?";
constexpr sql count_states =
    "SELECT coalesce(sum(state = 0), 0), coalesce(sum(state <> 0), 0) FROM operation "
    "WHERE state <> 3";
constexpr sql count_waiting =
    "SELECT count(*) FROM operation WHERE state <> 3 AND state = 0 AND by_id = ?";

constexpr sql insert_operation_row =
    "INSERT INTO operation (id, kind, state, release_number, cluster_id, status_before, "
    "description, by_id, by_name, created, modified, wanted_revision, timeout_seconds, wait, "
    "wait_for_jobs, rollback_on_failure, force_conflicts, skip_hooks, attempted_again, process, "
    "process_started, helm_version, warning, own_before, namespaced_only) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, '', '', 0, ?)";
constexpr sql update_source =
    "UPDATE operation SET reference = ?, product = ?, project_id = ?, project_path = ?, "
    "channel = ?, chart = ?, version = ?, archive = ? WHERE number = ?";
constexpr sql update_operation_row =
    "UPDATE operation SET state = ?, modified = ?, started = ?, finished = ?, "
    "attempted_again = ?, revision_before = ?, own_before = ?, process = ?, "
    "process_started = ?, helm_version = ?, error = ?, error_message = ?, warning = ? "
    "WHERE number = ?";
constexpr sql delete_finished = "DELETE FROM operation WHERE finished < ?";

constexpr sql insert_values =
    "INSERT INTO operation_input (operation, sealed_values) VALUES (?, ?)";
constexpr sql select_values = "SELECT sealed_values FROM operation_input WHERE operation = ?";
constexpr sql delete_values = "DELETE FROM operation_input WHERE operation = ?";

constexpr sql select_key =
    "SELECT request, operation FROM idempotency_key "
    "WHERE subject = ? AND method = ? AND key = ? AND created > ?";
constexpr sql replace_key =
    "INSERT OR REPLACE INTO idempotency_key (subject, method, key, request, operation, created) "
    "VALUES (?, ?, ?, ?, ?, ?)";
constexpr sql delete_keys = "DELETE FROM idempotency_key WHERE created <= ?";

operation_options read_options(rows const& r, int at) {
    operation_options o;
    o.timeout = std::chrono::seconds(r.integer(at));
    o.wait = r.flag(at + 1);
    o.wait_for_jobs = r.flag(at + 2);
    o.rollback_on_failure = r.flag(at + 3);
    o.force_conflicts = r.flag(at + 4);
    o.skip_hooks = r.flag(at + 5);
    return o;
}

std::optional<instant> time_or_none(rows const& r, int column) {
    return r.null(column) ? std::nullopt : std::optional(r.time(column));
}

operation_row read_operation(rows const& r) {
    operation_row row;
    row.number = r.integer(0);
    row.release = r.integer(1);
    row.status_before = static_cast<release_status>(r.integer(2));
    auto& x = row.record;
    x.id = r.text(3);
    x.kind = static_cast<operation_kind>(r.integer(4));
    x.state = static_cast<operation_state>(r.integer(5));
    x.release = r.text(6);
    x.cluster = {r.integer(7)};
    x.cluster_name = r.text(8);
    x.name_space = r.text(9);
    x.name = r.text(10);
    x.description = r.text(11);
    x.by = {r.integer(12)};  // NULL reads as 0
    x.by_name = r.text(13);
    x.created = r.time(14);
    x.modified = r.time(15);
    x.started = time_or_none(r, 16);
    x.finished = time_or_none(r, 17);
    x.wanted_revision = static_cast<int>(r.integer(18));
    x.options = read_options(r, 19);
    x.attempted_again = r.flag(25);
    if (!r.null(26)) x.revision_before = static_cast<int>(r.integer(26));
    x.process = {r.integer(27), static_cast<std::uint64_t>(r.integer(28))};
    x.helm_version = r.text(29);
    if (!r.null(30)) x.error = {errc_named(r.bytes(30)).value_or(errc::broken), r.text(31)};
    x.warning = r.text(32);
    if (!r.null(33)) x.source = read_source(r, 33);
    x.options.namespaced_only = r.flag(41);
    x.own_before = static_cast<int>(r.integer(42));
    return row;
}

template <class Key>
std::optional<operation_row> find_operation_by(connection& c, sql query, Key const& key) {
    auto r = c.run(query, key);
    if (!r.next()) return std::nullopt;
    return read_operation(r);
}

}  // namespace

std::optional<operation_row> find_operation(connection& c, std::string_view id) {
    return find_operation_by(c, operation_by_id, id);
}

std::optional<operation_row> find_operation(connection& c, std::int64_t number) {
    return find_operation_by(c, operation_by_number, number);
}

std::vector<operation_record> list_operations(connection& c, operation_filter const& filter,
                                              std::size_t skip, std::size_t count) {
    std::vector<operation_record> page;
    auto r =
        c.run(filter.release.empty() ? operations_anywhere : operations_of_release, filter.release,
              list_of(filter.within), filter.state, filter.unfinished, count, skip);
    while (r.next()) page.push_back(read_operation(r).record);
    return page;
}

std::optional<operation_row> next_operation(connection& c, claim_limits const& limits) {
    std::int64_t number = 0;
    {
        auto r = c.run(whose_turn, limits.running, limits.running_in_cluster);
        if (!r.next()) return std::nullopt;
        number = r.integer(0);
    }
    return find_operation(c, number);
}

void count_turn(connection& c, cluster_id cluster) { c.execute(update_turn, cluster); }

operation_counts count_operations(connection& c) {
    operation_counts counts;
    auto r = c.run(count_states);
    if (!r.next()) return counts;
    counts.queued = static_cast<std::size_t>(r.integer(0));
    counts.running = static_cast<std::size_t>(r.integer(1));
    return counts;
}

std::size_t waiting_of(connection& c, user_id caller) {
    auto r = c.run(count_waiting, caller);
    return r.next() ? static_cast<std::size_t>(r.integer(0)) : 0;
}

std::int64_t insert_operation(connection& c, operation_row const& operation) {
    auto const& x = operation.record;
    auto const& o = x.options;
    c.execute(insert_operation_row, x.id, x.kind, x.state, operation.release, x.cluster,
              operation.status_before, x.description, x.by, x.by_name, x.created, x.modified,
              x.wanted_revision, o.timeout.count(), o.wait, o.wait_for_jobs, o.rollback_on_failure,
              o.force_conflicts, o.skip_hooks, o.namespaced_only);
    auto const number = c.last_inserted();
    if (auto const& s = x.source)
        c.execute(update_source, s->reference, s->product, s->project, s->project_path, s->channel,
                  s->chart, s->version, s->archive, number);
    return number;
}

void update_operation(connection& c, operation_row const& operation) {
    auto const& x = operation.record;
    auto const error = x.error ? std::optional(name_of(x.error->code)) : std::nullopt;
    auto const message = x.error ? std::optional(x.error->message) : std::nullopt;
    c.execute(update_operation_row, x.state, x.modified, x.started, x.finished, x.attempted_again,
              x.revision_before, x.own_before, x.process.number, x.process.start_time,
              x.helm_version, error, message, x.warning, operation.number);
}

std::size_t forget_operations(connection& c, instant before) {
    return static_cast<std::size_t>(c.execute(delete_finished, before));
}

void keep_values(connection& c, std::int64_t operation, std::string const& values) {
    if (!values.empty()) c.execute(insert_values, operation, values);
}

std::string values_of(connection& c, std::int64_t operation) {
    auto r = c.run(select_values, operation);
    return r.next() ? r.text(0) : std::string();
}

void erase_values(connection& c, std::int64_t operation) { c.execute(delete_values, operation); }

std::optional<key_row> find_key(connection& c, idempotency const& key, instant since) {
    auto r = c.run(select_key, key.subject, key.method, key.key, since);
    if (!r.next()) return std::nullopt;
    return key_row{r.digest(0), r.integer(1)};
}

void keep_key(connection& c, idempotency const& key, std::int64_t operation, instant now) {
    c.execute(replace_key, key.subject, key.method, key.key, key.request, operation, now);
}

void forget_keys(connection& c, instant before) { c.execute(delete_keys, before); }

}  // namespace pilothouse::storage::sqlite::tables
