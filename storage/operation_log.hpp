// Ports: the operations that change releases, and what is told of them while they run.
#pragma once

#include "base/clock.hpp"
#include "base/failure.hpp"
#include "base/result.hpp"
#include "base/sha256.hpp"
#include "base/task.hpp"
#include "storage/release_store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::storage {

// `stop`: its workloads are scaled to nothing; `restart`: they get new pods. Helm has no part in
// them.
enum class operation_kind : std::uint8_t { install, update, uninstall, rollback, stop, restart };
enum class operation_state : std::uint8_t { queued, running, cancelling, done };
[[nodiscard]] std::string_view name_of(operation_kind kind) noexcept;
[[nodiscard]] std::string_view name_of(operation_state state) noexcept;
[[nodiscard]] std::optional<operation_kind> operation_kind_named(std::string_view name) noexcept;
[[nodiscard]] std::optional<operation_state> operation_state_named(std::string_view name) noexcept;

// How Helm is to do it.
struct operation_options {
    std::chrono::seconds timeout{300};  // of each wait: a hook, readiness
    bool wait = true;
    bool wait_for_jobs = false;
    bool rollback_on_failure = false;
    bool force_conflicts = false;  // take over fields that another applier owns
    bool skip_hooks = false;
    bool namespaced_only = false;  // nothing of the cluster's, or in another namespace
};

// Whether Helm does it.
[[nodiscard]] constexpr bool is_of_helm(operation_kind kind) noexcept {
    return kind != operation_kind::stop && kind != operation_kind::restart;
}

// The process that works on it, to be found again after a crash.
struct operation_process {
    std::int64_t number = 0;       // 0: none
    std::uint64_t start_time = 0;  // of the process, in clock ticks since the machine's start
};

struct operation_error {
    errc code = errc::broken;
    std::string message;  // redacted, at most 4 KiB
};

struct operation_record {
    std::string id;  // `o` and 19 of [a-z0-9], never given twice
    operation_kind kind = operation_kind::install;
    operation_state state = operation_state::queued;
    std::string release;
    cluster_id cluster;
    std::string cluster_name, name_space, name;
    std::string description;  // without values, at most 256 characters
    user_id by;               // 0: the command line, or a user who is gone
    std::string by_name;
    instant created, modified;
    std::optional<instant> started, finished;
    std::optional<release_source> source;  // of installs and updates
    int wanted_revision = 0;               // of rollbacks
    operation_options options;
    bool attempted_again = false;  // queued anew after a crash that left no trace in the cluster
    // Known while it runs.
    std::optional<int> revision_before;  // the newest that Helm had; 0: none
    int own_before = 0;  // the newest of ours then, which the release may not tell of; 0: not known
    operation_process process;
    std::string helm_version;
    // Known at its end.
    std::optional<operation_error> error;
    std::string warning;  // of one that went well, but for this
};

// A request that may be sent twice (contracts: releases 1.6). Known for a day.
struct idempotency {
    std::string subject;    // who
    std::string method;     // what
    std::string key;        // at most 128 bytes
    sha256_digest request;  // all that was asked for
};

struct new_operation {
    // Of it are read: kind, description, by, by_name, source, wanted_revision, options; of all but
    // installs `release`; and `id`, of the caller's choice: empty, one is given by begin(), as is
    // the rest.
    operation_record operation;
    // Of an install, the new one: cluster, name_space, name and source are read. Else unread.
    release_record release;
    std::string sealed_values;  // the user's values; empty: none
    std::optional<idempotency> once;
    std::size_t waiting_max = 1000;          // in all
    std::size_t waiting_of_caller_max = 50;  // `operation.by`, if that is somebody
};

struct begun {
    operation_record operation;
    release_record release;
    bool repeated = false;  // the key, or the id, was known: this is what the first request began
};

struct claim_limits {
    std::size_t running = 4;
    std::size_t running_in_cluster = 2;
};

struct claimed {
    operation_record operation;
    release_record release;
    std::string sealed_values;
};

struct operation_filter {
    std::string release;                            // empty: any
    std::optional<std::vector<cluster_id>> within;  // of these alone, if any; empty: everywhere
    std::optional<operation_state> state;
    bool unfinished = false;  // neither queued nor done
};

