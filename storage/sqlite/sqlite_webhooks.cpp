#include "storage/sqlite/sqlite_webhooks.hpp"

#include "storage/sqlite/sql.hpp"
#include "storage/webhook_rules.hpp"

#include <utility>

namespace pilothouse::storage::sqlite {

namespace {

#define WEBHOOK_COLUMNS                                                                  \
    "webhook.id, webhook.project_id, webhook.name, webhook.url, webhook.sealed_secret, " \
    "webhook.on_push, webhook.on_promotion, webhook.on_deployment, webhook.enabled, "    \
    "webhook.creator_id, webhook.by_operator, webhook.created, webhook.updated, "        \
    "webhook.failures, webhook.disabled_until"
#define DELIVERY_COLUMNS                                                          \
    "delivery.number, delivery.message, delivery.webhook_id, delivery.occasion, " \
    "delivery.test, delivery.document, delivery.operation, delivery.created, "    \
    "delivery.state, delivery.next, delivery.attempts, delivery.status, "         \
    "delivery.duration, delivery.error"
constexpr int delivery_columns = 14;

constexpr sql webhook_by_id =
    "SELECT " WEBHOOK_COLUMNS " FROM webhook WHERE id = ? AND project_id = ?";
constexpr sql webhooks_of_project =
    "SELECT " WEBHOOK_COLUMNS " FROM webhook WHERE project_id = ? ORDER BY id";
constexpr sql all_webhooks = "SELECT " WEBHOOK_COLUMNS " FROM webhook ORDER BY id";
constexpr sql count_webhooks = "SELECT count(*) FROM webhook WHERE project_id = ?";
// Of two projects, which may be one.
constexpr sql listening_webhooks =
    "SELECT id FROM webhook WHERE project_id IN (?1, ?2) AND enabled AND "
    "CASE ?3 WHEN 0 THEN on_push WHEN 1 THEN on_promotion ELSE on_deployment END ORDER BY id";
constexpr sql insert_webhook =
    "INSERT INTO webhook (project_id, name, url, sealed_secret, on_push, on_promotion, "
    "on_deployment, enabled, creator_id, by_operator, created, updated) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr sql update_webhook =
    "UPDATE webhook SET name = ?, url = ?, sealed_secret = ?, on_push = ?, on_promotion = ?, "
    "on_deployment = ?, enabled = ?, creator_id = ?, by_operator = ?, updated = ?, failures = ?, "
    "disabled_until = ? WHERE id = ?";
constexpr sql delete_webhook = "DELETE FROM webhook WHERE id = ? AND project_id = ?";
constexpr sql owner_project = "SELECT owner_project FROM cluster WHERE id = ?";

constexpr sql delivery_by_number =
    "SELECT " DELIVERY_COLUMNS " FROM webhook_delivery AS delivery WHERE number = ?";
constexpr sql newest_deliveries = "SELECT " DELIVERY_COLUMNS
                                  " FROM webhook_delivery AS delivery WHERE webhook_id = ? "
                                  "ORDER BY number DESC LIMIT ?3 OFFSET ?2";
// By webhook, so that what waits for one that rests is not read.
constexpr sql due_deliveries =
    "SELECT " DELIVERY_COLUMNS ", " WEBHOOK_COLUMNS
    " FROM webhook CROSS JOIN webhook_delivery AS delivery ON delivery.number IN ("
    "SELECT first.number FROM webhook_delivery AS first WHERE first.webhook_id = webhook.id "
    "AND first.state = 0 AND first.next <= ?1 ORDER BY first.next, first.number LIMIT ?2) "
    "WHERE webhook.enabled AND ifnull(webhook.disabled_until, 0) <= ?1 "
    "ORDER BY delivery.next, delivery.number LIMIT ?3";
constexpr sql count_waiting_of =
    "SELECT count(*) FROM webhook_delivery WHERE state = 0 AND webhook_id = ?";
constexpr sql count_all_waiting = "SELECT count(*) FROM webhook_delivery WHERE state = 0";
constexpr sql insert_delivery =
    "INSERT INTO webhook_delivery (message, webhook_id, occasion, test, document, operation, "
    "created, state, next, attempts, status, duration, error) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr sql update_delivery =
    "UPDATE webhook_delivery SET document = ?, state = ?, next = ?, attempts = ?, status = ?, "
    "duration = ?, error = ? WHERE number = ?";
// What waits for one that is switched off.
constexpr sql end_waiting =
    "UPDATE webhook_delivery SET state = 2, error = ? WHERE webhook_id = ? AND state = 0";
constexpr sql delete_delivery = "DELETE FROM webhook_delivery WHERE number = ?";
constexpr sql delete_old_deliveries =
    "DELETE FROM webhook_delivery WHERE webhook_id = ?1 AND state <> 0 AND number <= "
    "(SELECT number FROM webhook_delivery WHERE webhook_id = ?1 AND state <> 0 "
    "ORDER BY number DESC LIMIT 1 OFFSET ?2)";

#undef WEBHOOK_COLUMNS
#undef DELIVERY_COLUMNS

webhook_record read_webhook(rows const& r, int from = 0) {
    webhook_record h;
    h.id = {r.integer(from)};
    h.project = {r.integer(from + 1)};
    h.name = r.text(from + 2);
    h.url = r.text(from + 3);
    h.sealed_secret = r.text(from + 4);
    h.on_push = r.flag(from + 5);
    h.on_promotion = r.flag(from + 6);
    h.on_deployment = r.flag(from + 7);
    h.enabled = r.flag(from + 8);
    h.creator = {r.integer(from + 9)};  // NULL reads as 0
    h.by_operator = r.flag(from + 10);
    h.created = r.time(from + 11);
    h.updated = r.time(from + 12);
    h.failures = static_cast<int>(r.integer(from + 13));
    if (!r.null(from + 14)) h.disabled_until = r.time(from + 14);
    return h;
}

delivery_record read_delivery(rows const& r) {
    delivery_record d;
    d.number = r.integer(0);
    d.message = r.text(1);
    d.hook = {r.integer(2)};
    d.what = static_cast<occasion>(r.integer(3));
    d.test = r.flag(4);
    d.document = r.text(5);
    d.operation = r.text(6);
    d.created = r.time(7);
    d.state = static_cast<delivery_state>(r.integer(8));
    d.next = r.time(9);
    d.attempts = static_cast<int>(r.integer(10));
    d.status = static_cast<int>(r.integer(11));
    d.duration = std::chrono::milliseconds(r.integer(12));
    d.error = r.text(13);
    return d;
}

result<webhook_record> find_webhook(connection& c, project_id project, webhook_id id) {
    auto r = c.run(webhook_by_id, id, project);
    if (!r.next()) return no_such_webhook();
    return read_webhook(r);
}

result<delivery_record> find_delivery(connection& c, std::int64_t number) {
    auto r = c.run(delivery_by_number, number);
    if (!r.next()) return no_such_delivery();
    return read_delivery(r);
}

template <class... Values>
std::size_t count_of(connection& c, sql query, Values const&... values) {
    auto r = c.run(query, values...);
    return r.next() ? static_cast<std::size_t>(r.integer(0)) : 0;
}

template <class... Values>
std::vector<webhook_record> list_webhooks(connection& c, sql query, Values const&... values) {
    std::vector<webhook_record> all;
    auto r = c.run(query, values...);
    while (r.next()) all.push_back(read_webhook(r));
    return all;
}

void forget_old(connection& c, delivery_record const& d) {
    if (d.state != delivery_state::waiting)
        c.execute(delete_old_deliveries, d.hook, deliveries_kept_max);
}

std::int64_t insert(connection& c, delivery_record const& d) {
    c.execute(insert_delivery, d.message, d.hook, d.what, d.test, d.document, d.operation,
              d.created, d.state, d.next, d.attempts, d.status, d.duration.count(), d.error);
    auto const number = c.last_inserted();
    forget_old(c, d);
    return number;
}

std::vector<webhook_id> listening(connection& c, project_id project, project_id other,
                                  occasion what) {
    std::vector<webhook_id> all;
    auto r = c.run(listening_webhooks, project, other, what);
    while (r.next()) all.push_back({r.integer(0)});
    return all;
}

std::size_t waiting_deliveries(connection& c, webhook_id hook) {
    return count_of(c, count_waiting_of, hook);
}

}  // namespace

void tables::announce(connection& c, project_id project, occasion what,
                      std::function<announcement()> const& make) {
    auto const hooks = listening(c, project, {}, what);
    if (hooks.empty()) return;
    auto const told = make();
    for (auto const hook : hooks) insert(c, delivery_of(hook, told, waiting_deliveries(c, hook)));
}

void tables::announce_end(connection& c, operation_record const& ended,
                          release_record const& release) {
    auto const& source = ended.source ? *ended.source : release.source;
    project_id owner;
    if (auto r = c.run(owner_project, ended.cluster); r.next()) owner = {r.integer(0)};
    for (auto const hook : listening(c, source.project, owner, occasion::deployment))
        insert(c, delivery_of(hook, ended, waiting_deliveries(c, hook)));
}

task<result<webhook_record>> sqlite_webhooks::create(webhook_record h) {
    co_return co_await db_.write([&](transaction& t) -> result<webhook_record> {
        if (count_of(t.on(), count_webhooks, h.project) >= webhooks_of_project_max)
            return too_many_webhooks();
        t.on().execute(insert_webhook, h.project, h.name, h.url, h.sealed_secret, h.on_push,
                       h.on_promotion, h.on_deployment, h.enabled, h.creator, h.by_operator,
                       h.created, h.updated);
        return find_webhook(t.on(), h.project, {t.on().last_inserted()});
    });
}

task<result<webhook_record>> sqlite_webhooks::find(project_id project, webhook_id id) {
    co_return co_await db_.read([&](connection& c) { return find_webhook(c, project, id); });
}

task<std::vector<webhook_record>> sqlite_webhooks::list(project_id project) {
    co_return co_await db_.read(
        [&](connection& c) { return list_webhooks(c, webhooks_of_project, project); });
}

task<std::vector<webhook_record>> sqlite_webhooks::list() {
    co_return co_await db_.read([](connection& c) { return list_webhooks(c, all_webhooks); });
}

task<result<webhook_record>> sqlite_webhooks::edit(project_id project, webhook_id id,
                                                   record_change<webhook_record> change) {
    co_return co_await db_.write([&](transaction& t) -> result<webhook_record> {
        PILOTHOUSE_TRY(auto h, find_webhook(t.on(), project, id));
        bool const was_on = h.enabled;
        if (auto const good = storage::edit(h, change); !good) return good.error();
        t.on().execute(update_webhook, h.name, h.url, h.sealed_secret, h.on_push, h.on_promotion,
                       h.on_deployment, h.enabled, h.creator, h.by_operator, h.updated, h.failures,
                       h.disabled_until, id);
        if (was_on && !h.enabled) {
            t.on().execute(end_waiting, switched_off_words, id);
            t.on().execute(delete_old_deliveries, id, deliveries_kept_max);
        }
        return h;
    });
}

task<result<void>> sqlite_webhooks::remove(project_id project, webhook_id id) {
    co_return co_await db_.write([&](transaction& t) -> result<void> {
        if (t.on().execute(delete_webhook, id, project) == 0) return no_such_webhook();
        return {};
    });
}

task<result<delivery_record>> sqlite_deliveries::add(delivery_record d) {
    co_return co_await db_.write([&](transaction& t) -> result<delivery_record> {
        start(d, waiting_deliveries(t.on(), d.hook));
        return find_delivery(t.on(), insert(t.on(), d));
    });
}

task<std::vector<due_delivery>> sqlite_deliveries::due(instant now, std::size_t of_each,
                                                       std::size_t count) {
    co_return co_await db_.read([&](connection& c) {
        std::vector<due_delivery> all;
        auto r = c.run(due_deliveries, now, of_each, count);
        while (r.next()) all.push_back({read_delivery(r), read_webhook(r, delivery_columns)});
        return all;
    });
}

task<result<delivery_record>> sqlite_deliveries::find(webhook_id hook, std::int64_t number) {
    co_return co_await db_.read([&](connection& c) -> result<delivery_record> {
        PILOTHOUSE_TRY(auto d, find_delivery(c, number));
        if (d.hook != hook) return no_such_delivery();
        return d;
    });
}

task<result<delivery_record>> sqlite_deliveries::note(std::int64_t number,
                                                      record_change<delivery_record> change) {
    co_return co_await db_.write([&](transaction& t) -> result<delivery_record> {
        PILOTHOUSE_TRY(auto d, find_delivery(t.on(), number));
        if (auto const good = storage::note(d, change); !good) return good.error();
        t.on().execute(update_delivery, d.document, d.state, d.next, d.attempts, d.status,
                       d.duration.count(), d.error, number);
        forget_old(t.on(), d);
        return d;
    });
}

task<std::vector<delivery_record>> sqlite_deliveries::list(webhook_id hook, std::size_t skip,
                                                           std::size_t count) {
    co_return co_await db_.read([&](connection& c) {
        std::vector<delivery_record> all;
        auto r = c.run(newest_deliveries, hook, skip, count);
        while (r.next()) all.push_back(read_delivery(r));
        return all;
    });
}

task<std::size_t> sqlite_deliveries::count_waiting() {
    co_return co_await db_.read([](connection& c) { return count_of(c, count_all_waiting); });
}

task<result<void>> sqlite_deliveries::remove(std::int64_t number) {
    co_return co_await db_.write([&](transaction& t) -> result<void> {
        if (t.on().execute(delete_delivery, number) == 0) return no_such_delivery();
        return {};
    });
}

}  // namespace pilothouse::storage::sqlite
