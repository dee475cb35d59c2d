// A release's history, fit for people.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "release/engine.hpp"
#include "release/release_parts.hpp"

#include <vector>

namespace pilothouse::release {

// The oldest first. Helm's words on a failure may quote the values that it was about: those that
// the newest revision has are struck out, and the cluster's credentials.
[[nodiscard]] task<result<std::vector<revision>>> shown_history(release_parts const& parts,
                                                                target where);

}  // namespace pilothouse::release
