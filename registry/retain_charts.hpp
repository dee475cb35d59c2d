// Tidies channels by their retention rules.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "chart/chart_name.hpp"
#include "registry/retention.hpp"
#include "storage/catalogue.hpp"
#include "storage/channel_store.hpp"
#include "storage/curator.hpp"
#include "storage/directory.hpp"

#include <string>
#include <vector>

namespace pilothouse::registry {

struct retained {
    std::vector<doomed_version> gone;
    // What no retention rule keeps, and a protection rule does, and why.
    std::vector<doomed_version> kept;
};

// Thread-safe. What goes is out of the index at once; its bytes wait for the collector. A chart
// that takes a higher role to be removed is never touched, whoever asks: tidying is nobody's wish
// to remove that very version.
class retain_charts {
public:
    struct ports {
        storage::catalogue& catalogue;
        storage::channel_store& channels;
        storage::curator& curator;
        storage::project_store& projects;
    };
    // `in_use`: what a release uses is never removed; empty as long as no release is known here.
    retain_charts(ports const& stores, auth::auditor& audit, clock const& time,
                  usage_test in_use = {})
        : stores_(stores), audit_(audit), time_(time), in_use_(std::move(in_use)) {}

    // Needs permission::remove_chart; a dry run, which removes nothing, permission::read_chart.
    // Returns what went, or would go, and why. errc::not_found: no such channel; errc::denied: it
    // is read-only.
    [[nodiscard]] task<result<retained>> operator()(auth::grant const& g,
                                                    chart::channel_name const& channel,
                                                    bool dry_run);

    struct round {
        std::size_t channels = 0;  // of which something went
        std::size_t versions = 0;
    };
    // Needs permission::administer. All channels of all projects, but read-only ones and those of
    // archived projects. A round may last: of each channel, what is set and protected when its turn
    // comes is what counts.
    [[nodiscard]] task<round> everywhere(auth::grant const& g);

private:
    struct place {
        storage::project_record project;
        storage::channel_record channel;
    };
    // As it is now. errc::not_found.
    [[nodiscard]] task<result<place>> look(storage::project_id project, std::string channel);
    [[nodiscard]] task<result<retained>> tidy(auth::grant const& g, place const& where,
                                              bool dry_run);

    ports stores_;
    auth::auditor& audit_;
    clock const& time_;
    usage_test in_use_;
};

}  // namespace pilothouse::registry
