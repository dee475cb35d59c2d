#include "deploy/acting_for.hpp"

#include <utility>

namespace pilothouse::deploy {

task<result<std::shared_ptr<auth::principal const>>> acting_for(storage::user_store& users,
                                                                storage::user_id user,
                                                                bool commanded) {
    if (commanded) co_return auth::local_operator();
    auto const found = co_await users.find(user);
    if (!found && found.error().code == errc::not_found)
        co_return failure(errc::denied, "whoever asked for it is gone");
    if (!found) co_return found.error();
    auto const& known = *found;
    if (known.blocked) co_return failure(errc::denied, "whoever asked for it is blocked");
    auth::principal who;
    who.what = auth::principal::kind::user;
    who.user = known.id;
    who.name = known.username;
    who.admin = known.admin;
    who.scopes = auth::scope::api;
    co_return std::make_shared<auth::principal const>(std::move(who));
}

}  // namespace pilothouse::deploy
