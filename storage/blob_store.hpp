// Port: immutable bytes, named by their SHA-256.
#pragma once

#include "base/result.hpp"
#include "base/sha256.hpp"
#include "base/task.hpp"
#include "storage/staging_area.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pilothouse::storage {

// An open blob. Immutable; may be read from any thread, and stays readable after the blob was
// removed.
struct blob {
    int descriptor = -1;  // for sendfile and pread; owned
    std::uint64_t size_bytes = 0;
    std::string bytes;  // the whole content when it is small (≤ small_bytes_max), else empty

    static constexpr std::uint64_t small_bytes_max = 16 * 1024;

    blob() = default;
    ~blob();
    blob(blob const&) = delete;
    blob& operator=(blob const&) = delete;
};

struct blob_info {
    sha256_digest digest;
    std::uint64_t size_bytes = 0;
    std::chrono::sys_time<std::chrono::nanoseconds> stored;  // when put() last named it
};

// Thread-safe. A broken disk is an exception; a full one is storage_full.
class blob_store {
public:
    virtual ~blob_store() = default;

    // Takes the staged file over under its digest. Durable when it returns: synced, renamed, folder
    // synced. Putting a digest that is there already is success, and renews blob_info::stored (so
    // that a collector spares it); a blob that was damaged is whole again.
    [[nodiscard]] virtual task<void> put(staged_file file) = 0;

    // errc::not_found where there is none. Throws std::runtime_error when the bytes that are found
    // on opening have another digest.
    [[nodiscard]] virtual task<result<std::shared_ptr<blob const>>> open(sha256_digest digest) = 0;

    // True when it was there.
    [[nodiscard]] virtual task<bool> remove(sha256_digest digest) = 0;

    // Every blob, in no order.
    [[nodiscard]] virtual task<std::vector<blob_info>> list() = 0;
};

}  // namespace pilothouse::storage
