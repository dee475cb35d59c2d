// The patches that scale a workload to nothing and back, and that restart it.
#pragma once

#include "release/kubernetes/workload_kinds.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace pilothouse::release::kubernetes {

inline constexpr std::string_view field_manager = "pilothouse";
// Where an object's size is written down, what names no node, and where a restart is.
inline constexpr std::string_view stopped_note = "pilothouse.stopped";
inline constexpr std::string_view nowhere_label = "pilothouse.stopped";
inline constexpr std::string_view restarted_note = "pilothouse.restarted";

// Each is for an object of that kind, as it is now; null: nothing is to be done. Merge patches
// (RFC 7386) which the server refuses (409) where the object was changed meanwhile.
[[nodiscard]] boost::json::value patch_down(workload_kind const& kind,
                                            boost::json::value const& live);
[[nodiscard]] boost::json::value patch_back(workload_kind const& kind,
                                            boost::json::value const& live);
[[nodiscard]] boost::json::value patch_restart(boost::json::value const& live, std::string mark);

// Whether a size is written down there.
[[nodiscard]] bool has_note(boost::json::value const& live);
// A JSON patch (RFC 6902), which strikes what is written down and our hold on fields: whoever
// applies an object is refused what another manager holds (contracts: helm-engine 1). The server
// refuses it (422) where that is not as it was.
[[nodiscard]] boost::json::value patch_release(boost::json::value const& live);

// Of a list of pods, those that belong to a workload, directly or by what it makes.
[[nodiscard]] std::size_t count_own(workload_kind const& kind, std::string_view name,
                                    boost::json::value const& pods);

}  // namespace pilothouse::release::kubernetes
