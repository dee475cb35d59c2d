#include "registry/manage_users.hpp"

#include "registry/path_rules.hpp"

#include <utility>

namespace pilothouse::registry {

task<result<storage::user_record>> manage_users::create(auth::grant const&, std::string username,
                                                        bool admin) {
    if (auto const good = check_user_name(username); !good) co_return good.error();
    storage::user_record user;
    user.username = std::move(username);
    user.admin = admin;
    user.created = time_.now();
    co_return co_await users_.create(std::move(user));
}

task<result<storage::user_record>> manage_users::find(auth::grant const&, std::string username) {
    co_return co_await users_.find(std::move(username));
}

task<result<storage::user_record>> manage_users::set_blocked(auth::grant const&,
                                                             std::string username, bool blocked) {
    PILOTHOUSE_CO_TRY(auto user, co_await users_.find(std::move(username)));
    user.blocked = blocked;
    co_return co_await users_.edit(std::move(user));
}

task<std::vector<storage::user_record>> manage_users::list(auth::grant const&) {
    co_return co_await users_.list();
}

}  // namespace pilothouse::registry
