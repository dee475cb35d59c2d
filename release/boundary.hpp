// Whether what a chart makes stays within its release's namespace.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "release/engine.hpp"
#include "release/release_parts.hpp"

#include <vector>

namespace pilothouse::release {

// errc::wrong_state: it does not; the sentence names the first objects that are elsewhere, or the
// cluster's; errc::unavailable: nothing here can tell, or the cluster is not reached. A chart that
// makes something else each time is judged by this time alone.
[[nodiscard]] task<result<void>> check_boundary(release_parts const& parts, target const& where,
                                                std::vector<rendered_object> objects);

}  // namespace pilothouse::release
