#include "storage/sqlite/sqlite_channels.hpp"

#include "storage/sqlite/catalogue_tables.hpp"
#include "storage/sqlite/channel_change.hpp"
#include "storage/sqlite/quota_guard.hpp"

#include <utility>

namespace pilothouse::storage::sqlite {

task<std::optional<channel_record>> sqlite_channels::find(project_id project, std::string channel) {
    co_return co_await db_.read(
        [&](connection& c) { return tables::find_channel(c, project, channel); });
}

task<std::optional<channel_record>> sqlite_channels::find(channel_id id) {
    co_return co_await db_.read([id](connection& c) { return tables::find_channel(c, id); });
}

task<result<channel_record>> sqlite_channels::configure(project_id project, std::string channel,
                                                        record_change<channel_settings> change) {
    co_return co_await db_.write([&](transaction& t) -> result<channel_record> {
        PILOTHOUSE_TRY(auto record, tables::make_channel(t.on(), project, channel));
        auto settings = record.settings;
        if (auto const good = change(settings); !good) return good.error();
        channel_change changed(t, std::move(record), time_.now(), observer_);
        changed.reconfigure(std::move(settings));
        changed.finish();
        return changed.channel();
    });
}

task<quota_state> sqlite_channels::quota_of(project_id project) {
    co_return co_await db_.read([&](connection& c) { return read_quota(c, project); });
}

}  // namespace pilothouse::storage::sqlite
