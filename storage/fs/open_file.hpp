// An open file, and the system calls that we make on it, with their errors as exceptions.
#pragma once

#include "base/descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace pilothouse::storage::fs {

// All calls block. What fails throws: storage_full for a full disk, quota or
// file size limit, else std::system_error naming the file.
class open_file {
public:
    open_file() = default;
    explicit open_file(int owned) noexcept : owned_(owned) {}

    // Never follows a link in the last place of the path, never survives an exec. `flags` and
    // `rights` as for open(2).
    [[nodiscard]] static open_file open(std::filesystem::path const& file, int flags,
                                        unsigned rights = 0600);

    [[nodiscard]] int number() const noexcept { return owned_.get(); }
    // Gives the ownership away.
    [[nodiscard]] int release() noexcept { return owned_.release(); }

    void write_all(std::string_view bytes) const;
    // Returns how many bytes, less than asked for only at the end.
    [[nodiscard]] std::size_t read_at(std::uint64_t offset, std::span<char> out) const;
    // After a failure what was written is of unknown durability, and a second call may falsely
    // succeed: throw the file away.
    void sync() const;

private:
    descriptor owned_;
};

// Makes the names in a folder durable.
void sync_folder(std::filesystem::path const& folder);

// What a failed call with this errno is thrown as: storage_full or std::system_error.
[[noreturn]] void throw_errno(int error, std::string const& doing);

}  // namespace pilothouse::storage::fs
