#include "storage/memory/memory_quota.hpp"

#include <optional>
#include <string>

namespace pilothouse::storage::memory {

namespace {

std::optional<std::string> setting(memory_state const& state, std::string const& key) {
    auto const found = state.settings.find(key);
    if (found == state.settings.end()) return std::nullopt;
    return found->second;
}

}  // namespace

quota_state read_quota(memory_state const& state, project_id project) {
    quota_state read;
    auto const found = state.projects.find(project);
    if (found == state.projects.end()) return read;
    read.quota = quota_in_force(found->second.quota, setting(state, project_quota_bytes_key),
                                setting(state, project_quota_versions_key));
    for (auto const& [key, channel] : state.channels) {
        if (key.first != project) continue;
        read.use.bytes += channel.record.size_bytes;
        read.use.versions += static_cast<std::uint64_t>(channel.record.versions);
    }
    return read;
}

}  // namespace pilothouse::storage::memory
