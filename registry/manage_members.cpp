#include "registry/manage_members.hpp"

namespace pilothouse::registry {

task<result<void>> manage_members::set(auth::grant const&, storage::project_id project,
                                       storage::user_id user, storage::role r) {
    if (r == storage::role::none)
        co_return failure(errc::invalid_argument, "a member has a role; without one, remove it");
    co_return co_await members_.set(project, user, r);
}

task<result<void>> manage_members::remove(auth::grant const&, storage::project_id project,
                                          storage::user_id user) {
    co_return co_await members_.set(project, user, storage::role::none);
}

task<std::vector<storage::member_record>> manage_members::list(auth::grant const&,
                                                               storage::project_id project) {
    co_return co_await members_.list(project);
}

}  // namespace pilothouse::registry
