// Which objects of a release are gone, or were changed by somebody.
#pragma once

#include "base/blocking_pool.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "release/inspector.hpp"
#include "release/kubernetes/api_client.hpp"

#include <vector>

namespace pilothouse::release::kubernetes {

// Reads manifests and compares them on the pool. Secrets, and what is no readable YAML, are looked
// for only; hooks come and go, and are not looked for.
[[nodiscard]] task<result<std::vector<object_state>>> find_drifted(
    api_client& api, blocking_pool& comparing, std::vector<rendered_object> objects);

}  // namespace pilothouse::release::kubernetes
