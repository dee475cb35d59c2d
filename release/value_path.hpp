// Where a value goes: `a.b[2].c`, `\.` for a dot within a segment.
#pragma once

#include "base/result.hpp"

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pilothouse::release {

// A key of a map, or a place in a list.
using path_step = std::variant<std::string, std::size_t>;
using value_path = std::vector<path_step>;

inline constexpr std::size_t path_bytes_max = 512;
inline constexpr std::size_t path_steps_max = 20;
inline constexpr std::size_t path_index_max = 1000;

// At least one step, the first one a key. A backslash takes the meaning from `.`, `[`, `]` and
// itself; before anything else it is an error. errc::invalid_argument, without the key itself.
[[nodiscard]] result<value_path> read_path(std::string_view text);

}  // namespace pilothouse::release
