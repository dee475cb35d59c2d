#include "storage/fs/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

namespace pilothouse::storage::fs {

namespace {

// One line of printable text: what a lock file should hold, whatever it does hold.
std::string owner_named_in(open_file const& file) {
    std::array<char, 100> buffer{};
    std::string line(buffer.data(), file.read_at(0, buffer));
    line.resize(std::min(line.find('\n'), line.size()));
    bool const readable =
        std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; });
    return line.empty() || !readable ? "another process" : line;
}

}  // namespace

result<folder_lock> folder_lock::take(std::filesystem::path const& file, instant now) {
    auto opened = open_file::open(file, O_RDWR | O_CREAT);
    if (::flock(opened.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) throw_errno(errno, "cannot lock " + file.string());
        return failure(errc::locked, "the data folder " + file.parent_path().string() +
                                         " is in use by " + owner_named_in(opened) +
                                         "; stop that process, or use another folder");
    }
    if (::ftruncate(opened.number(), 0) != 0) throw_errno(errno, "cannot empty the lock file");
    opened.write_all("process " + std::to_string(::getpid()) + " since " + to_rfc3339(now) + "\n");
    return folder_lock(std::move(opened));
}

}  // namespace pilothouse::storage::fs
