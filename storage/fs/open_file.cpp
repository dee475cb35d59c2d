#include "storage/fs/open_file.hpp"

#include "base/failure.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace pilothouse::storage::fs {

void throw_errno(int error, std::string const& doing) {
    if (error == ENOSPC || error == EDQUOT || error == EFBIG)
        throw storage_full{doing + ": " + std::generic_category().message(error)};
    throw std::system_error(error, std::generic_category(), doing);
}

open_file open_file::open(std::filesystem::path const& file, int flags, unsigned rights) {
    int number = -1;
    do {
        number = ::open(file.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, rights);
    } while (number < 0 && errno == EINTR);
    if (number < 0) throw_errno(errno, "cannot open " + file.string());
    return open_file(number);
}

void open_file::write_all(std::string_view bytes) const {
    while (!bytes.empty()) {
        auto const count = ::write(number(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw_errno(errno, "cannot write");
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

std::size_t open_file::read_at(std::uint64_t offset, std::span<char> out) const {
    std::size_t done = 0;
    while (done < out.size()) {
        auto const count = ::pread(number(), out.data() + done, out.size() - done,
                                   static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw_errno(errno, "cannot read");
        if (count == 0) break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

void open_file::sync() const {
    if (::fsync(number()) != 0) throw_errno(errno, "cannot sync");
}

void sync_folder(std::filesystem::path const& folder) {
    open_file::open(folder, O_RDONLY | O_DIRECTORY).sync();
}

}  // namespace pilothouse::storage::fs
