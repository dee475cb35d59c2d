// Takes versions out of a channel.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "chart/chart_name.hpp"
#include "storage/catalogue.hpp"
#include "storage/curator.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::registry {

// Thread-safe.
class remove_chart {
public:
    remove_chart(storage::catalogue& catalogue, storage::curator& curator, auth::auditor& audit)
        : catalogue_(catalogue), curator_(curator), audit_(audit) {}

    // Needs permission::remove_chart. All versions of the channel, those of one chart, or one;
    // returns what went. errc::not_found when nothing did; errc::denied: a
    // protection rule asks for a higher role. The index is without them when this
    // returns; their blobs wait for the collector.
    [[nodiscard]] task<result<std::vector<storage::catalogue_entry>>> operator()(
        auth::grant const& g, chart::channel_name const& channel, std::optional<std::string> chart,
        std::optional<std::string> version);

private:
    using entries = std::vector<storage::catalogue_entry>;
    // All that the channel holds now, if none of it is protected; what comes meanwhile stays.
    [[nodiscard]] task<result<entries>> remove_all(auth::grant const& g,
                                                   chart::channel_name const& channel);

    storage::catalogue& catalogue_;
    storage::curator& curator_;
    auth::auditor& audit_;
};

}  // namespace pilothouse::registry
