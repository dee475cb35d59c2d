// Who has which role in a project or group.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/directory.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::registry {

// Thread-safe. The place is the grant's. Changes need edit_project or own_group, the rest
// read_project or read_group; a change counts at the next request.
class manage_members {
public:
    manage_members(storage::member_store& members, storage::group_store& groups,
                   auth::auditor& audit, clock const& time)
        : members_(members), groups_(groups), audit_(audit), time_(time) {}

    struct wanted {
        storage::user_id user;
        storage::role role = storage::role::none;  // never none
        std::optional<instant> expires;
    };

    // Of a member, it changes the role and the end. errc::not_found: the user is gone;
    // errc::denied: more than the caller's own role, given or taken; errc::invalid_argument: less
    // than what is inherited, or an end in the past; errc::conflict: the last owner of a group.
    [[nodiscard]] task<result<storage::member_record>> set(auth::grant const& g, wanted w);
    // errc::not_found: there is no such member in this very place; errc::denied, errc::conflict as
    // above. Oneself with any role.
    [[nodiscard]] task<result<void>> remove(auth::grant const& g, storage::user_id user);

    // In this very place. errc::not_found.
    [[nodiscard]] task<result<storage::member_record>> find(auth::grant const& g,
                                                            storage::user_id user);
    // By user name. With `inherited` those of the groups above too: each user once, with the
    // highest role. What has ended is left out.
    [[nodiscard]] task<std::vector<storage::member_record>> list(auth::grant const& g,
                                                                 bool inherited);

private:
    [[nodiscard]] task<result<void>> check_inherited(storage::place_id where, wanted const& w);

    storage::member_store& members_;
    storage::group_store& groups_;
    auth::auditor& audit_;
    clock const& time_;
};

// The place that a grant is for.
[[nodiscard]] storage::place_id place_of(auth::grant const& g) noexcept;

}  // namespace pilothouse::registry
