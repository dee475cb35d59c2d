// Publishes the provenance of an archive that is there already.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "chart/chart_name.hpp"
#include "registry/chart_stores.hpp"
#include "storage/staging_area.hpp"

namespace pilothouse::registry {

// Thread-safe.
class attach_provenance {
public:
    attach_provenance(chart_stores const& stores, auth::auditor& audit)
        : stores_(stores), audit_(audit) {}

    // Needs permission::push_chart. The provenance says which archive it signs; errc::not_found
    // when the channel has no such version, errc::invalid_provenance when it signs other bytes,
    // errc::conflict when a different provenance is published and the duplicates rule in force
    // protects the version; errc::denied when the channel is read-only, or
    // a protection rule asks for a higher role.
    [[nodiscard]] task<result<storage::catalogue_entry>> operator()(
        auth::grant const& g, chart::channel_name const& channel, storage::staged_file provenance);

private:
    chart_stores stores_;
    auth::auditor& audit_;
};

}  // namespace pilothouse::registry
