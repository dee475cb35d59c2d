// Which content coding a client would rather have (RFC 9110, 12.5.3).
#pragma once

#include <string_view>

namespace pilothouse::http {

// Takes the value of Accept-Encoding; empty: the field is absent. True only when the client takes
// gzip at least as gladly as no coding at all, and either names it or refuses the latter: Helm does
// not ask, and cannot read what it did not ask for. Malformed elements are ignored.
[[nodiscard]] bool prefers_gzip(std::string_view accept_encoding);

}  // namespace pilothouse::http