// The end of an operation, and of its release what the cluster said then.
struct operation_ending {
    std::optional<operation_error> error;
    std::string warning;
    release_status status = release_status::unknown;
    int revision = 0;
    std::string description;               // Helm's own
    bool gone = false;                     // no such release is left
    std::optional<release_source> source;  // in force from now on, where that changed
    std::optional<bool> stopped;           // its workloads, from now on, where that changed
};

struct operation_counts {
    std::size_t queued = 0, running = 0;
};

// Thread-safe; durable when the awaited call returns. Of each release at most one operation is not
// done: that is the lock, and it outlives the process.
class operation_log {
public:
    virtual ~operation_log() = default;

    // In one transaction: the operation, of an install its release (pending_install), of others the
    // release's status; the values; the key. A known key answers what the first request began,
    // however far that is, and so does a known id. errc::not_found: no such release, cluster or
    // user; errc::conflict: cluster, namespace and name are those of a live release; errc::busy:
    // another operation on the release is not done; the sentence is exactly `conflicting operation
    // "<id>" detected`; errc::unavailable: too many wait; errc::invalid_argument: the key came with
    // another request before.
    [[nodiscard]] virtual task<result<begun>> begin(new_operation wanted) = 0;
    // What the first request with this key began; empty: none has come.
    // errc::invalid_argument: another request came with it.
    [[nodiscard]] virtual task<result<std::optional<begun>>> begun_before(idempotency once) = 0;

    // The next one that may run, from now on running; empty: none. Of the clusters below their
    // limit the one that least is running for, then the one whose turn was longest ago; in it of
    // the callers likewise; of one caller the oldest. Those that are running stay with their
    // claimer.
    [[nodiscard]] virtual task<std::optional<claimed>> claim(claim_limits limits) = 0;

    // What is known while it runs: revision_before, own_before, process, helm_version,
    // attempted_again, and state back to queued, which takes its start back, too; what else is
    // changed is not kept. errc::not_found; errc::wrong_state: it is done.
    [[nodiscard]] virtual task<result<operation_record>> note(
        std::string id, record_change<operation_record> change) = 0;

    // In one transaction: done, the release as it now is, the values erased. The revisions after
    // revision_before are ours, as own_before is, and tell of changed_elsewhere; where the
    // status is unknown, nobody has seen the release. errc::not_found; errc::wrong_state: it is
    // done already.
    [[nodiscard]] virtual task<result<operation_record>> finish(std::string id,
                                                                operation_ending ending) = 0;

    // Queued: done at once, with errc::cancelled, the values erased; of an install the release is
    // gone, of others it has the status that it had. Running: cancelling. Else unchanged.
    // errc::not_found.
    [[nodiscard]] virtual task<result<operation_record>> cancel(std::string id) = 0;

    [[nodiscard]] virtual task<result<operation_record>> find(std::string id) = 0;
    // The newest first, at most `count` after the first `skip`.
    [[nodiscard]] virtual task<std::vector<operation_record>> list(operation_filter filter,
                                                                   std::size_t skip,
                                                                   std::size_t count) = 0;
    // With its release and values, of one that is not done. errc::not_found.
    [[nodiscard]] virtual task<result<claimed>> reclaim(std::string id) = 0;
    [[nodiscard]] virtual task<operation_counts> count() = 0;
    // Removes those that ended before, with their events, keys older than a day, and releases that
    // are gone and that no operation names any more; returns how many operations.
    [[nodiscard]] virtual task<std::size_t> forget(instant before) = 0;
};

inline constexpr std::size_t operation_events_max = 500;  // of one operation

struct operation_event {
    std::int64_t number = 0;  // rising within its operation, from 1; given by append()
    instant at;
    std::string what;  // `queued`, `started`, `helm`, `waiting`, `finished` …
    std::string text;  // redacted, at most 1 KiB
};

// Thread-safe. At most operation_events_max are kept of an operation: of those that come later only
// the last, under a number of its own, and before it one, `dropped`, that says so.
class operation_events {
public:
    virtual ~operation_events() = default;
    // Of an operation that is gone: nothing happens.
    [[nodiscard]] virtual task<void> append(std::string operation,
                                            std::vector<operation_event> events) = 0;
    // By number, those after this one.
    [[nodiscard]] virtual task<std::vector<operation_event>> read(std::string operation,
                                                                  std::int64_t after) = 0;
};

}  // namespace pilothouse::storage
