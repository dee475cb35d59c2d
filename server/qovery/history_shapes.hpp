// Past deployments as the deploy API's JSON, in the two forms that its clients know (contracts:
// releases 3.2, 8.11, 8.12).
#pragma once

#include "deploy/service_view.hpp"
#include "storage/service_store.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <string>

namespace pilothouse::qovery {

namespace json = boost::json;

// A deployment, and the service it is of as it is now, which tells of the one that is under way.
struct past_deployment {
    storage::deployment_record const& asked;
    deploy::service_view const& of;
};

// How it is, or ended: itself alone, whatever else was asked, and through whichever door.
[[nodiscard]] deploy::service_status status_of(past_deployment const& d);

// {"page": 1, "page_size": …, "results": […]}
[[nodiscard]] json::object history_shape(std::size_t page_size, json::array results);

[[nodiscard]] json::object service_history_row(past_deployment const& d);
[[nodiscard]] json::object service_history_row_v2(past_deployment const& d);
[[nodiscard]] json::object environment_history_row(past_deployment const& d);
[[nodiscard]] json::object environment_history_row_v2(past_deployment const& d,
                                                      std::string const& environment);

// What a dry run found, for people: of its result, JSON. Empty: nothing would change.
[[nodiscard]] std::string difference_text(std::string const& result);

}  // namespace pilothouse::qovery
