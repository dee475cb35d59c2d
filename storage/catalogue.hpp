// Port: which chart versions each channel holds.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/sha256.hpp"
#include "base/task.hpp"
#include "storage/audit_log.hpp"
#include "storage/channel_store.hpp"
#include "storage/ids.hpp"
#include "storage/webhook_store.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::storage {

// Why a version is deprecated, or yanked; who said so, and when.
struct mark {
    std::string reason;
    std::int64_t by = 0;  // user id; 0: not a user
    instant at;
};

// How a version came into its channel from another one.
struct promotion {
    std::string from;     // `group/project/channel`, as it was called then
    std::int64_t by = 0;  // user id; 0: not a user
    instant at;
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
    std::optional<promotion> promoted;
    std::optional<mark> deprecated;
    std::string deprecated_fragment;  // the line instead, as long as it is deprecated
    std::optional<mark> yanked;       // not in the index

    // The line that the index holds, if any.
    [[nodiscard]] std::string const& line() const noexcept {
        return deprecated ? deprecated_fragment : fragment;
    }
    // Since when the channel has it.
    [[nodiscard]] instant arrived() const noexcept { return promoted ? promoted->at : created; }
};

// What became of a channel's index, told in commit order, before the change's caller gets its
// answer. All views live for the call only.
struct index_change {
    // `reformatted`: the lines are as they were, and are to be written in another form.
    enum class kind : std::uint8_t { put, removed, reformatted, project_removed } what = kind::put;
    project_id project;
    std::string_view channel;            // of all but project_removed
    storage::generation generation = 0;  // each change of a channel is one more than the one before
    instant generated;
    std::string_view chart, version;
    instant created;            // of a put
    std::string_view fragment;  // of a put; it replaces the line of the same chart and version
    // The next one is of the same channel and the same commit: readers see both, or neither.
    bool more = false;
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

struct adding {
    adding(on_duplicate r) : rule(r) {}  // the rule is nearly always all there is to say

    on_duplicate rule;
    // What the audit log is told of it in the same transaction, unless nothing changed; nothing
    // where it is empty. The event's `thing` is the package, and given by the catalogue. Called on
    // the store's own writing thread: be quick.
    std::function<audit_event(added const&)> event = {};
    // What the project's webhooks are told of it, likewise; called only where one wants that.
    std::function<announcement(added const&)> announce = {};
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
    //   errc::conflict, or replaced, as `how.rule` says, with the old one's marks gone; file_name
    //   taken by another chart of the channel, or other content under a yanked version →
    //   errc::conflict always; the channel is read-only → errc::denied; the project is gone →
    //   errc::not_found; more than the project may hold → errc::quota_full.
    [[nodiscard]] virtual task<result<added>> add(project_id project, std::string channel,
                                                  catalogue_entry entry, adding how) = 0;

    // Names the provenance of the version with this file name, replacing what was named before. The
    // index does not change. errc::not_found; errc::conflict when the version's digest is not
    // `archive` (it was replaced meanwhile); errc::denied: the channel is read-only.
    [[nodiscard]] virtual task<result<void>> attach_provenance(project_id project,
                                                               std::string channel,
                                                               std::string file_name,
                                                               sha256_digest archive,
                                                               sha256_digest provenance) = 0;

    // Yanked or not. errc::not_found.
    [[nodiscard]] virtual task<result<catalogue_entry>> find(project_id project,
                                                             std::string channel,
                                                             std::string file_name) = 0;

    // Removes the versions of a channel: all, those of one chart, or one. Returns what was removed,
    // without fragments; none is not an error. Each version removed from the index is one change.
    // The channel's record stays when its last version goes, so that its generation never goes
    // back. errc::denied: the channel is read-only.
    [[nodiscard]] virtual task<result<std::vector<catalogue_entry>>> remove(
        project_id project, std::string channel, std::optional<std::string> chart,
        std::optional<std::string> version) = 0;

    // Without fragments, in index order, yanked ones too; all charts, or one.
    [[nodiscard]] virtual task<std::vector<catalogue_entry>> list(
        project_id project, std::string channel, std::optional<std::string> chart) = 0;

    // Channels that hold at least one version, or for which something is set, by name.
    [[nodiscard]] virtual task<std::vector<channel_record>> channels(project_id project) = 0;

    // Reads a channel for the index: the visitor runs on the store's thread, within one consistent
    // view, and the record returned belongs to that view. Yanked versions are left out. nullopt: no
    // version was ever pushed there, and nothing set.
    [[nodiscard]] virtual task<std::optional<channel_record>> scan(project_id project,
                                                                   std::string channel,
                                                                   index_visitor visit) = 0;

    // Every blob that some version names, archives and provenance; and the archives that releases
    // which are there and operations that are not done name (storage/release_store.hpp).
    [[nodiscard]] virtual task<std::vector<sha256_digest>> named_blobs() = 0;
};

}  // namespace pilothouse::storage
