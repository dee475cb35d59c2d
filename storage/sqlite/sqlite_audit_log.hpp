// The audit log in SQLite.
#pragma once

#include "storage/audit_log.hpp"
#include "storage/sqlite/database.hpp"

namespace pilothouse::storage::sqlite {

namespace tables {
// For changes that tell of themselves in their own transaction.
void note_event(connection& c, audit_event const& event);
}  // namespace tables

class sqlite_audit_log final : public audit_log {
public:
    explicit sqlite_audit_log(database& db) : db_(db) {}

    [[nodiscard]] task<void> note(audit_event event) override;
    [[nodiscard]] task<std::vector<audit_event>> list(audit_filter filter, std::size_t skip,
                                                      std::size_t count) override;
    [[nodiscard]] task<std::size_t> count(audit_filter filter) override;
    [[nodiscard]] task<std::optional<audit_event>> find(audit_id id) override;
    [[nodiscard]] task<std::size_t> forget(instant before) override;

private:
    database& db_;
};

}  // namespace pilothouse::storage::sqlite
