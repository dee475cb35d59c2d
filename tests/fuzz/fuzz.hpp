// What fuzz targets share: their entry point, and a check that no build type switches off.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

// Runs the target once. Always 0; an invariant that does not hold ends the process.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace pilothouse::fuzz {

inline std::string_view text_of(std::uint8_t const* data, std::size_t size) noexcept {
    // char may look at any object's bytes.
    return size == 0 ? std::string_view()
                     : std::string_view(reinterpret_cast<char const*>(data), size);
}

inline void require(bool holds, char const* invariant) noexcept {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", invariant);
    std::abort();
}

// Cuts off the first line, without its line feed.
inline std::string_view take_line(std::string_view& text) noexcept {
    auto const end = text.find('\n');
    auto const line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

}  // namespace pilothouse::fuzz
