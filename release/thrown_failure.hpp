// What was thrown, as an operation tells of it.
#pragma once

#include "base/failure.hpp"

#include <exception>

namespace pilothouse::release {

// errc::full or errc::unavailable where the house has no room or no time, else errc::broken; what
// the exception says is the cause, for the log. Not null.
[[nodiscard]] failure failure_of(std::exception_ptr thrown);

}  // namespace pilothouse::release
