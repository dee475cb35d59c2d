#include "registry/read_quota.hpp"

namespace pilothouse::registry {

using auth::permission;

task<storage::quota_state> read_quota::operator()(auth::grant const& g) {
    g.expect({permission::read_project, permission::edit_project, permission::own_project});
    co_return co_await channels_.quota_of(g.project().id);
}

bool shows_quota(auth::grant const& g) noexcept {
    return g.administrates() || g.role() >= storage::role::maintainer;
}

}  // namespace pilothouse::registry
