// Projects, groups and protection rules without a disk. Nothing blocks, so nothing suspends.
#pragma once

#include "storage/memory/memory_state.hpp"

#include <string>
#include <vector>

namespace pilothouse::storage::memory {

class memory_projects final : public project_store {
public:
    explicit memory_projects(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<project_record>> create(project_record project,
                                                      group_id within) override;
    [[nodiscard]] task<result<project_record>> find(project_id id) override;
    [[nodiscard]] task<result<project_record>> find(std::string path) override;
    [[nodiscard]] task<std::vector<project_record>> list() override;
    [[nodiscard]] task<result<project_record>> edit(project_id id,
                                                    record_change<project_record> change) override;
    [[nodiscard]] task<result<void>> remove(project_id id) override;

private:
    memory_state& state_;
};

class memory_groups final : public group_store {
public:
    explicit memory_groups(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<group_record>> create(group_record group, user_id creator) override;
    [[nodiscard]] task<result<group_record>> find(group_id id) override;
    [[nodiscard]] task<result<group_record>> find(std::string path) override;
    [[nodiscard]] task<std::vector<group_record>> list() override;
    [[nodiscard]] task<result<group_record>> edit(group_id id,
                                                  record_change<group_record> change) override;
    [[nodiscard]] task<result<void>> remove(group_id id) override;

private:
    memory_state& state_;
};

class memory_protections final : public protection_store {
public:
    explicit memory_protections(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<protection_rule>> add(project_id project,
                                                    protection_rule rule) override;
    [[nodiscard]] task<result<protection_rule>> edit(
        project_id project, protection_id id, record_change<protection_rule> change) override;
    [[nodiscard]] task<result<void>> remove(project_id project, protection_id id) override;

private:
    memory_state& state_;
};

}  // namespace pilothouse::storage::memory
