// Helm services: configured, and one by one deployed, stopped, uninstalled, removed.
#pragma once

#include "server/qovery/request.hpp"

namespace pilothouse::qovery {

class service_handlers : public handlers {
public:
    using handlers::handlers;

    [[nodiscard]] answer list(request& r);
    [[nodiscard]] answer create(request& r);
    [[nodiscard]] answer show(request& r);
    [[nodiscard]] answer edit(request& r);
    [[nodiscard]] answer remove(request& r);

    [[nodiscard]] answer status(request& r);
    [[nodiscard]] answer statuses(request& r);

    // With forceEvent=DIFF dry runs, both.
    [[nodiscard]] answer deploy(request& r);
    [[nodiscard]] answer redeploy(request& r);
    [[nodiscard]] answer stop(request& r);
    [[nodiscard]] answer restart(request& r);
    [[nodiscard]] answer uninstall(request& r);
    // The path names a deployment.
    [[nodiscard]] answer cancel(request& r);

private:
    [[nodiscard]] answer begin(request const& r, deploy::service_access const& a,
                               std::string version);
};

}  // namespace pilothouse::qovery
