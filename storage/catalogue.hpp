// Port: which chart versions each channel holds.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/sha256.hpp"
#include "base/task.hpp"
#include "storage/ids.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::storage {

// Counts the changes of one channel's index: 1 for the first, one more for each. Never goes back,
// not even over a restart.
using generation = std::int64_t;

struct channel_record {
    channel_id id;
    project_id project;
    std::string name;
    storage::generation generation = 0;
    instant generated;  // time of the last change of the index; later with each, whatever the clock
    std::int64_t versions = 0;
    std::int64_t charts = 0;
    std::uint64_t size_bytes = 0;  // of the archives
};

// One version of one chart in one channel.
struct catalogue_entry {
    version_id id;                            // given by add()
    std::string chart;                        // validated: chart::chart_name
    std::string version;                      // validated: chart::chart_version
    std::string precedence_key;               // chart_version::precedence_key()
    std::string file_name;                    // unique in its channel
    sha256_digest digest;                     // of the archive
    std::uint64_t size_bytes = 0;             // of the archive
    sha256_digest content;                    // inspected_chart::content
    std::optional<sha256_digest> provenance;  // of the .prov blob
    instant created;
    std::int64_t created_by = 0;  // user id; 0: not a user
    std::string fragment;  // this version's line in the index, rendered once (index/entry_fragment)
};

// What became of a channel's index, told in commit order, before the change's caller gets its
// answer. All views live for the call only.
struct index_change {
    enum class kind : std::uint8_t { put, removed, project_removed } what = kind::put;
    project_id project;
    std::string_view channel;  // of put and removed
    storage::generation generation =
        0;  // each put and removed of a channel is one more than the one before
    instant generated;
    std::string_view chart, version;
    instant created;            // of a put
    std::string_view fragment;  // of a put; it replaces the line of the same chart and version
};

// Called on the store's own writing thread, one change at a time: be quick, do not throw, do not
// call the catalogue.
class catalogue_observer {
public:
    virtual ~catalogue_observer() = default;
    virtual void changed(index_change const& change) noexcept = 0;
};

// One line of the index while a channel is read whole. Views live for the call only.
struct index_row {
    std::string_view chart, version;
    instant created;
    std::string_view fragment;
};

// Called with the rows of a channel in the order of the index: charts bytewise; of one chart the
// newest first (precedence, then created, both descending; then the text ascending).
using index_visitor = std::function<void(index_row const&)>;

// What add() is to do when the version is there already with other content.
enum class on_duplicate : std::uint8_t { refuse, replace };

struct added {
    enum class outcome : std::uint8_t { created, replaced, unchanged } what = outcome::created;
    catalogue_entry entry;  // as it now stands: with `unchanged`, the one published before
};

// Thread-safe. Changes are durable, and their observer told, when the awaited call returns. A
// broken database is an exception; a full disk is storage_full.
class catalogue {
public:
    virtual ~catalogue() = default;

    // Adds a version, and the channel if this is its first. Decides in one transaction, so
    // concurrent pushes of one version have one winner:
    //   same content as published → unchanged (and, where `entry` brings provenance of the
    //   *published* digest and the entry has none, it is attached);  other content →
    //   errc::conflict, or replaced, as `rule` says; file_name taken by another chart of the
    //   channel → errc::conflict always; the project is gone → errc::not_found.
    [[nodiscard]] virtual task<result<added>> add(project_id project, std::string channel,
                                                  catalogue_entry entry, on_duplicate rule) = 0;

    // Names the provenance of the version with this file name, replacing what was named before. The
    // index does not change. errc::not_found; errc::conflict when the version's digest is not
    // `archive` (it was replaced meanwhile).
    [[nodiscard]] virtual task<result<void>> attach_provenance(project_id project,
                                                               std::string channel,
                                                               std::string file_name,
                                                               sha256_digest archive,
                                                               sha256_digest provenance) = 0;

    // errc::not_found.
    [[nodiscard]] virtual task<result<catalogue_entry>> find(project_id project,
                                                             std::string channel,
                                                             std::string file_name) = 0;

    // Removes the versions of a channel: all, those of one chart, or one. Returns what was removed,
    // without fragments; none is not an error. Each version removed is one change. The channel's
    // record stays when its last version goes, so that its generation never goes back.
    [[nodiscard]] virtual task<std::vector<catalogue_entry>> remove(
        project_id project, std::string channel, std::optional<std::string> chart,
        std::optional<std::string> version) = 0;

    // Without fragments, in index order; all charts, or one.
    [[nodiscard]] virtual task<std::vector<catalogue_entry>> list(
        project_id project, std::string channel, std::optional<std::string> chart) = 0;

    // Channels that hold at least one version, by name.
    [[nodiscard]] virtual task<std::vector<channel_record>> channels(project_id project) = 0;

    // Reads a channel for the index: the visitor runs on the store's thread, within one consistent
    // view, and the record returned belongs to that view. nullopt: no version was ever pushed
    // there.
    [[nodiscard]] virtual task<std::optional<channel_record>> scan(project_id project,
                                                                   std::string channel,
                                                                   index_visitor visit) = 0;

    // Every blob that some version names, archives and provenance.
    [[nodiscard]] virtual task<std::vector<sha256_digest>> named_blobs() = 0;
};

}  // namespace pilothouse::storage
