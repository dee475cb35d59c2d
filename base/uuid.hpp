// Universally unique identifiers (RFC 9562), in their text form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pilothouse {

// Version 4, lower case. Throws as random_bytes() does.
[[nodiscard]] std::string random_uuid();

// Lower case, where the text is one of any version, in either case.
[[nodiscard]] std::optional<std::string> parse_uuid(std::string_view text);

// Version 8: what is known by a number here, for clients that want a UUID. `kind` is a letter of
// its own for each kind of thing. Both can be read in it: 42 of kind `c` (0x63) is
// 00000063-0000-8000-8000-00000000002a.
[[nodiscard]] std::string numbered_uuid(char kind, std::int64_t number);
// Empty: it is not one of those.
[[nodiscard]] std::optional<std::int64_t> number_in_uuid(char kind, std::string_view uuid);

}  // namespace pilothouse
