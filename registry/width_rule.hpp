// Nothing is wider open than the group that it lies in.
#pragma once

#include "base/result.hpp"
#include "storage/directory.hpp"

namespace pilothouse::registry {

// GitLab's sentence, in every door. errc::invalid_argument: `wanted` is wider than the group.
[[nodiscard]] result<void> check_width(storage::visibility wanted, storage::visibility of_group);

}  // namespace pilothouse::registry
