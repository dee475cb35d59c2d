// Channels, and the marks of their versions, without a disk. Nothing blocks, so nothing suspends.
#pragma once

#include "storage/curator.hpp"
#include "storage/memory/memory_state.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::storage::memory {

class memory_channels final : public channel_store {
public:
    explicit memory_channels(memory_state& state) : state_(state) {}
    [[nodiscard]] task<std::optional<channel_record>> find(project_id project,
                                                           std::string channel) override;
    [[nodiscard]] task<std::optional<channel_record>> find(channel_id id) override;
    [[nodiscard]] task<result<channel_record>> configure(
        project_id project, std::string channel, record_change<channel_settings> change) override;
    [[nodiscard]] task<quota_state> quota_of(project_id project) override;

private:
    memory_state& state_;
};

class memory_curator final : public curator {
public:
    explicit memory_curator(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<std::vector<added>>> copy(copy_request request) override;
    [[nodiscard]] task<result<std::vector<catalogue_entry>>> mark(
        project_id project, std::string channel, std::vector<marking> markings) override;
    [[nodiscard]] task<result<std::vector<catalogue_entry>>> remove(
        project_id project, std::string channel, std::vector<version_state> versions) override;

private:
    memory_state& state_;
};

}  // namespace pilothouse::storage::memory
