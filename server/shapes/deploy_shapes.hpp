// Environments, Helm services and what was asked of them as JSON.
#pragma once

#include "deploy/configure_services.hpp"
#include "deploy/service_view.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::shapes {

// Times are RFC 3339; what is not known is null.
[[nodiscard]] boost::json::object shape_of(storage::environment_record const& environment);
[[nodiscard]] boost::json::object shape_of(deploy::service_view const& service);
// With values, where the caller sees them. read_configuration() takes it as it is.
[[nodiscard]] boost::json::object shape_of(deploy::configured_service const& service);
// Without a dry run's result.
[[nodiscard]] boost::json::object shape_of(storage::deployment_record const& deployment);

[[nodiscard]] boost::json::array shape_of(std::vector<storage::environment_record> const& all);
[[nodiscard]] boost::json::array shape_of(std::vector<deploy::service_view> const& all);
[[nodiscard]] boost::json::array shape_of(std::vector<deploy::configured_service> const& all);
[[nodiscard]] boost::json::array shape_of(std::vector<storage::deployment_record> const& all);

// Why what was asked for last went wrong; empty: it did not.
[[nodiscard]] std::string fault_of(deploy::service_view const& service);
[[nodiscard]] std::string_view word_of(storage::deployment_outcome outcome) noexcept;

}  // namespace pilothouse::shapes
