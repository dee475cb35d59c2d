#include "storage/operation_rules.hpp"
#include "storage/sqlite/sql.hpp"
#include "storage/sqlite/sqlite_operations.hpp"

#include <cstddef>
#include <cstdint>

namespace pilothouse::storage::sqlite {

namespace {

constexpr sql number_of_operation = "SELECT number FROM operation WHERE id = ?";
constexpr sql count_operation_events =
    "SELECT count(*), coalesce(max(number), 0) FROM operation_event WHERE operation = ?";
constexpr sql insert_operation_event =
    "INSERT INTO operation_event (operation, number, at, what, text) VALUES (?, ?, ?, ?, ?)";
constexpr sql delete_operation_event =
    "DELETE FROM operation_event WHERE operation = ? AND number = ?";
constexpr sql events_after =
    "SELECT number, at, what, text FROM operation_event WHERE number > ?2 "
    "AND operation = (SELECT number FROM operation WHERE id = ?1) ORDER BY number";

void insert(connection& c, std::int64_t operation, std::int64_t number, operation_event const& e) {
    c.execute(insert_operation_event, operation, number, e.at, e.what, e.text);
}

struct kept_events {
    std::size_t count = 0;
    std::int64_t last = 0;
};

void append_to(connection& c, std::int64_t operation, kept_events& kept, operation_event const& e) {
    auto const place = place_of_event(kept.count);
    if (place != event_place::beside_others) {
        c.execute(delete_operation_event, operation, kept.last);
        --kept.count;
    }
    if (place == event_place::with_notice_for_last) {
        insert(c, operation, ++kept.last, notice_of_dropped(e.at));
        ++kept.count;
    }
    insert(c, operation, ++kept.last, e);
    ++kept.count;
}

}  // namespace

task<void> sqlite_operation_events::append(std::string operation,
                                           std::vector<operation_event> events) {
    auto const done = co_await db_.write([&](transaction& t) -> result<void> {
        auto& c = t.on();
        std::int64_t number = 0;
        {
            auto r = c.run(number_of_operation, operation);
            if (!r.next()) return {};
            number = r.integer(0);
        }
        kept_events kept;
        {
            auto r = c.run(count_operation_events, number);
            if (r.next()) kept = {static_cast<std::size_t>(r.integer(0)), r.integer(1)};
        }
        for (auto const& e : events) append_to(c, number, kept, e);
        return {};
    });
    (void)done;  // nothing in it fails but by an exception
}

task<std::vector<operation_event>> sqlite_operation_events::read(std::string operation,
                                                                 std::int64_t after) {
    co_return co_await db_.read([&](connection& c) {
        std::vector<operation_event> all;
        auto r = c.run(events_after, operation, after);
        while (r.next()) all.push_back({r.integer(0), r.time(1), r.text(2), r.text(3)});
        return all;
    });
}

}  // namespace pilothouse::storage::sqlite
