// The deploy API's JSON: every key that its clients need is there, null where there is nothing
// (contracts: releases 3.2).
#pragma once

#include "deploy/configure_services.hpp"
#include "deploy/service_view.hpp"
#include "storage/cluster_store.hpp"
#include "storage/directory.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::qovery {

namespace json = boost::json;

// {"results": […]}
[[nodiscard]] json::object listed(json::array results);

// --- places

[[nodiscard]] std::string organization_uuid(storage::group_id id);
[[nodiscard]] std::string project_uuid(storage::project_id id);
[[nodiscard]] std::string cluster_uuid(storage::cluster_id id);
[[nodiscard]] std::string repository_uuid(storage::channel_id id);

[[nodiscard]] json::object organization_shape(storage::group_record const& g);
[[nodiscard]] json::object project_shape(storage::project_record const& p,
                                         std::size_t environments);
[[nodiscard]] json::object cluster_shape(storage::cluster_record const& c,
                                         storage::group_id organization);
[[nodiscard]] json::object environment_shape(storage::environment_record const& e,
                                             storage::group_id organization);
// Its address is the channel's, behind `site`.
[[nodiscard]] json::object repository_shape(storage::channel_record const& channel,
                                            std::string const& project_path,
                                            std::string const& site);

// --- services

[[nodiscard]] json::object service_shape(deploy::configured_service const& s,
                                         std::string const& environment, std::string const& site);
[[nodiscard]] json::object status_shape(deploy::service_view const& v);
// While a dry run is told of, by its own request.
[[nodiscard]] json::object dry_run_shape(deploy::service_view const& v,
                                         storage::deployment_record const& run);

// What all services of an environment make of it.
[[nodiscard]] json::object environment_status_shape(std::string const& uuid,
                                                    std::vector<deploy::service_view> const& all);
[[nodiscard]] json::object statuses_shape(std::string const& uuid,
                                          std::vector<deploy::service_view> const& all);
// The same with what a service's status has: clients take the answer to "deploy the environment"
// for one of these.
[[nodiscard]] json::object deployed_environment_shape(std::string const& uuid,
                                                      std::vector<deploy::service_view> const& all);

// `2026-11-21T12:36:55.123Z`
[[nodiscard]] std::string time_text(instant t);

}  // namespace pilothouse::qovery
