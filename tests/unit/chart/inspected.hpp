// An archive in a string, inspected.
#pragma once

#include "chart/inspection.hpp"

#include <algorithm>
#include <string_view>

namespace pilothouse::tests {

// Gives the bytes in pieces, as a socket would.
[[nodiscard]] inline chart::byte_source source_of(std::string_view bytes,
                                                  std::size_t piece = 4096) {
    return [bytes, piece](std::span<char> out) mutable {
        auto const given = std::min({out.size(), bytes.size(), piece});
        std::copy_n(bytes.begin(), given, out.begin());
        bytes.remove_prefix(given);
        return given;
    };
}

[[nodiscard]] inline result<chart::inspected_chart> inspected(
    std::string_view bytes, chart::inspection_limits const& limits = {}) {
    return chart::inspect(source_of(bytes), limits);
}

}  // namespace pilothouse::tests
