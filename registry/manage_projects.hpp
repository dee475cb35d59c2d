// The projects of the server: made, changed, removed.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/directory.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace pilothouse::registry {

// Empty: as the server's settings say; 0: no limit.
using quota_change = std::optional<std::uint64_t>;
// Beyond 2^53 a number does not survive JSON.
inline constexpr std::uint64_t quota_max = 1ull << 53;

// What is to change; empty: stays. `path` is the last segment alone.
struct project_changes {
    std::optional<std::string> path, name, description;
    std::optional<storage::visibility> visibility;  // owners only
    std::optional<bool> anyone_can_pull;
    std::optional<storage::duplicates_rule> duplicates;
    std::optional<bool> archived;  // owners only
    std::optional<bool> packages_enabled;
    std::optional<quota_change> quota_bytes, quota_versions;  // administrators only
};

// Thread-safe.
class manage_projects {
public:
    manage_projects(storage::project_store& projects, auth::auditor& audit, clock const& time)
        : projects_(projects), audit_(audit), time_(time) {}

    // With permission::administer anywhere, and the groups of its path are made where they are
    // missing; with fill_group in the grant's group: then `wanted.path` is one segment.
    // errc::invalid_argument: see check_project_path(), or wider than its group; errc::conflict:
    // the path is taken, or lies within another project; errc::denied: a quota, by somebody who
    // does not administer the server.
    [[nodiscard]] task<result<storage::project_record>> create(auth::grant const& g,
                                                               storage::project_record wanted);
    // The grant's project, with edit_project or own_project.
    // errc::denied: what only owners, or only administrators, may change; errc::invalid_argument,
    // errc::not_found, errc::conflict. A quota below what the project holds stops additions alone.
    [[nodiscard]] task<result<storage::project_record>> edit(auth::grant const& g,
                                                             project_changes changes);
    // The grant's project, with own_project; with its channels, members and tokens. The bytes of
    // its charts wait for the collector. errc::not_found.
    [[nodiscard]] task<result<void>> remove(auth::grant const& g);

private:
    storage::project_store& projects_;
    auth::auditor& audit_;
    clock const& time_;
};

}  // namespace pilothouse::registry
