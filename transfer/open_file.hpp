// Files of whoever calls: opened, read, hashed, made.
#pragma once

#include "base/result.hpp"
#include "base/sha256.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace pilothouse::transfer {

// Owns a descriptor. Everything blocks; a disk that fails is a std::system_error.
class open_file {
public:
    open_file() = default;
    explicit open_file(int owned) noexcept : descriptor_(owned) {}
    ~open_file();
    open_file(open_file&& other) noexcept;
    open_file& operator=(open_file&& other) noexcept;

    // To read. errc::not_found; errc::denied: no regular file, or no right to it.
    [[nodiscard]] static result<open_file> read_from(std::filesystem::path const& file);
    // A new file without a name, in TMPDIR or /tmp.
    [[nodiscard]] static result<open_file> temporary();

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    [[nodiscard]] std::uint64_t size_bytes() const;
    // When its content last changed, in nanoseconds since 1970.
    [[nodiscard]] std::int64_t modified() const;
    // errc::full with the reason.
    [[nodiscard]] result<void> append(std::string_view bytes);
    [[nodiscard]] sha256_digest digest() const;
    // All of it. errc::too_large beyond `bytes_max`.
    [[nodiscard]] result<std::string> text(std::uint64_t bytes_max) const;

private:
    int descriptor_ = -1;
};

// "FILE: reason" of errno.
[[nodiscard]] failure file_failure(std::filesystem::path const& file, int error_number);

}  // namespace pilothouse::transfer
