// Reading what was staged.
#pragma once

#include "chart/inspection.hpp"
#include "storage/staging_area.hpp"

#include <span>
#include <string>

namespace pilothouse::registry {

// The bytes from the front; `file` must outlive the source. Blocks: for a pool.
[[nodiscard]] inline chart::byte_source bytes_of(storage::staged_file const& file) {
    return [&file, offset = std::uint64_t{0}](std::span<char> out) mutable {
        auto const count = file.bytes().read(offset, out);
        offset += count;
        return count;
    };
}

// All of a small file, one that a limit kept small: from the page cache, so it does not block for
// long.
[[nodiscard]] inline std::string text_of(storage::staged_file const& file) {
    std::string text(file.size_bytes(), '\0');
    auto const count = file.bytes().read(0, text);
    text.resize(count);
    return text;
}

}  // namespace pilothouse::registry
