// Port: the channels of projects, and what is set for each.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/directory.hpp"
#include "storage/ids.hpp"
#include "storage/quota.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace pilothouse::storage {

// Counts the changes of one channel's index: 1 for the first, one more for each. Never goes back,
// not even over a restart.
using generation = std::int64_t;

// Which versions a channel keeps when it is tidied; what each number means says
// registry/retention.hpp. Without one nothing ever goes.
struct retention_rules {
    std::optional<std::int64_t> newest_of_chart, newest_of_major, newest_of_minor;  // of releases
    std::optional<std::chrono::seconds> younger_than;
    std::optional<std::int64_t> newest_prereleases;  // of each chart
    std::optional<std::chrono::seconds> prereleases_younger_than;
    std::string matching;  // a range of versions; empty: none

    friend bool operator==(retention_rules const&, retention_rules const&) = default;
};

enum class index_choice : std::uint8_t { inherit, json, yaml };

struct channel_settings {
    std::string description;
    std::optional<duplicates_rule> duplicates;  // empty: the project's
    index_choice index_format = index_choice::inherit;
    bool read_only = false;
    retention_rules retention;

    friend bool operator==(channel_settings const&, channel_settings const&) = default;
};

struct channel_record {
    channel_id id;
    project_id project;
    std::string name;
    storage::generation generation = 0;
    instant generated;  // time of the last change of the index; later with each, whatever the clock
    std::int64_t versions = 0;
    std::int64_t charts = 0;
    std::uint64_t size_bytes = 0;      // of the archives
    std::optional<instant> last_push;  // or promotion into it
    channel_settings settings;
};

// Thread-safe. Changes are durable, and their observer told, when the awaited call returns.
class channel_store {
public:
    virtual ~channel_store() = default;

    // nullopt: nothing was ever pushed there, and nothing set.
    [[nodiscard]] virtual task<std::optional<channel_record>> find(project_id project,
                                                                   std::string channel) = 0;
    [[nodiscard]] virtual task<std::optional<channel_record>> find(channel_id id) = 0;
    // Makes the channel where there is none; nothing is set for a new one. errc::not_found: no such
    // project. Another index format is a change of the channel's index.
    [[nodiscard]] virtual task<result<channel_record>> configure(
        project_id project, std::string channel, record_change<channel_settings> change) = 0;
    // Of all channels of the project together; nothing of one that is gone. Whoever adds versions
    // is judged by it in the transaction (catalogue::add, curator::copy: errc::quota_full).
    [[nodiscard]] virtual task<quota_state> quota_of(project_id project) = 0;
};

}  // namespace pilothouse::storage
