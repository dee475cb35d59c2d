// Who has which role in a project.
#pragma once

#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/directory.hpp"

#include <vector>

namespace pilothouse::registry {

// Thread-safe. All need permission::administer. A change counts at the next request.
class manage_members {
public:
    explicit manage_members(storage::member_store& members) : members_(members) {}

    // Of a member, it changes the role. `r` is not role::none. errc::not_found: the project or the
    // user is gone.
    [[nodiscard]] task<result<void>> set(auth::grant const& g, storage::project_id project,
                                         storage::user_id user, storage::role r);
    // errc::not_found: there is no such member.
    [[nodiscard]] task<result<void>> remove(auth::grant const& g, storage::project_id project,
                                            storage::user_id user);
    [[nodiscard]] task<std::vector<storage::member_record>> list(auth::grant const& g,
                                                                 storage::project_id project);

private:
    storage::member_store& members_;
};

}  // namespace pilothouse::registry
