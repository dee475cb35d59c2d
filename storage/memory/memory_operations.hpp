// Releases, operations and their events without a disk. Nothing blocks, so nothing suspends.
#pragma once

#include "storage/memory/memory_state.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::storage::memory {

class memory_releases final : public release_store {
public:
    explicit memory_releases(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<release_record>> find(std::string id) override;
    [[nodiscard]] task<std::vector<release_record>> list(release_filter filter, release_place after,
                                                         std::size_t count) override;
    [[nodiscard]] task<result<release_record>> observe(
        std::string id, record_change<release_record> change) override;

private:
    memory_state& state_;
};

class memory_operations final : public operation_log {
public:
    explicit memory_operations(memory_state& state) : state_(state) {}
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
    memory_state& state_;
};

class memory_operation_events final : public operation_events {
public:
    explicit memory_operation_events(memory_state& state) : state_(state) {}
    [[nodiscard]] task<void> append(std::string operation,
                                    std::vector<operation_event> events) override;
    [[nodiscard]] task<std::vector<operation_event>> read(std::string operation,
                                                          std::int64_t after) override;

private:
    memory_state& state_;
};

}  // namespace pilothouse::storage::memory
