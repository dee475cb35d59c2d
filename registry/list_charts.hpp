// What a project's channels hold.
#pragma once

#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "chart/chart_name.hpp"
#include "storage/catalogue.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::registry {

// Needs permission::read_chart. Thread-safe.
class list_charts {
public:
    explicit list_charts(storage::catalogue& catalogue) : catalogue_(catalogue) {}

    [[nodiscard]] task<std::vector<storage::channel_record>> channels(auth::grant const& g);

    // In index order; of one chart, or all. Nothing there is an empty list.
    [[nodiscard]] task<std::vector<storage::catalogue_entry>> versions(
        auth::grant const& g, chart::channel_name const& channel, std::optional<std::string> chart);

    // errc::not_found.
    [[nodiscard]] task<result<storage::catalogue_entry>> version(auth::grant const& g,
                                                                 chart::channel_name const& channel,
                                                                 std::string const& chart,
                                                                 std::string const& version);

private:
    storage::catalogue& catalogue_;
};

}  // namespace pilothouse::registry
