// What form of an answer a client would rather have (RFC 9110, 12.5).
#pragma once

#include <string_view>

namespace pilothouse::http {

// Takes the value of Accept-Encoding; empty: the field is absent. True only when the client takes
// gzip at least as gladly as no coding at all, and either names it or refuses the latter: Helm does
// not ask, and cannot read what it did not ask for. Malformed elements are ignored.
[[nodiscard]] bool prefers_gzip(std::string_view accept_encoding);

// Takes the value of Accept. True only when it names this media type itself, and does not refuse
// it: for forms of an answer that nobody gets unasked. Parameters of the type are ignored.
[[nodiscard]] bool names_type(std::string_view accept, std::string_view type);

}  // namespace pilothouse::http
