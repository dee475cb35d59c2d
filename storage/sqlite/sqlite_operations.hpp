// Operations and their events in SQLite.
#pragma once

#include "base/clock.hpp"
#include "storage/operation_log.hpp"
#include "storage/sqlite/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::storage::sqlite {

class sqlite_operations final : public operation_log {
public:
    sqlite_operations(database& db, clock const& time) : db_(db), time_(time) {}

    [[nodiscard]] task<result<begun>> begin(new_operation wanted) override;
    [[nodiscard]] task<result<std::optional<begun>>> begun_before(idempotency once) override;
    [[nodiscard]] task<std::optional<claimed>> claim(claim_limits limits) override;
    [[nodiscard]] task<result<operation_record>> note(
        std::string id, record_change<operation_record> change) override;
    [[nodiscard]] task<result<operation_record>> finish(std::string id,
                                                        operation_ending ending) override;
    [[nodiscard]] task<result<operation_record>> cancel(std::string id) override;
    [[nodiscard]] task<result<operation_record>> find(std::string id) override;
    [[nodiscard]] task<std::vector<operation_record>> list(operation_filter filter,
                                                           std::size_t skip,
                                                           std::size_t count) override;
    [[nodiscard]] task<result<claimed>> reclaim(std::string id) override;
    [[nodiscard]] task<operation_counts> count() override;
    [[nodiscard]] task<std::size_t> forget(instant before) override;

private:
    database& db_;
    clock const& time_;
};

class sqlite_operation_events final : public operation_events {
public:
    explicit sqlite_operation_events(database& db) : db_(db) {}

    [[nodiscard]] task<void> append(std::string operation,
                                    std::vector<operation_event> events) override;
    [[nodiscard]] task<std::vector<operation_event>> read(std::string operation,
                                                          std::int64_t after) override;

private:
    database& db_;
};

}  // namespace pilothouse::storage::sqlite
