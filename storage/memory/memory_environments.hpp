// Environments without a disk. Nothing blocks, so nothing suspends.
#pragma once

#include "storage/memory/memory_state.hpp"

#include <string>
#include <vector>

namespace pilothouse::storage::memory {

class memory_environments final : public environment_store {
public:
    explicit memory_environments(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<environment_record>> create(environment_record wanted) override;
    [[nodiscard]] task<result<environment_record>> find(environment_id id) override;
    [[nodiscard]] task<result<environment_record>> find(std::string uuid) override;
    [[nodiscard]] task<std::vector<environment_record>> list(project_id project) override;
    [[nodiscard]] task<result<environment_record>> edit(
        environment_id id, record_change<environment_record> change) override;
    [[nodiscard]] task<result<void>> remove(environment_id id) override;

private:
    memory_state& state_;
};

}  // namespace pilothouse::storage::memory
