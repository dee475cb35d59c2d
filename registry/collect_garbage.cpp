#include "registry/collect_garbage.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <unordered_set>
#include <utility>

namespace pilothouse::registry {

namespace {

// A push of bytes that are claimed is told to come back, so few are claimed at once, for as long as
// it takes to look them up and remove them.
constexpr std::size_t claimed_at_once = 256;

// Gives the claims back whatever happens.
struct claims {
    blob_pins& pins;
    std::vector<sha256_digest> digests;
    ~claims() { pins.release(digests); }
};

std::unordered_set<sha256_digest> as_set(std::vector<sha256_digest> const& digests) {
    return {digests.begin(), digests.end()};
}

std::vector<sha256_digest> digests_of(std::vector<storage::blob_info> const& blobs) {
    std::vector<sha256_digest> digests;
    for (auto const& blob : blobs) digests.push_back(blob.digest);
    return digests;
}

}  // namespace

task<collected> collect_garbage::operator()(auth::grant const& g, std::chrono::seconds grace,
                                            bool dry_run) {
    g.expect({auth::permission::administer});
    auto const oldest_spared = time_.now() - grace;
    auto const blobs = co_await blobs_.list();
    auto const named_digests = co_await catalogue_.named_blobs();
    auto const named = as_set(named_digests);

    collected report;
    std::vector<storage::blob_info> unnamed;
    for (auto const& blob : blobs) {
        report.bytes_kept += blob.size_bytes;
        if (!named.contains(blob.digest) && blob.stored <= oldest_spared) unnamed.push_back(blob);
    }
    for (auto begin = unnamed.begin(); begin != unnamed.end();) {
        auto const left = std::distance(begin, unnamed.end());
        auto const end = begin + std::min<std::ptrdiff_t>(left, claimed_at_once);
        std::vector<storage::blob_info> batch(begin, end);
        begin = end;
        if (!dry_run) {
            co_await collect(std::move(batch), report);
            continue;
        }
        report.blobs_removed += batch.size();
        for (auto const& blob : batch) report.bytes_removed += blob.size_bytes;
    }
    report.blobs_kept = blobs.size() - report.blobs_removed;
    report.bytes_kept -= report.bytes_removed;
    // By schedule nothing is found nearly every time: that is no news.
    if (dry_run || report.blobs_removed == 0) co_return report;
    auth::audited const thing{"Instance", 0, "unused files"};
    co_await audit_.note(g, "garbage_collected", thing,
                         "files: " + std::to_string(report.blobs_removed) +
                             ", bytes: " + std::to_string(report.bytes_removed));
    co_return report;
}

// A push may have named one of them since we looked. Whatever it named before our claim we see now;
// whatever it wants to name after our claim, it cannot pin.
task<void> collect_garbage::collect(std::vector<storage::blob_info> batch, collected& report) {
    claims const claimed{pins_, pins_.claim(digests_of(batch))};
    auto const named_digests = co_await catalogue_.named_blobs();
    auto const named = as_set(named_digests);
    auto const ours = as_set(claimed.digests);
    for (auto const& blob : batch) {
        if (!ours.contains(blob.digest) || named.contains(blob.digest)) continue;
        try {
            if (!co_await blobs_.remove(blob.digest)) continue;
            ++report.blobs_removed;
            report.bytes_removed += blob.size_bytes;
        } catch (std::exception const& e) {
            if (++report.errors == 1) report.first_error = e.what();
        }
    }
}

}  // namespace pilothouse::registry
