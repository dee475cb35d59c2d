#include "storage/fs/open_blobs.hpp"

namespace pilothouse::storage::fs {

std::shared_ptr<blob const> open_blobs::find(sha256_digest const& digest) {
    std::lock_guard lock(mutex_);
    auto const found = by_digest_.find(digest);
    if (found == by_digest_.end()) return nullptr;
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    return found->second->second;
}

std::uint64_t open_blobs::epoch() const {
    std::lock_guard lock(mutex_);
    return epoch_;
}

void open_blobs::keep(sha256_digest const& digest, std::shared_ptr<blob const> b,
                      std::uint64_t epoch) {
    entry evicted;  // goes, and perhaps closes a file, after the lock
    std::lock_guard lock(mutex_);
    if (epoch != epoch_ || capacity_ == 0 || by_digest_.contains(digest)) return;
    if (by_use_.size() == capacity_) {
        evicted = std::move(by_use_.back());
        by_digest_.erase(evicted.first);
        by_use_.pop_back();
    }
    by_use_.emplace_front(digest, std::move(b));
    by_digest_.emplace(digest, by_use_.begin());
}

void open_blobs::forget(sha256_digest const& digest) {
    std::lock_guard lock(mutex_);
    ++epoch_;
    auto const found = by_digest_.find(digest);
    if (found == by_digest_.end()) return;
    by_use_.erase(found->second);
    by_digest_.erase(found);
}

}  // namespace pilothouse::storage::fs
