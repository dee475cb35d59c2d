// Files that go with a command or its answer.
#pragma once

#include "base/result.hpp"
#include "storage/blob_store.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace pilothouse::cli {

// As much of a file as is read and sent at once.
inline constexpr std::size_t piece_bytes = 64 * 1024;

// A file of the caller's, all of it. Whoever opened it closes it.
struct attachment {
    int descriptor = -1;
    std::uint64_t size_bytes = 0;
};

// Takes the next bytes of a file; a failure ends the transfer.
using byte_sink = std::function<result<void>(std::string_view)>;

// Reads up to out.size() bytes of a blob, at least one where the blob has some from there on.
// Blocks. Throws std::runtime_error when the disk does not give them.
[[nodiscard]] std::size_t read_blob(storage::blob const& from, std::uint64_t offset,
                                    std::span<char> out);

// The same of a descriptor, with 0 at the end of the file.
[[nodiscard]] std::size_t read_piece(int descriptor, std::uint64_t offset, std::span<char> out);

}  // namespace pilothouse::cli
