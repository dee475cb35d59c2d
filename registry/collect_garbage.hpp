// Removes blobs that no version names: leftovers of pushes that did not end, of replaced and of
// removed versions.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/clock.hpp"
#include "base/task.hpp"
#include "registry/blob_pins.hpp"
#include "storage/blob_store.hpp"
#include "storage/catalogue.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace pilothouse::registry {

struct collected {
    std::size_t blobs_kept = 0;
    std::uint64_t bytes_kept = 0;
    std::size_t blobs_removed = 0;
    std::uint64_t bytes_removed = 0;
    std::size_t errors = 0;   // blobs that could not be removed; they are among those kept
    std::string first_error;  // for the operator
};

// Thread-safe, and safe beside pushes.
class collect_garbage {
public:
    collect_garbage(storage::blob_store& blobs, storage::catalogue& catalogue, blob_pins& pins,
                    auth::auditor& audit, clock const& time)
        : blobs_(blobs), catalogue_(catalogue), pins_(pins), audit_(audit), time_(time) {}

    // Needs permission::administer. Spares what was stored less than `grace` ago. `dry_run`: counts
    // only, and is in nobody's way. One blob that cannot be removed does not keep the others.
    [[nodiscard]] task<collected> operator()(auth::grant const& g, std::chrono::seconds grace,
                                             bool dry_run);

private:
    [[nodiscard]] task<void> collect(std::vector<storage::blob_info> batch, collected& report);

    storage::blob_store& blobs_;
    storage::catalogue& catalogue_;
    blob_pins& pins_;
    auth::auditor& audit_;
    clock const& time_;
};

}  // namespace pilothouse::registry
