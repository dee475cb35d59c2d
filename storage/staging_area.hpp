// Where uploads land, whatever the backend: local files without a name that anybody knows.
#pragma once

#include "base/result.hpp"
#include "base/sha256.hpp"
#include "base/task.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace pilothouse::storage {

// One finished upload: written, hashed and counted in one pass, not yet synced. Removed from disk
// when it goes out of scope without having been put into a blob store.
class staged_file {
public:
    // What a staging area's own kind of file can do.
    struct content {
        virtual ~content() = default;
        // Reads up to out.size() bytes from offset; blocks; returns how many, 0 at the end.
        [[nodiscard]] virtual std::size_t read(std::uint64_t offset, std::span<char> out) const = 0;
        // For an adapter of the same family: the open descriptor, or −1.
        [[nodiscard]] virtual int descriptor() const noexcept { return -1; }
    };

    staged_file(std::unique_ptr<content> c, sha256_digest digest, std::uint64_t size_bytes)
        : content_(std::move(c)), digest_(digest), size_bytes_(size_bytes) {}

    [[nodiscard]] sha256_digest const& digest() const noexcept { return digest_; }
    [[nodiscard]] std::uint64_t size_bytes() const noexcept { return size_bytes_; }
    [[nodiscard]] content const& bytes() const noexcept { return *content_; }
    [[nodiscard]] content& bytes() noexcept { return *content_; }

private:
    std::unique_ptr<content> content_;
    sha256_digest digest_;
    std::uint64_t size_bytes_;
};

// An upload under way. Not thread-safe. Dropped: nothing is left.
class staged_writer {
public:
    virtual ~staged_writer() = default;
    // Appends. Gathers small pieces, and hops to the pool for each 64 KiB or so. Throws
    // storage_full; after that the writer is good for nothing but being dropped.
    [[nodiscard]] virtual task<void> write(std::string_view bytes) = 0;
    [[nodiscard]] virtual std::uint64_t size_bytes() const noexcept = 0;
    // Ends the upload; call once. Throws as write() does.
    [[nodiscard]] virtual task<staged_file> finish() = 0;
};

class staging_area {
public:
    virtual ~staging_area() = default;
    [[nodiscard]] virtual task<std::unique_ptr<staged_writer>> create() = 0;
};

}  // namespace pilothouse::storage
