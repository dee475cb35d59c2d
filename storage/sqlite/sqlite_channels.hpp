// Channels and their settings in SQLite.
#pragma once

#include "base/clock.hpp"
#include "storage/catalogue.hpp"
#include "storage/channel_store.hpp"
#include "storage/sqlite/database.hpp"

#include <string>

namespace pilothouse::storage::sqlite {

class sqlite_channels final : public channel_store {
public:
    // `observer` may be null.
    sqlite_channels(database& db, clock const& time, catalogue_observer* observer)
        : db_(db), time_(time), observer_(observer) {}

    [[nodiscard]] task<std::optional<channel_record>> find(project_id project,
                                                           std::string channel) override;
    [[nodiscard]] task<std::optional<channel_record>> find(channel_id id) override;
    [[nodiscard]] task<result<channel_record>> configure(
        project_id project, std::string channel, record_change<channel_settings> change) override;
    [[nodiscard]] task<quota_state> quota_of(project_id project) override;

private:
    database& db_;
    clock const& time_;
    catalogue_observer* observer_;
};

}  // namespace pilothouse::storage::sqlite
