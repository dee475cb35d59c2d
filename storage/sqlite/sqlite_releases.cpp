#include "storage/sqlite/sqlite_releases.hpp"

#include "storage/operation_rules.hpp"
#include "storage/sqlite/release_tables.hpp"

#include <utility>

namespace pilothouse::storage::sqlite {

namespace {

result<tables::release_row> find_there(connection& c, std::string const& id) {
    auto found = tables::find_release(c, id);
    if (!found || found->record.gone) return no_such_release();
    return std::move(*found);
}

}  // namespace

task<result<release_record>> sqlite_releases::find(std::string id) {
    co_return co_await db_.read([&](connection& c) -> result<release_record> {
        PILOTHOUSE_TRY(auto found, find_there(c, id));
        return std::move(found.record);
    });
}

task<std::vector<release_record>> sqlite_releases::list(release_filter filter, release_place after,
                                                        std::size_t count) {
    co_return co_await db_.read(
        [&](connection& c) { return tables::list_releases(c, filter, after, count); });
}

task<result<release_record>> sqlite_releases::observe(std::string id,
                                                      record_change<release_record> change) {
    co_return co_await db_.write([&](transaction& t) -> result<release_record> {
        PILOTHOUSE_TRY(auto found, find_there(t.on(), id));
        if (auto const busy = tables::operation_on(t.on(), found.number); !busy.empty())
            return being_changed(busy);
        if (auto const good = storage::observe(found.record, change); !good) return good.error();
        tables::update_release(t.on(), found);
        return std::move(found.record);
    });
}

}  // namespace pilothouse::storage::sqlite
