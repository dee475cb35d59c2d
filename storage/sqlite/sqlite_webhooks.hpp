// Webhooks and their deliveries in SQLite.
#pragma once

#include "storage/operation_log.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/webhook_store.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace pilothouse::storage::sqlite {

namespace tables {
// For changes that are told of in their own transaction. `make` is called where a webhook wants it.
void announce(connection& c, project_id project, occasion what,
              std::function<announcement()> const& make);
void announce_end(connection& c, operation_record const& ended, release_record const& release);
}  // namespace tables

class sqlite_webhooks final : public webhook_store {
public:
    explicit sqlite_webhooks(database& db) : db_(db) {}

    [[nodiscard]] task<result<webhook_record>> create(webhook_record hook) override;
    [[nodiscard]] task<result<webhook_record>> find(project_id project, webhook_id id) override;
    [[nodiscard]] task<std::vector<webhook_record>> list(project_id project) override;
    [[nodiscard]] task<std::vector<webhook_record>> list() override;
    [[nodiscard]] task<result<webhook_record>> edit(project_id project, webhook_id id,
                                                    record_change<webhook_record> change) override;
    [[nodiscard]] task<result<void>> remove(project_id project, webhook_id id) override;

private:
    database& db_;
};

class sqlite_deliveries final : public delivery_log {
public:
    explicit sqlite_deliveries(database& db) : db_(db) {}

    [[nodiscard]] task<result<delivery_record>> add(delivery_record delivery) override;
    [[nodiscard]] task<std::vector<due_delivery>> due(instant now, std::size_t of_each,
                                                      std::size_t count) override;
    [[nodiscard]] task<result<delivery_record>> find(webhook_id hook, std::int64_t number) override;
    [[nodiscard]] task<result<delivery_record>> note(
        std::int64_t number, record_change<delivery_record> change) override;
    [[nodiscard]] task<std::vector<delivery_record>> list(webhook_id hook, std::size_t skip,
                                                          std::size_t count) override;
    [[nodiscard]] task<std::size_t> count_waiting() override;
    [[nodiscard]] task<result<void>> remove(std::int64_t number) override;

private:
    database& db_;
};

}  // namespace pilothouse::storage::sqlite
