// Entity tags: `"x"` and, weak, `W/"x"` (RFC 9110, 8.8.3).
#pragma once

#include <cstdint>
#include <string_view>

namespace pilothouse::http {

// Strong: byte for byte the same, so weak tags equal nothing. Weak: as good as the same
// (RFC 9110, 8.8.3.2).
enum class tag_comparison : std::uint8_t { strong, weak };

// False when either is no entity tag.
[[nodiscard]] bool tags_match(std::string_view a, std::string_view b, tag_comparison how) noexcept;

// True when one of the list's tags equals `tag`. The list ends at the first element that is no
// entity tag. Tags may hold commas.
[[nodiscard]] bool any_tag_matches(std::string_view list, std::string_view tag,
                                   tag_comparison how) noexcept;

}  // namespace pilothouse::http
