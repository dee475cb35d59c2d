// What the engine is to be told, made of a service's configuration.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "deploy/access.hpp"
#include "deploy/chart_choice.hpp"
#include "deploy/deploy_parts.hpp"
#include "deploy/service_configuration.hpp"
#include "release/change_release.hpp"

#include <string>

namespace pilothouse::deploy {

// Of a deploy.
struct order {
    service_configuration configured;
    chart_choice chart;
    storage::operation_options options;
    bool pins = false;  // the version that was named is the configured one from now on
};

// Unsealed.
[[nodiscard]] result<service_configuration> configuration_of(
    deploy_parts const& parts, storage::service_record const& service);

// Whether this version, if one is named, is to be the configured one. Not where a service follows
// its channel by a range: there it is deployed once.
[[nodiscard]] bool pins(service_configuration const& configured, std::string const& version);

// `version`: empty is the configured one. errc::invalid_argument: there is none such, or what is
// configured is out of today's limits.
[[nodiscard]] task<result<order>> order_of(deploy_parts const& parts, service_access const& a,
                                           storage::service_record const& service,
                                           std::string version);

[[nodiscard]] release::install_request install_of(service_access const& a,
                                                  storage::service_record const& service,
                                                  order const& o);
[[nodiscard]] release::update_request update_of(std::string release, order const& o);

// Of what ends or scales a release. A limit that was lowered since it was configured keeps nothing
// from ending.
[[nodiscard]] storage::operation_options ending_options(deploy_parts const& parts,
                                                        service_configuration const& configured);

}  // namespace pilothouse::deploy
