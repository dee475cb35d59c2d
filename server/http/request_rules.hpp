// What a request must fulfil beyond its grammar, so that no two readers of it (a proxy and we)
// take it for two different things.
#pragma once

#include "server/http/request_head.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace pilothouse::http {

// A request that gets no further than the connection; words live for ever.
struct refusal {
    unsigned status = 400;
    std::string_view code;    // a stable word for clients
    std::string_view detail;  // a sentence for people
};

// Of a request that cannot be read for certain.
[[nodiscard]] constexpr refusal malformed(std::string_view detail) {
    return {400, "invalid_request", detail};
}

// Judges a head whose method, version, fields, content_length and chunked are set, and fills in
// path, query, host and expects_continue from the target and the fields. See RFC 9112
// 3.2, 6.1, 6.3, and what libraries let through (contracts: reliability 2.4).
[[nodiscard]] std::optional<refusal> interpret(std::string_view target, request_head& head);

}  // namespace pilothouse::http
