// Helm services: how each is to be deployed.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "deploy/access.hpp"
#include "deploy/deploy_parts.hpp"
#include "deploy/service_configuration.hpp"
#include "deploy/service_view.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::deploy {

struct configured_service {
    service_view view;
    service_configuration configuration;
    storage::channel_record channel;  // its source; id 0: the channel is gone
    std::string project_path;         // that the channel is of
};

// Thread-safe.
class configure_services {
public:
    explicit configure_services(deploy_parts const& parts) : parts_(parts) {}

    // see. Values are shown to those alone who may deploy: to others their texts are empty.
    [[nodiscard]] task<result<configured_service>> find(service_access const& a);
    [[nodiscard]] task<result<std::vector<configured_service>>> list(environment_access const& a);
    // manage. `document` as read_configuration() takes it; the caller may read the channel.
    // errc::invalid_argument: the document, or a channel, chart or version that there is not, or
    // values that are no values; errc::conflict: the name is taken.
    [[nodiscard]] task<result<configured_service>> create(environment_access const& a,
                                                          secret document);
    // manage; errc as above, besides errc::busy: a deployment of it is under way.
    [[nodiscard]] task<result<configured_service>> edit(service_access const& a, secret document);

private:
    deploy_parts const& parts_;
};

}  // namespace pilothouse::deploy
