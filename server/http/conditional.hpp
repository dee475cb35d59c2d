// Conditional requests (RFC 9110, 13): has the client the present state already?
#pragma once

#include "base/clock.hpp"
#include "server/http/request_head.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace pilothouse::http {

// What would be sent, as of now.
struct resource_state {
    std::string_view etag;  // quotes included, `W/` before a weak one; empty: none
    std::optional<instant> last_modified;
};

enum class verdict : std::uint8_t { proceed, not_modified, precondition_failed };

// 200, 304 or 412.
[[nodiscard]] unsigned status_of(verdict v) noexcept;

// In the order of RFC 9110 13.2.2, If-Range apart (see byte_range.hpp). Ask only where the answer
// would otherwise be 2xx. A malformed entity tag equals none; a malformed or repeated date is
// ignored.
[[nodiscard]] verdict evaluate(request_head const& head, resource_state const& state);

}  // namespace pilothouse::http
