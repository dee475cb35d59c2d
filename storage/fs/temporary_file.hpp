// A staged file on disk.
#pragma once

#include "storage/fs/open_file.hpp"
#include "storage/staging_area.hpp"

#include <filesystem>

namespace pilothouse::storage::fs {

// Has a random name as long as it lives. Not O_TMPFILE: overlays and network
// file systems lack it, and a leftover is removed at the next opening anyway. Not thread-safe; all
// calls block and throw as open_file does.
class temporary_file final : public staged_file::content {
public:
    // `pattern` ends in six X, as for mkstemp(3).
    explicit temporary_file(std::filesystem::path const& pattern);
    ~temporary_file() override;  // discard()
    temporary_file(temporary_file const&) = delete;
    temporary_file& operator=(temporary_file const&) = delete;

    void append(std::string_view bytes) { file_.write_all(bytes); }
    [[nodiscard]] std::size_t read(std::uint64_t offset, std::span<char> out) const override {
        return file_.read_at(offset, out);
    }
    [[nodiscard]] int descriptor() const noexcept override { return file_.number(); }
    void sync() const { file_.sync(); }

    // Gives the file a second name; false when that name is taken (it is never overwritten).
    [[nodiscard]] bool link_as(std::filesystem::path const& name) const;
    // Gives the file this name instead of its own, in the place of whatever has it; of a folder it
    // throws.
    void rename_to(std::filesystem::path const& name);
    // Takes its name away; what is open can still be read.
    void discard() noexcept;

private:
    std::filesystem::path name_;
    fs::open_file file_;
};

}  // namespace pilothouse::storage::fs
