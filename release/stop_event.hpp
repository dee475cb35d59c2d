// A descriptor that becomes readable as soon as what runs is to end.
#pragma once

#include "base/descriptor.hpp"

namespace pilothouse::release {

// An eventfd, not raised yet. Throws std::system_error when there is no descriptor left.
[[nodiscard]] descriptor make_event();

// Readable from now on. Any thread.
void raise_event(descriptor const& event) noexcept;

}  // namespace pilothouse::release
