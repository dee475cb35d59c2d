// Clusters, releases and operations as JSON: the same for every door that shows them.
#pragma once

#include "release/diff_release.hpp"
#include "release/inspector.hpp"
#include "storage/cluster_store.hpp"
#include "storage/operation_log.hpp"
#include "storage/release_store.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string_view>
#include <vector>

namespace pilothouse::shapes {

// Times are RFC 3339; what is not known is null. Never a credential or a value.
[[nodiscard]] boost::json::object shape_of(storage::cluster_record const& cluster);
[[nodiscard]] boost::json::object shape_of(storage::cluster_member const& member);
[[nodiscard]] boost::json::object shape_of(release::inspection const& seen);
[[nodiscard]] boost::json::object shape_of(storage::release_record const& release);
[[nodiscard]] boost::json::object shape_of(release::revision const& revision);
[[nodiscard]] boost::json::object shape_of(release::listed_release const& foreign);
[[nodiscard]] boost::json::object shape_of(release::object_difference const& difference);
[[nodiscard]] boost::json::object shape_of(release::object_state const& object);
[[nodiscard]] boost::json::object shape_of(storage::operation_record const& operation);
[[nodiscard]] boost::json::object shape_of(storage::operation_event const& event);

template <class Thing>
[[nodiscard]] boost::json::array shape_of(std::vector<Thing> const& things) {
    boost::json::array all;
    for (auto const& thing : things) all.emplace_back(shape_of(thing));
    return all;
}

[[nodiscard]] std::string_view word_of(release::object_change change) noexcept;

}  // namespace pilothouse::shapes
