// Which bytes a GET asks for (RFC 9110, 14).
#pragma once

#include "server/http/conditional.hpp"
#include "server/http/request_head.hpp"

#include <cstdint>
#include <string>

namespace pilothouse::http {

struct byte_range {
    enum class kind : std::uint8_t { whole, part, unsatisfiable };
    kind what = kind::whole;
    // Of what is to be sent: the whole; the part, never empty; nothing.
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

// One range is served. Everything that may be ignored is: other methods than GET, other units,
// malformed ranges, several at once (RFC 9110, 14.2), and ranges of a state that If-Range does not
// know. A date in If-Range counts when it equals state.last_modified to the second: hand that in
// only for content that cannot change twice within one (13.1.5).
[[nodiscard]] byte_range select_range(request_head const& head, resource_state const& state,
                                      std::uint64_t size);

// 200, 206 or 416.
[[nodiscard]] unsigned status_of(byte_range const& range) noexcept;

// The value of Content-Range (RFC 9110, 14.4); empty for the whole, which has none.
[[nodiscard]] std::string content_range(byte_range const& range, std::uint64_t size);

}  // namespace pilothouse::http
