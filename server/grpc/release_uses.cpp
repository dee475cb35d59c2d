#include "server/grpc/release_uses.hpp"

#include <utility>

namespace pilothouse::rpc {

task<result<auth::grant>> to_cluster(release_uses uses, call const& c, auth::permission what,
                                     std::string name) {
    PILOTHOUSE_CO_TRY(auto grant, co_await uses.access.to_cluster(c.who, what, std::move(name)));
    grant.came_from(c.from);
    co_return grant;
}

task<result<auth::grant>> to_release(release_uses uses, call const& c, auth::permission what,
                                     std::string id) {
    PILOTHOUSE_CO_TRY(auto grant, co_await uses.access.to_release(c.who, what, std::move(id)));
    grant.came_from(c.from);
    co_return grant;
}

task<result<auth::grant>> to_operation(release_uses uses, call const& c, auth::permission what,
                                       std::string id) {
    PILOTHOUSE_CO_TRY(auto grant, co_await uses.access.to_operation(c.who, what, std::move(id)));
    grant.came_from(c.from);
    co_return grant;
}

}  // namespace pilothouse::rpc
