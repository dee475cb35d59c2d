// The one owner of a data folder.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "storage/fs/open_file.hpp"

#include <filesystem>

namespace pilothouse::storage::fs {

// Held from taking until destruction; the kernel gives it back when the process ends, however it
// ends, so a crash leaves no stale lock. Between two takers of one process it excludes as well.
class folder_lock {
public:
    folder_lock() = default;  // holds nothing

    // errc::locked: another holds it; the detail names its process id and since when. Throws as
    // open_file does.
    [[nodiscard]] static result<folder_lock> take(std::filesystem::path const& file, instant now);

private:
    explicit folder_lock(open_file held) : held_(std::move(held)) {}
    open_file held_;
};

}  // namespace pilothouse::storage::fs
