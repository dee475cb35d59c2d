// Rows and columns for people.
#pragma once

#include "base/clock.hpp"

#include <string>
#include <vector>

namespace pilothouse::cli {

// A heading and rows of as many cells, in columns as wide as need be, each row ended by a line
// feed. Cells are UTF-8 of our own making or checked when they were stored. Nothing but the heading
// where there are no rows.
[[nodiscard]] std::string table(std::vector<std::string> const& heading,
                                std::vector<std::vector<std::string>> const& rows);

// Several words in one cell: "api, read_api".
[[nodiscard]] std::string joined(std::vector<std::string> const& words);

// To the second, in UTC: "2027-01-31T12:00:00Z".
[[nodiscard]] std::string when(instant t);

}  // namespace pilothouse::cli
