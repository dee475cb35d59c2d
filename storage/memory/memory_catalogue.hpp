// The catalogue without a disk. Nothing blocks, so nothing suspends.
#pragma once

#include "storage/memory/memory_state.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::storage::memory {

class memory_catalogue final : public catalogue {
public:
    explicit memory_catalogue(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<added>> add(project_id project, std::string channel,
                                          catalogue_entry entry, adding how) override;
    [[nodiscard]] task<result<void>> attach_provenance(project_id project, std::string channel,
                                                       std::string file_name, sha256_digest archive,
                                                       sha256_digest provenance) override;
    [[nodiscard]] task<result<catalogue_entry>> find(project_id project, std::string channel,
                                                     std::string file_name) override;
    [[nodiscard]] task<result<std::vector<catalogue_entry>>> remove(
        project_id project, std::string channel, std::optional<std::string> chart,
        std::optional<std::string> version) override;
    [[nodiscard]] task<std::vector<catalogue_entry>> list(
        project_id project, std::string channel, std::optional<std::string> chart) override;
    [[nodiscard]] task<std::vector<channel_record>> channels(project_id project) override;
    [[nodiscard]] task<std::optional<channel_record>> scan(project_id project, std::string channel,
                                                           index_visitor visit) override;
    [[nodiscard]] task<std::vector<sha256_digest>> named_blobs() override;

private:
    memory_state& state_;
};

}  // namespace pilothouse::storage::memory
