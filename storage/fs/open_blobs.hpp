// Blobs kept open, so that a chart that many pull is not opened for each.
#pragma once

#include "storage/blob_store.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace pilothouse::storage::fs {

// The most recently used ones, `capacity` at most. Thread-safe.
class open_blobs {
public:
    explicit open_blobs(std::size_t capacity) : capacity_(capacity) {}

    // Null when it is not kept.
    [[nodiscard]] std::shared_ptr<blob const> find(sha256_digest const& digest);

    // How often something was forgotten. Ask before opening, and hand it to keep().
    [[nodiscard]] std::uint64_t epoch() const;
    // Keeps b, unless something was forgotten since: it may be the very blob that is now removed.
    void keep(sha256_digest const& digest, std::shared_ptr<blob const> b, std::uint64_t epoch);
    void forget(sha256_digest const& digest);

private:
    using entry = std::pair<sha256_digest, std::shared_ptr<blob const>>;

    std::size_t capacity_;
    mutable std::mutex mutex_;
    std::uint64_t epoch_ = 0;
    std::list<entry> by_use_;  // the most recently used first
    std::unordered_map<sha256_digest, std::list<entry>::iterator> by_digest_;
};

}  // namespace pilothouse::storage::fs
