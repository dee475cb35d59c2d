// One row of a door's table: verb, pattern, permission, body, handler.
#pragma once

#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "server/http/exchange.hpp"
#include "server/http/response.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace pilothouse::http {

inline constexpr std::uint64_t document_bytes_max = 1024 * 1024;
inline constexpr std::uint64_t reading_bytes_max = 16 * 1024;  // of the same, with GET and HEAD

enum class body_rule : std::uint8_t {
    none,      // a body is dropped unread
    upload,    // streamed; at most the server's upload limit
    own,       // the handler sets the limit before it reads
    document,  // JSON or a form of a few fields; at most document_bytes_max, reading_bytes_max of
               // GET
};

// How a door words what went wrong, in its own dialect. Thread-safe.
class dialect {
public:
    virtual ~dialect() = default;
    // failure::cause goes with the answer (response::because), into the access line.
    [[nodiscard]] virtual response refuse(exchange const& x, failure const& f) const = 0;
    // No route has this path (404), or none has it with this method (405; the caller adds Allow).
    [[nodiscard]] virtual response no_route(unsigned status) const = 0;
};

using handler = std::function<task<response>(exchange&)>;
// Judges the parameters before anybody asks who is calling.
using parameter_check = result<void> (*)(exchange const&);

// A pattern is a path whose segments are literal, `{name}` (one segment, not empty, no encoded
// slash), `{name*}` (one segment, encoded slashes welcome) or `{name...}` (one segment or more,
// encoded slashes welcome; once in a pattern). `{name}:verb` is a segment that ends in `:verb`. Of
// several that fit, the first in the table counts. GET routes answer HEAD too.
struct route {
    http::method method;
    std::string_view pattern;
    std::optional<auth::permission>
        permission;  // none: open to everybody; else for the parameter called `project` or
                     // `group`, or for the whole server, as the permission is
    body_rule body;
    parameter_check check;  // may be null
    http::handler handle;
};

// One door: a prefix that is its own, its words, its table.
struct door {
    std::string_view prefix;  // of the paths whose errors it words: "/api/v4/"
    http::dialect const* words;
    std::vector<route> routes;
};

}  // namespace pilothouse::http
