// The name that a client gives its request.
#pragma once

#include <string_view>

namespace pilothouse::http {

// Whether it can do no harm in a header or a log, and so is repeated there: 1 to 64 of
// [A-Za-z0-9._-].
[[nodiscard]] bool is_harmless_id(std::string_view id) noexcept;

}  // namespace pilothouse::http
