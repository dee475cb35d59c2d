// What is set for a project's channels.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "chart/chart_name.hpp"
#include "storage/channel_store.hpp"

#include <optional>
#include <string>

namespace pilothouse::registry {

// What is to change; empty: stays.
struct channel_changes {
    std::optional<std::string> description;
    std::optional<std::optional<storage::duplicates_rule>> duplicates;  // empty within: inherits
    std::optional<storage::index_choice> index_format;
    std::optional<bool> read_only;
    std::optional<storage::retention_rules> retention;
};

// Thread-safe.
class manage_channels {
public:
    manage_channels(storage::channel_store& channels, auth::auditor& audit)
        : channels_(channels), audit_(audit) {}

    // Needs permission::read_chart, or remove_chart. errc::not_found: nothing was ever pushed
    // there, and nothing set.
    [[nodiscard]] task<result<storage::channel_record>> find(auth::grant const& g,
                                                             chart::channel_name const& channel);

    // Needs permission::remove_chart: who may empty a channel may say what it takes. Makes the
    // channel if there is none. errc::invalid_argument: a description of more than 2000 characters,
    // rules that check_rules() refuses.
    [[nodiscard]] task<result<storage::channel_record>> edit(auth::grant const& g,
                                                             chart::channel_name const& channel,
                                                             channel_changes changes);

private:
    storage::channel_store& channels_;
    auth::auditor& audit_;
};

}  // namespace pilothouse::registry
