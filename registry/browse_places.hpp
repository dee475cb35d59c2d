// The projects and groups that a caller may see, with his role in each.
#pragma once

#include "auth/grant.hpp"
#include "base/clock.hpp"
#include "base/task.hpp"
#include "storage/directory.hpp"

#include <map>
#include <vector>

namespace pilothouse::registry {

template <class Place>
struct seen {
    Place place;
    storage::role role = storage::role::none;    // direct and inherited; owner for administrators
    storage::role member = storage::role::none;  // the same, but nothing for administrators
};

// What a user was given in places themselves, and has not ended.
using given_roles = std::map<storage::place_id, storage::role>;

// Thread-safe. Needs permission::browse, be_somebody or administer.
class browse_places {
public:
    struct stores {
        storage::project_store& projects;
        storage::group_store& groups;
        storage::member_store& members;
    };
    browse_places(stores const& from, clock const& time) : from_(from), time_(time) {}

    // By path.
    [[nodiscard]] task<std::vector<seen<storage::project_record>>> projects(auth::grant const& g);
    // The caller's own; empty for whoever is no user. With read_project, too.
    [[nodiscard]] task<given_roles> own_roles(auth::grant const& g);
    // Every group by its number, for the names around what the caller sees.
    [[nodiscard]] task<std::map<storage::group_id, storage::group_record>> all_groups();
    // By path. A group shows when something in it is the caller's, too.
    [[nodiscard]] task<std::vector<seen<storage::group_record>>> groups(auth::grant const& g);

private:
    stores from_;
    clock const& time_;
};

}  // namespace pilothouse::registry
