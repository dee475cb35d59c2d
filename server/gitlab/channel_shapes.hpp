// Channels and the versions in them, in JSON: keys as the command line's --json has them.
#pragma once

#include "registry/collect_garbage.hpp"
#include "registry/list_charts.hpp"
#include "registry/retention.hpp"

#include <boost/json/object.hpp>

namespace pilothouse::gitlab {

namespace json = boost::json;

[[nodiscard]] json::object channel_shape(storage::channel_record const& c);
[[nodiscard]] json::object version_shape(storage::catalogue_entry const& e);
// With `outcome`.
[[nodiscard]] json::object promoted_shape(storage::added const& a);
// With `reason`.
[[nodiscard]] json::object doomed_shape(registry::doomed_version const& d);
[[nodiscard]] json::object garbage_shape(registry::collected const& c, bool dry_run);

}  // namespace pilothouse::gitlab
