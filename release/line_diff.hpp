// Two texts, line by line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pilothouse::release {

// Lines of both that begin with ` `, of the old text alone with `-`, of the new one with `+`. Of
// what is the same three lines around each change are shown; where others are left out, stands a
// line ` ...`. Empty where the texts are equal. Very long texts that have little in common are
// shown as one change, and so are those for whose comparison too few of `cells` are left: each
// takes as many as the lines that differ of one times those of the other, from all that a diff may
// cost.
[[nodiscard]] std::string diff_lines(std::string_view before, std::string_view after,
                                     std::size_t& cells);

}  // namespace pilothouse::release
