// Why a pod is not ready, by what the API server says of it.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>

namespace pilothouse::release::kubernetes {

struct pod_trouble {
    // `starting` and `unready` are no causes themselves: its events may tell more.
    enum class weight : std::uint8_t { none, starting, unready, cause };
    weight how = weight::none;
    std::string text;  // `ImagePullBackOff: …`, `0/1 nodes are available: …`
    std::string pod;   // its name
};

[[nodiscard]] pod_trouble trouble_of(boost::json::value const& pod);
// The heaviest of those that are not being deleted, of equal ones that of the newest pod.
[[nodiscard]] pod_trouble worst_of(boost::json::array const& pods);

}  // namespace pilothouse::release::kubernetes
