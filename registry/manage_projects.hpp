// The projects of the server: made, changed, removed.
#pragma once

#include "auth/grant.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/directory.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::registry {

// What is to change; empty: stays.
struct project_changes {
    std::optional<storage::visibility> visibility;
    std::optional<bool> anyone_can_pull;
    std::optional<storage::duplicates_rule> duplicates;
    std::optional<bool> archived;
    std::optional<bool> packages_enabled;
};

// Thread-safe. All need permission::administer.
class manage_projects {
public:
    manage_projects(storage::project_store& projects, clock const& time)
        : projects_(projects), time_(time) {}

    // Takes all of `wanted` but id and time. errc::invalid_argument: see check_project_path();
    // errc::conflict: the path is taken, or lies within another project, or around one.
    [[nodiscard]] task<result<storage::project_record>> create(auth::grant const& g,
                                                               storage::project_record wanted);
    // errc::not_found.
    [[nodiscard]] task<result<storage::project_record>> edit(auth::grant const& g,
                                                             storage::project_id id,
                                                             project_changes changes);
    // With its channels, members and tokens; the bytes of its charts wait for the collector.
    // errc::not_found.
    [[nodiscard]] task<result<void>> remove(auth::grant const& g, storage::project_id id);

    [[nodiscard]] task<result<storage::project_record>> find(auth::grant const& g,
                                                             storage::project_id id);
    [[nodiscard]] task<result<storage::project_record>> find(auth::grant const& g,
                                                             std::string path);
    [[nodiscard]] task<std::vector<storage::project_record>> list(auth::grant const& g);

private:
    storage::project_store& projects_;
    clock const& time_;
};

}  // namespace pilothouse::registry
