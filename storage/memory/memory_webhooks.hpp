// Webhooks and their deliveries without a disk. Nothing blocks, so nothing suspends.
#pragma once

#include "storage/memory/memory_state.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pilothouse::storage::memory {

class memory_webhooks final : public webhook_store {
public:
    explicit memory_webhooks(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<webhook_record>> create(webhook_record hook) override;
    [[nodiscard]] task<result<webhook_record>> find(project_id project, webhook_id id) override;
    [[nodiscard]] task<std::vector<webhook_record>> list(project_id project) override;
    [[nodiscard]] task<std::vector<webhook_record>> list() override;
    [[nodiscard]] task<result<webhook_record>> edit(project_id project, webhook_id id,
                                                    record_change<webhook_record> change) override;
    [[nodiscard]] task<result<void>> remove(project_id project, webhook_id id) override;

private:
    memory_state& state_;
};

class memory_deliveries final : public delivery_log {
public:
    explicit memory_deliveries(memory_state& state) : state_(state) {}
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
    memory_state& state_;
};

}  // namespace pilothouse::storage::memory
