// The people of the server: made, blocked, listed.
#pragma once

#include "auth/grant.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/directory.hpp"

#include <string>
#include <vector>

namespace pilothouse::registry {

// Thread-safe. All need permission::administer.
class manage_users {
public:
    manage_users(storage::user_store& users, clock const& time) : users_(users), time_(time) {}

    // errc::invalid_argument: see check_user_name(); errc::conflict: the name is taken, in
    // whichever letter case.
    [[nodiscard]] task<result<storage::user_record>> create(auth::grant const& g,
                                                            std::string username, bool admin);
    // errc::not_found.
    [[nodiscard]] task<result<storage::user_record>> find(auth::grant const& g,
                                                          std::string username);
    // A blocked user's tokens are refused from the next request on. errc::not_found.
    [[nodiscard]] task<result<storage::user_record>> set_blocked(auth::grant const& g,
                                                                 std::string username,
                                                                 bool blocked);
    [[nodiscard]] task<std::vector<storage::user_record>> list(auth::grant const& g);

private:
    storage::user_store& users_;
    clock const& time_;
};

}  // namespace pilothouse::registry
