// A coroutine that does nothing for a while.
#pragma once

#include "base/task.hpp"

#include <chrono>

namespace pilothouse {

// On the core of whoever awaits it; nothing else there waits.
[[nodiscard]] task<void> pause_for(std::chrono::milliseconds time);

}  // namespace pilothouse
