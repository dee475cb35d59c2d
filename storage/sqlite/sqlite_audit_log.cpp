#include "storage/sqlite/sqlite_audit_log.hpp"

#include "storage/sqlite/sql.hpp"

namespace pilothouse::storage::sqlite {

namespace {

#define SELECT_EVENT                                                                             \
    "SELECT id, at, what, author_id, author, origin, project_id, group_id, place, kind, thing, " \
    "name, detail FROM audit_event "
// The numbers of audit_scope.
#define SCOPE                                                                   \
    "CASE WHEN project_id IS NOT NULL THEN 3 WHEN group_id IS NOT NULL THEN 2 " \
    "WHEN kind = 'User' THEN 1 ELSE 0 END"
#define THAT_PASS                                                                               \
    "WHERE (?1 IS NULL OR project_id = ?1) AND (?2 IS NULL OR group_id = ?2) "                  \
    "AND (?3 IS NULL OR author_id = ?3) AND (?4 IS NULL OR at >= ?4) AND (?5 IS NULL OR at <= " \
    "?5) AND (?6 IS NULL OR " SCOPE " = ?6) AND (?7 IS NULL OR (" SCOPE " = 1 AND thing = ?7)) "

constexpr sql event_by_id = SELECT_EVENT "WHERE id = ?";
constexpr sql newest_events = SELECT_EVENT THAT_PASS "ORDER BY id DESC LIMIT ?9 OFFSET ?8";
constexpr sql count_events = "SELECT count(*) FROM audit_event " THAT_PASS;

#undef SELECT_EVENT
#undef THAT_PASS
#undef SCOPE

constexpr sql insert_event =
    "INSERT INTO audit_event (at, what, author_id, author, origin, project_id, group_id, place, "
    "kind, thing, name, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr sql delete_events =
    "DELETE FROM audit_event WHERE id IN (SELECT id FROM audit_event WHERE at < ? LIMIT ?)";
constexpr std::size_t forgotten_at_once = 1000;

audit_event read_event(rows const& r) {
    audit_event e;
    e.id = {r.integer(0)};
    e.at = r.time(1);
    e.what = r.text(2);
    e.author = {r.integer(3)};  // NULL reads as 0, here and below
    e.by = r.text(4);
    e.from = r.text(5);
    e.project = {r.integer(6)};
    e.group = {r.integer(7)};
    e.where = r.text(8);
    e.kind = r.text(9);
    e.thing = r.integer(10);
    e.name = r.text(11);
    e.detail = r.text(12);
    return e;
}

}  // namespace

void tables::note_event(connection& c, audit_event const& e) {
    c.execute(insert_event, e.at, e.what, e.author, e.by, e.from, e.project, e.group, e.where,
              e.kind, e.thing, e.name, e.detail);
}

task<void> sqlite_audit_log::note(audit_event event) {
    auto const done = co_await db_.write([&](transaction& t) -> result<void> {
        tables::note_event(t.on(), event);
        return {};
    });
    (void)done;  // the change refuses nothing
}

task<std::vector<audit_event>> sqlite_audit_log::list(audit_filter filter, std::size_t skip,
                                                      std::size_t count) {
    if (names_nothing(filter)) co_return std::vector<audit_event>();
    co_return co_await db_.read([&](connection& c) {
        std::vector<audit_event> all;
        auto r = c.run(newest_events, filter.project, filter.group, filter.author, filter.after,
                       filter.before, filter.scope, filter.user, skip, count);
        while (r.next()) all.push_back(read_event(r));
        return all;
    });
}

task<std::size_t> sqlite_audit_log::count(audit_filter filter) {
    if (names_nothing(filter)) co_return 0;
    co_return co_await db_.read([&](connection& c) -> std::size_t {
        auto r = c.run(count_events, filter.project, filter.group, filter.author, filter.after,
                       filter.before, filter.scope, filter.user);
        return r.next() ? static_cast<std::size_t>(r.integer(0)) : 0;
    });
}

task<std::optional<audit_event>> sqlite_audit_log::find(audit_id id) {
    co_return co_await db_.read([&](connection& c) -> std::optional<audit_event> {
        auto r = c.run(event_by_id, id);
        if (!r.next()) return std::nullopt;
        return read_event(r);
    });
}

// A thousand at a time: changes of others come in between.
task<std::size_t> sqlite_audit_log::forget(instant before) {
    std::size_t gone = 0;
    for (std::size_t last = forgotten_at_once; last == forgotten_at_once; gone += last) {
        auto const done = co_await db_.write([&](transaction& t) -> result<void> {
            last =
                static_cast<std::size_t>(t.on().execute(delete_events, before, forgotten_at_once));
            return {};
        });
        (void)done;  // the change refuses nothing
    }
    co_return gone;
}

}  // namespace pilothouse::storage::sqlite
