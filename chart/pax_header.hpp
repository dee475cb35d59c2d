// The extended header of a pax archive, read strictly.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pilothouse::chart {

// What it says of the member behind it, of all that it may say.
struct pax_header {
    std::optional<std::string> path;
    std::optional<std::uint64_t> size;
};

// Reads `length key=value\n` records to the end of `body`. What readers are known to take
// differently is refused: no sparse files, and numbers that are numbers (contracts: archives 34 to
// 36).
//
// errc::invalid_archive.
[[nodiscard]] result<pax_header> parse_pax_header(std::string_view body);

}  // namespace pilothouse::chart
