// On whose behalf something is done that nobody asks for at this moment.
#pragma once

#include "auth/principal.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/directory.hpp"

#include <memory>

namespace pilothouse::deploy {

// The user as he is now. `commanded`: by the command line, which is no user. errc::denied: he is
// gone, or blocked.
[[nodiscard]] task<result<std::shared_ptr<auth::principal const>>> acting_for(
    storage::user_store& users, storage::user_id user, bool commanded);

}  // namespace pilothouse::deploy
