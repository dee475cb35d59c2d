// Environments, and what is asked of all services in one.
#pragma once

#include "server/qovery/request.hpp"

namespace pilothouse::qovery {

class environment_handlers : public handlers {
public:
    using handlers::handlers;

    [[nodiscard]] answer list(request& r);
    [[nodiscard]] answer create(request& r);
    [[nodiscard]] answer show(request& r);
    [[nodiscard]] answer edit(request& r);
    [[nodiscard]] answer remove(request& r);

    [[nodiscard]] answer status(request& r);
    [[nodiscard]] answer statuses(request& r);

    // Of all its services; of those that the body names. One that cannot be done now: none is.
    [[nodiscard]] answer deploy(request& r);
    [[nodiscard]] answer stop(request& r);
    [[nodiscard]] answer uninstall(request& r);
    [[nodiscard]] answer cancel(request& r);
    [[nodiscard]] answer deploy_some(request& r);
    [[nodiscard]] answer stop_some(request& r);
    [[nodiscard]] answer uninstall_some(request& r);
    [[nodiscard]] answer remove_some(request& r);

private:
    [[nodiscard]] task<result<auth::grant>> project(request const& r, auth::permission what);
    // Those of this list of the body. errc::invalid_argument; errc::not_found: of another kind.
    [[nodiscard]] task<result<deploy::asked_services>> named(request const& r,
                                                             std::string_view list);
    // 202 with the environment's status; 204: there was nothing to do.
    [[nodiscard]] answer outcome(deploy::environment_access const& a,
                                 deploy::told_services const& told);
};

}  // namespace pilothouse::qovery
