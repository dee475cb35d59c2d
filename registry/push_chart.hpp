// Publishes a chart archive in a channel.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/blocking_pool.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "chart/chart_name.hpp"
#include "chart/inspection.hpp"
#include "registry/attach_provenance.hpp"
#include "registry/chart_stores.hpp"
#include "storage/catalogue.hpp"
#include "storage/staging_area.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::registry {

struct push_request {
    chart::channel_name channel;
    storage::staged_file archive;
    std::optional<storage::staged_file> provenance;  // at most chart::provenance_bytes_max
    // Of an import: when it was published where it comes from, instead of now. What is published
    // here already keeps its own.
    std::optional<instant> created = {};
    // Of an import: under which name it was offered. Another one is errc::unacceptable_chart.
    std::optional<std::string> expected_file_name = {};
};

struct pushed {
    storage::added::outcome outcome = storage::added::outcome::created;
    storage::catalogue_entry entry;
    std::vector<std::string> warnings;  // of the inspection, for the log
};

// Thread-safe.
class push_chart {
public:
    push_chart(chart_stores const& stores, auth::auditor& audit, blocking_pool& inspections,
               clock const& time, chart::inspection_limits const& limits);

    // Needs permission::push_chart. When it returns a value, the version is durable and every index
    // read that begins now holds it. The same content again changes nothing (contracts: settled 7);
    // other content follows the duplicates rule in force: errc::conflict; so it is always under a
    // yanked version. errc::denied when the channel is read-only, or a
    // protection rule asks for a higher role; errc::quota_full. What makes the archive or its
    // provenance unacceptable: see chart::inspect and chart::check_provenance; then nothing was
    // stored.
    [[nodiscard]] task<result<pushed>> operator()(auth::grant const& g, push_request request);

private:
    [[nodiscard]] task<result<pushed>> push_again(auth::grant const& g, push_request request,
                                                  storage::catalogue_entry published,
                                                  std::vector<std::string> warnings);

    [[nodiscard]] storage::adding adding_for(auth::grant const& g,
                                             chart::channel_name const& channel,
                                             storage::on_duplicate rule) const;

    chart_stores stores_;
    auth::auditor& audit_;
    attach_provenance attach_;
    blocking_pool& inspections_;
    clock const& time_;
    chart::inspection_limits limits_;
};

}  // namespace pilothouse::registry
