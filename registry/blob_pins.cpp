#include "registry/blob_pins.hpp"

namespace pilothouse::registry {

blob_pins::pin& blob_pins::pin::operator=(pin&& other) noexcept {
    std::swap(owner_, other.owner_);
    std::swap(digest_, other.digest_);
    return *this;
}

blob_pins::pin::~pin() {
    if (owner_ != nullptr) owner_->drop(digest_);
}

blob_pins::pin blob_pins::hold(sha256_digest const& digest) {
    std::lock_guard lock(mutex_);
    int& count = holders_[digest];
    if (count == claimed_mark) return {};
    ++count;
    return {this, digest};
}

void blob_pins::drop(sha256_digest const& digest) {
    std::lock_guard lock(mutex_);
    auto const found = holders_.find(digest);
    if (--found->second == 0) holders_.erase(found);
}

std::vector<sha256_digest> blob_pins::claim(std::vector<sha256_digest> const& wanted) {
    std::lock_guard lock(mutex_);
    std::vector<sha256_digest> claimed;
    for (auto const& digest : wanted) {
        if (holders_.try_emplace(digest, claimed_mark).second) claimed.push_back(digest);
    }
    return claimed;
}

void blob_pins::release(std::vector<sha256_digest> const& claimed) {
    std::lock_guard lock(mutex_);
    for (auto const& digest : claimed) holders_.erase(digest);
}

}  // namespace pilothouse::registry
