// Publishes the provenance of an archive that is there already.
#pragma once

#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "chart/chart_name.hpp"
#include "registry/blob_pins.hpp"
#include "storage/blob_store.hpp"
#include "storage/catalogue.hpp"
#include "storage/staging_area.hpp"

namespace pilothouse::registry {

// Thread-safe.
class attach_provenance {
public:
    attach_provenance(storage::blob_store& blobs, storage::catalogue& catalogue, blob_pins& pins)
        : blobs_(blobs), catalogue_(catalogue), pins_(pins) {}

    // Needs permission::push_chart. The provenance says which archive it signs; errc::not_found
    // when the channel has no such version, errc::invalid_provenance when it signs other bytes,
    // errc::conflict when a different provenance is published and the project refuses duplicates.
    [[nodiscard]] task<result<storage::catalogue_entry>> operator()(
        auth::grant const& g, chart::channel_name const& channel, storage::staged_file provenance);

private:
    storage::blob_store& blobs_;
    storage::catalogue& catalogue_;
    blob_pins& pins_;
};

}  // namespace pilothouse::registry
