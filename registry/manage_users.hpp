// The people of the server: made, changed, blocked, removed.
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

struct new_user {
    std::string username;
    std::string name;   // for people; empty: the user name
    std::string email;  // may be empty
    bool admin = false;
};

// What is to change; empty: stays.
struct user_changes {
    std::optional<std::string> username, name, email;
    std::optional<bool> admin;
};

// Thread-safe. Changes need permission::administer, the rest be_somebody.
class manage_users {
public:
    manage_users(storage::user_store& users, auth::auditor& audit, clock const& time)
        : users_(users), audit_(audit), time_(time) {}

    // errc::invalid_argument: see check_user_name(), or an address without `@`; errc::conflict: the
    // name or the address is taken, in whichever letter case; the detail is GitLab's sentence.
    [[nodiscard]] task<result<storage::user_record>> create(auth::grant const& g, new_user wanted);
    [[nodiscard]] task<result<storage::user_record>> edit(auth::grant const& g, storage::user_id id,
                                                          user_changes changes);
    // A blocked user's tokens are refused from the next request on. errc::not_found; errc::denied:
    // oneself.
    [[nodiscard]] task<result<storage::user_record>> set_blocked(auth::grant const& g,
                                                                 storage::user_id id, bool blocked);
    // With memberships and tokens. errc::not_found; errc::denied: oneself; errc::conflict: the last
    // owner of a group, unless `forced`.
    [[nodiscard]] task<result<void>> remove(auth::grant const& g, storage::user_id id, bool forced);

    // errc::not_found.
    [[nodiscard]] task<result<storage::user_record>> find(auth::grant const& g,
                                                          storage::user_id id);
    [[nodiscard]] task<result<storage::user_record>> find(auth::grant const& g,
                                                          std::string username);
    // Without the bots that hold access tokens.
    [[nodiscard]] task<std::vector<storage::user_record>> list(auth::grant const& g);

private:
    storage::user_store& users_;
    auth::auditor& audit_;
    clock const& time_;
};

}  // namespace pilothouse::registry
