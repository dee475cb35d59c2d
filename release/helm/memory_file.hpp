// A secret as a file that lies on no disk.
#pragma once

#include "base/descriptor.hpp"
#include "base/result.hpp"

#include <string_view>

namespace pilothouse::release::helm {

// Holds this text, read-only and sealed, with rights 0600; close-on-exec. A child that has it as
// descriptor N reads it, as often as it likes, as /proc/self/fd/N. errc::unavailable.
[[nodiscard]] result<descriptor> memory_file(std::string_view text);

}  // namespace pilothouse::release::helm
