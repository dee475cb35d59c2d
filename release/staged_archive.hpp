// A chart's archive as a file of its own, for as long as Helm reads it.
#pragma once

#include "base/result.hpp"
#include "base/sha256.hpp"
#include "base/task.hpp"
#include "release/release_parts.hpp"

#include <filesystem>
#include <utility>

namespace pilothouse::release {

// Removes the file when it goes.
class staged_archive {
public:
    staged_archive() = default;
    staged_archive(staged_archive&& other) noexcept : file_(std::exchange(other.file_, {})) {}
    staged_archive& operator=(staged_archive&& other) noexcept;
    ~staged_archive();

    [[nodiscard]] std::filesystem::path const& file() const noexcept { return file_; }

private:
    friend task<result<staged_archive>> stage_archive(release_parts const& parts,
                                                      sha256_digest digest);
    explicit staged_archive(std::filesystem::path file) : file_(std::move(file)) {}
    std::filesystem::path file_;
};

// Copies the blob, and hashes what it copies. errc::unavailable: no thread is free. Throws where
// the blob is gone or damaged: the house is broken; storage_full.
[[nodiscard]] task<result<staged_archive>> stage_archive(release_parts const& parts,
                                                         sha256_digest digest);

}  // namespace pilothouse::release
