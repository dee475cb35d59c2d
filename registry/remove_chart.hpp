// Takes versions out of a channel.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "chart/chart_name.hpp"
#include "storage/catalogue.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::registry {

// Thread-safe.
class remove_chart {
public:
    remove_chart(storage::catalogue& catalogue, auth::auditor& audit)
        : catalogue_(catalogue), audit_(audit) {}

    // Needs permission::remove_chart. All versions of the channel, those of one chart, or one;
    // returns what went. errc::not_found when nothing did; errc::denied: a
    // protection rule asks for a higher role. The index is without them when this
    // returns; their blobs wait for the collector.
    [[nodiscard]] task<result<std::vector<storage::catalogue_entry>>> operator()(
        auth::grant const& g, chart::channel_name const& channel, std::optional<std::string> chart,
        std::optional<std::string> version);

private:
    [[nodiscard]] task<result<void>> check(auth::grant const& g, chart::channel_name const& channel,
                                           std::optional<std::string> chart);

    storage::catalogue& catalogue_;
    auth::auditor& audit_;
};

}  // namespace pilothouse::registry
