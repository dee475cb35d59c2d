// Which objects are not in a namespace.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "release/inspector.hpp"
#include "release/kubernetes/api_client.hpp"

#include <string>
#include <vector>

namespace pilothouse::release::kubernetes {

// What the cluster says of their kinds decides, not what they say of themselves.
[[nodiscard]] task<result<std::vector<object_state>>> find_outside(
    api_client& api, std::string name_space, std::vector<rendered_object> objects);

}  // namespace pilothouse::release::kubernetes
