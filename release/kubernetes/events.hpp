// What the cluster's own events say of an object.
#pragma once

#include <boost/json/array.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace pilothouse::release::kubernetes {

enum class event_choice : std::uint8_t { warnings, all };

// The events of one object.
[[nodiscard]] std::string events_path(std::string_view name_space, std::string_view kind,
                                      std::string_view name);

// `FailedMount: …` of the newest one; empty: there is none.
[[nodiscard]] std::string newest_event(boost::json::array const& events, event_choice which);

}  // namespace pilothouse::release::kubernetes
