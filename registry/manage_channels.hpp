// What is set for a project's channels.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "chart/chart_name.hpp"
#include "storage/channel_store.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace pilothouse::registry {

// Which rules are to change; empty: stays, empty within: is taken away.
struct retention_changes {
    template <class Value>
    using one = std::optional<std::optional<Value>>;

    bool all_go = false;  // but those that are named here
    one<std::int64_t> newest_of_chart, newest_of_major, newest_of_minor;
    one<std::chrono::seconds> younger_than;
    one<std::int64_t> newest_prereleases;
    one<std::chrono::seconds> prereleases_younger_than;
    std::optional<std::string> matching;
};

// What is to change; empty: stays.
struct channel_changes {
    std::optional<std::string> description;
    std::optional<std::optional<storage::duplicates_rule>> duplicates;  // empty within: inherits
    std::optional<storage::index_choice> index_format;
    std::optional<bool> read_only;
    std::optional<retention_changes> retention;
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

    // Needs permission::edit_project: what binds deploy tokens is not theirs to set. Makes the
    // channel if there is none; of two at once, each changes what it names.
    // errc::invalid_argument: a description of more than 2000 characters, rules that check_rules()
    // refuses.
    [[nodiscard]] task<result<storage::channel_record>> edit(auth::grant const& g,
                                                             chart::channel_name const& channel,
                                                             channel_changes changes);

private:
    storage::channel_store& channels_;
    auth::auditor& audit_;
};

}  // namespace pilothouse::registry
