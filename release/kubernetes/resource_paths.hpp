// Where objects are on an API server, by their version, kind and name.
#pragma once

#include <boost/json/value.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pilothouse::release::kubernetes {

// `/api/v1`, `/apis/apps/v1`. Empty: no version that an object can have.
[[nodiscard]] std::string version_path(std::string_view api_version);

struct resource {
    std::string plural;
    bool namespaced = true;
};

// The kinds of one version, by what the server answers at its version_path().
[[nodiscard]] std::map<std::string, resource, std::less<>> read_kinds(
    boost::json::value const& resource_list);

// Of one object; empty: no name that an object can have.
[[nodiscard]] std::string object_path(std::string_view api_version, resource const& what,
                                      std::string_view name_space, std::string_view name);

// The pods that a workload's own `spec.selector` selects, as the value of a query's labelSelector;
// empty: it has none.
[[nodiscard]] std::string selector_of(boost::json::value const& workload);

}  // namespace pilothouse::release::kubernetes
