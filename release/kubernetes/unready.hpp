// Which objects of a release are not ready, and why.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "release/inspector.hpp"
#include "release/kubernetes/api_client.hpp"

#include <vector>

namespace pilothouse::release::kubernetes {

// The causes of the first twenty are looked for. A hook that is not there is not awaited.
[[nodiscard]] task<result<std::vector<object_state>>> find_unready(
    api_client& api, std::vector<rendered_object> objects);

}  // namespace pilothouse::release::kubernetes
