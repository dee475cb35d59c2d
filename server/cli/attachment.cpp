#include "server/cli/attachment.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <unistd.h>

namespace pilothouse::cli {

std::size_t read_piece(int descriptor, std::uint64_t offset, std::span<char> out) {
    for (;;) {
        auto const count =
            ::pread(descriptor, out.data(), out.size(), static_cast<::off_t>(offset));
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "a file cannot be read");
    }
}

std::size_t read_blob(storage::blob const& from, std::uint64_t offset, std::span<char> out) {
    if (from.bytes.size() == from.size_bytes) {
        auto const count = std::min<std::uint64_t>(out.size(), from.size_bytes - offset);
        from.bytes.copy(out.data(), count, offset);
        return count;
    }
    auto const count = read_piece(from.descriptor, offset, out);
    if (count == 0 && offset < from.size_bytes)
        throw std::runtime_error("a stored file is shorter than it was");
    return count;
}

}  // namespace pilothouse::cli
