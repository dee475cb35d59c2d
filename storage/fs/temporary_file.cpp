#include "storage/fs/temporary_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace pilothouse::storage::fs {

temporary_file::temporary_file(std::filesystem::path const& pattern) {
    auto name = pattern.string();
    int const number = ::mkostemp(name.data(), O_CLOEXEC);
    if (number < 0) throw_errno(errno, "cannot create " + pattern.string());
    file_ = fs::open_file(number);
    name_ = name;
}

temporary_file::~temporary_file() { discard(); }

bool temporary_file::link_as(std::filesystem::path const& name) const {
    if (::link(name_.c_str(), name.c_str()) == 0) return true;
    if (errno != EEXIST) throw_errno(errno, "cannot create " + name.string());
    return false;
}

void temporary_file::rename_to(std::filesystem::path const& name) {
    if (::rename(name_.c_str(), name.c_str()) != 0)
        throw_errno(errno, "cannot replace " + name.string());
    name_.clear();
}

void temporary_file::discard() noexcept {
    // Should this fail, the next opening removes it.
    if (!name_.empty()) ::unlink(name_.c_str());
    name_.clear();
}

}  // namespace pilothouse::storage::fs
