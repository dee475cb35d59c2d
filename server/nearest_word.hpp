// "Did you mean": the known word nearest to a mistyped one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pilothouse {

// By edit distance; empty when nothing is near (more than a third of the letters differ).
[[nodiscard]] std::string nearest_word(std::string_view typed,
                                       std::vector<std::string> const& known);

}  // namespace pilothouse
