// Groups: folders of projects, in which rights are given for all that lies in them.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/directory.hpp"

#include <optional>
#include <string>

namespace pilothouse::registry {

// What is to change; empty: stays. `path` is the last segment alone.
struct group_changes {
    std::optional<std::string> path, name, description;
    std::optional<storage::visibility> visibility;
};

// Thread-safe.
class manage_groups {
public:
    manage_groups(storage::group_store& groups, auth::auditor& audit, clock const& time)
        : groups_(groups), audit_(audit), time_(time) {}

    // At the top with permission::administer; in the grant's group with manage_group: then
    // `wanted.path` is one segment. Its maker owns it. errc::invalid_argument: see
    // check_group_path(), or wider than its group; errc::conflict: the path is taken;
    // errc::not_found: the parent is gone.
    [[nodiscard]] task<result<storage::group_record>> create(auth::grant const& g,
                                                             storage::group_record wanted);
    // The grant's group, with own_group. A new path moves all that lies in it. errc as above.
    [[nodiscard]] task<result<storage::group_record>> edit(auth::grant const& g,
                                                           group_changes changes);
    // The grant's group with all that lies in it, with own_group.
    [[nodiscard]] task<result<void>> remove(auth::grant const& g);

private:
    storage::group_store& groups_;
    auth::auditor& audit_;
    clock const& time_;
};

}  // namespace pilothouse::registry
