#include "registry/collect_garbage.hpp"

#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace pilothouse::registry {

namespace {

// Gives the claims back whatever happens.
struct claims {
    blob_pins& pins;
    std::vector<sha256_digest> digests;
    ~claims() { pins.release(digests); }
};

std::unordered_set<sha256_digest> as_set(std::vector<sha256_digest> const& digests) {
    return {digests.begin(), digests.end()};
}

}  // namespace

task<collected> collect_garbage::operator()(auth::grant const& g, std::chrono::seconds grace,
                                            bool dry_run) {
    (void)g;  // having it is enough: collection has no place
    auto const oldest_spared = time_.now() - grace;
    auto const blobs = co_await blobs_.list();
    auto named = as_set(co_await catalogue_.named_blobs());

    std::unordered_map<sha256_digest, std::uint64_t> size_of;
    std::vector<sha256_digest> unnamed;
    for (auto const& blob : blobs) {
        if (named.contains(blob.digest) || blob.stored > oldest_spared) continue;
        size_of[blob.digest] = blob.size_bytes;
        unnamed.push_back(blob.digest);
    }

    // A push may have named one of them since we looked. Whatever it named before our claim we see
    // now; whatever it wants to name after our claim, it cannot pin.
    claims const claimed{pins_, pins_.claim(unnamed)};
    named = as_set(co_await catalogue_.named_blobs());
    collected report;
    for (auto const& digest : claimed.digests) {
        if (named.contains(digest)) continue;
        if (!dry_run && !co_await blobs_.remove(digest)) continue;
        ++report.blobs_removed;
        report.bytes_removed += size_of[digest];
    }
    report.blobs_kept = blobs.size() - report.blobs_removed;
    co_return report;
}

}  // namespace pilothouse::registry
