// How commands name environments and Helm services, and show them to people.
#pragma once

#include "deploy/configure_services.hpp"
#include "deploy/service_view.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace pilothouse::cli {

// Positional `ENV`: its UUID, or group/project/name.
void add_environment(CLI::App& app, std::string& reference);
// Positional `SERVICE`: its UUID, or group/project/environment/name.
void add_service(CLI::App& app, std::string& reference);

[[nodiscard]] std::string table_of(std::vector<storage::environment_record> const& environments);
[[nodiscard]] std::string table_of(std::vector<deploy::service_view> const& services);
[[nodiscard]] std::string table_of(std::vector<deploy::configured_service> const& services);
[[nodiscard]] std::string table_of(std::vector<storage::deployment_record> const& deployments);

// What the table has no column for; of values their keys alone, for they may be secrets.
[[nodiscard]] std::string details_of(deploy::service_configuration const& c);
// Of one that is busy: which commands say what it is busy with, and end it.
[[nodiscard]] failure with_way_out(failure why, std::string const& service);
// A dry run's result, for people.
[[nodiscard]] std::string difference_for_people(std::string_view result);

}  // namespace pilothouse::cli
