// Port: what installs charts into clusters. The one there is drives the `helm` program.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "storage/operation_log.hpp"
#include "storage/release_store.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::release {

using storage::operation_options;
using storage::operation_process;
using storage::release_status;

// Where a release is, or is to be. Name and namespace are valid (release/release_name.hpp).
struct target {
    secret kubeconfig;  // JSON: one cluster, one user, inline data alone (release/kubeconfig.hpp)
    std::string name_space, name;
    bool for_operation = false;  // its questions keep no company with those of people who look
    int cancel = -1;  // readable as soon as `history` is not to be waited for; -1: it always is
};

// What is installed. The values are one JSON object.
struct payload {
    std::filesystem::path archive;  // a .tgz of our own store, its digest checked
    secret values;
    std::vector<std::string> redacted;  // texts that appear in nothing that is said
};

struct revision {
    int number = 0;
    release_status status = release_status::unknown;
    instant updated;
    std::string chart;  // `name-version`
    std::string app_version;
    std::string description;  // redacted
};

// A release as `helm list` shows it.
struct listed_release {
    std::string name_space, name;
    int revision = 0;
    release_status status = release_status::unknown;
    instant updated;
    std::string chart, app_version;
};

// Somebody else's hand on a run. Thread-safe.
class run_control {
public:
    virtual ~run_control() = default;
    // The child was started; noted before it is waited for, so that a crash finds it again.
    virtual void started(operation_process process) = 0;
    // A line that people may read: redacted, at most 1 KiB. `what` as operation_event has it.
    virtual void said(std::string what, std::string text) = 0;
    // Readable as soon as the run is to be cancelled; owned by the control.
    [[nodiscard]] virtual int cancel_descriptor() const noexcept = 0;
};

// How a run of the child ended. What became of the release, its history tells alone
// (contracts: helm-engine 3).
struct run_end {
    bool succeeded = false;                         // the child said so
    bool cancelled = false;                         // it was asked to end, and did
    bool killed = false;                            // it did not end in time
    std::optional<storage::operation_error> error;  // of all but those that succeeded
    std::string warning;                            // of those that did
};

// An object of a chart, as it would be in the cluster, or is in a revision.
struct rendered_object {
    std::string api_version, kind, name_space, name;
    std::string text;  // YAML; data of Secrets masked, nothing else: redact what people see
    bool hook = false;
};

struct engine_version {
    int major = 0, minor = 0;
    std::string text;  // `v4.2.4`
};

// Thread-safe. Every call has a deadline of its own. failure codes as contracts: helm-engine 4 has
// them: not_found, unavailable (the cluster cannot be reached), denied, wrong_state, broken …
class engine {
public:
    virtual ~engine() = default;

    // Questions are not answered any more (errc::unavailable): the server ends. Any thread.
    virtual void stop() noexcept {}

    // errc::unavailable: there is no helm, or one that cannot be used, and how to get one.
    [[nodiscard]] virtual task<result<engine_version>> version() = 0;

    // The label that marks the revisions of an operation is `pilothouse.operation=<id>`.
    // install: the namespace is made where it is missing.
    [[nodiscard]] virtual task<run_end> install(target where, payload what, operation_options how,
                                                std::string operation,
                                                std::shared_ptr<run_control> control) = 0;
    [[nodiscard]] virtual task<run_end> upgrade(target where, payload what, operation_options how,
                                                std::string operation,
                                                std::shared_ptr<run_control> control) = 0;
    [[nodiscard]] virtual task<run_end> rollback(target where, int to, operation_options how,
                                                 std::shared_ptr<run_control> control) = 0;
    [[nodiscard]] virtual task<run_end> uninstall(target where, operation_options how,
                                                  std::shared_ptr<run_control> control) = 0;

    // The oldest first; empty: there is no such release.
    [[nodiscard]] virtual task<result<std::vector<revision>>> history(target where) = 0;
    // The newest revision that bears the label of this operation; 0: none does.
    [[nodiscard]] virtual task<result<int>> revision_of(target where, std::string operation) = 0;
    // Of the whole cluster, or of one namespace where that is named. `cancel`: a descriptor that is
    // readable as soon as nobody wants the answer any more (errc::cancelled), or -1.
    [[nodiscard]] virtual task<result<std::vector<listed_release>>> list(secret kubeconfig,
                                                                         std::string name_space,
                                                                         int cancel) = 0;
    // The user's values of the newest revision, as one JSON object.
    [[nodiscard]] virtual task<result<secret>> values(target where) = 0;
    // What an install or upgrade would make, judged by the cluster: nothing is changed. Values that
    // break the chart's schema: errc::invalid_argument.
    [[nodiscard]] virtual task<result<std::vector<rendered_object>>> render(target where,
                                                                            payload what,
                                                                            bool upgrade) = 0;
    // The same without a cluster: what the chart alone says of these values; with its `crds/`.
    [[nodiscard]] virtual task<result<std::vector<rendered_object>>> render_offline(
        target where, payload what) = 0;
    // Of a revision that is there; 0: the newest.
    [[nodiscard]] virtual task<result<std::vector<rendered_object>>> manifest(target where,
                                                                              int number) = 0;
};

}  // namespace pilothouse::release
