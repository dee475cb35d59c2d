// Keeps the collector of unnamed blobs away from blobs that are about to be named.
#pragma once

#include "base/sha256.hpp"

#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pilothouse::registry {

// A push pins a digest from before its bytes are stored until its row is committed; the collector
// claims what it is about to remove. A digest is never pinned and claimed at once. Thread-safe.
class blob_pins {
public:
    // Ends a pin when it goes.
    class pin {
    public:
        pin() = default;
        pin(pin&& other) noexcept
            : owner_(std::exchange(other.owner_, nullptr)), digest_(other.digest_) {}
        pin& operator=(pin&& other) noexcept;
        ~pin();

        // False: the collector is removing this very blob; the push is to be tried again.
        [[nodiscard]] explicit operator bool() const noexcept { return owner_ != nullptr; }

    private:
        friend class blob_pins;
        pin(blob_pins* owner, sha256_digest const& digest) : owner_(owner), digest_(digest) {}
        blob_pins* owner_ = nullptr;
        sha256_digest digest_;
    };

    [[nodiscard]] pin hold(sha256_digest const& digest);

    // Claims those that nobody holds, and returns them; give each back with release().
    [[nodiscard]] std::vector<sha256_digest> claim(std::vector<sha256_digest> const& wanted);
    void release(std::vector<sha256_digest> const& claimed);

private:
    void drop(sha256_digest const& digest);

    static constexpr int claimed_mark = -1;
    std::mutex mutex_;
    std::unordered_map<sha256_digest, int> holders_;  // how many pins, or claimed_mark
};

}  // namespace pilothouse::registry
