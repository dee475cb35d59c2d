// Settings of the whole server that count at once, without a restart.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/directory.hpp"
#include "storage/quota.hpp"

#include <cstdint>
#include <string>

namespace pilothouse::registry {

// GitLab's plan limit of the same name: the greatest chart file in bytes; 0: no limit (contracts:
// gitlab F8).
inline constexpr char const* helm_max_file_size_key = "helm_max_file_size";
inline constexpr std::uint64_t helm_max_file_size_default = 5 * 1024 * 1024;

// Thread-safe. Changes need permission::administer.
class manage_settings {
public:
    manage_settings(storage::setting_store& settings, auth::auditor& audit)
        : settings_(settings), audit_(audit) {}

    [[nodiscard]] task<std::uint64_t> helm_max_file_size();

    // Of projects that choose none (storage::project_quota_bytes_key and its brother).
    [[nodiscard]] task<storage::quota> project_quota();

    // errc::invalid_argument: an unknown key (the detail names the known ones), or a text that is
    // no such number: plain, or of bytes as `10MiB`.
    [[nodiscard]] task<result<void>> set(auth::grant const& g, std::string key, std::string text);

private:
    storage::setting_store& settings_;
    auth::auditor& audit_;
};

}  // namespace pilothouse::registry
