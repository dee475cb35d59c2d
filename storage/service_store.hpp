// Ports: Helm services, configured in environments, and what was asked of them.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/directory.hpp"
#include "storage/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::storage {

struct service_record {
    service_id id;
    std::string uuid;  // in lower case; of the caller's choice, unique
    environment_id environment;
    std::string name;                  // unique in its environment
    std::string release_name;          // in the cluster; never changed
    std::string sealed_configuration;  // JSON; values hold secrets
    int configuration = 1;             // counts its edits
    int deployed = 0;                  // the configuration that is in force; 0: none is
    int deployed_revision = 0;         // of the release, that came of it; 0: nobody knows
    std::string release;               // release_record::id, of the last that was installed
    bool auto_deploy = false;
    // Whose rights it follows its channel with: whoever changed it last while it did so.
    user_id follows_as;        // 0: the command line, or a user who is gone
    bool by_operator = false;  // the command line, which is no user
    user_id creator;           // 0: the command line, or a user who is gone
    instant created, updated;
};

// All thread-safe; changes are durable when the awaited call returns. With its environment a
// service goes, too, and with it its deployments; the release in the cluster stays.
class service_store {
public:
    virtual ~service_store() = default;
    // `id` is given here. errc::conflict: name or release_name are taken in the environment, or the
    // UUID is; errc::not_found: environment or creator are gone.
    [[nodiscard]] virtual task<result<service_record>> create(service_record wanted) = 0;
    [[nodiscard]] virtual task<result<service_record>> find(
        std::string uuid) = 0;                                                   // errc::not_found
    [[nodiscard]] virtual task<result<service_record>> find(service_id id) = 0;  // errc::not_found
    // By name.
    [[nodiscard]] virtual task<std::vector<service_record>> list(environment_id environment) = 0;
    // Those of all environments that follow their channel (auto_deploy), oldest first.
    [[nodiscard]] virtual task<std::vector<service_record>> automatic() = 0;
    // All but id, uuid, environment, release_name and creation. errc::not_found: it, or whom it
    // follows as; errc::conflict: the name is taken.
    [[nodiscard]] virtual task<result<service_record>> edit(
        service_id id, record_change<service_record> change) = 0;
    // With its deployments. errc::not_found.
    [[nodiscard]] virtual task<result<void>> remove(service_id id) = 0;
};

enum class deployment_kind : std::uint8_t { deploy, dry_run, uninstall, remove, stop, restart };
enum class deployment_outcome : std::uint8_t { none, success, error, cancelled };
[[nodiscard]] std::string_view name_of(deployment_kind kind) noexcept;

// One thing that was asked of a service.
struct deployment_record {
    std::string uuid;  // in lower case; of the caller's choice, unique
    service_id service;
    deployment_kind kind = deployment_kind::deploy;
    int configuration = 0;  // that it was asked with
    std::string chart, version;
    // operation_record::id, written before it begins: an operation that is not there never began,
    // or is forgotten by now. Empty: of a dry run, of what waits, of what never began.
    std::string operation;
    user_id by;  // 0: the command line, or a user who is gone
    std::string by_name;
    instant created;
    // Known at its end; operations are forgotten sooner than this.
    std::optional<instant> started, finished;
    deployment_outcome outcome = deployment_outcome::none;
    std::string message;  // of an error, redacted; at most 4 KiB
    std::string result;   // of a dry run: what would change, JSON, Secrets masked; at most 1 MiB
};

// Kept of a service: the newest.
inline constexpr std::size_t deployments_max = 100;  // that are finished
inline constexpr std::size_t dry_runs_max = 10;

// Thread-safe; changes are durable when the awaited call returns.
class deployment_log {
public:
    virtual ~deployment_log() = default;
    // Of those that are finished the oldest go, so that deployments_max stay; of dry runs so that
    // dry_runs_max do. errc::not_found: the service or the asker are gone; errc::conflict: the UUID
    // is taken.
    [[nodiscard]] virtual task<result<deployment_record>> add(deployment_record wanted) = 0;
    // Of it are kept what is known at its begin (configuration, version, operation) and at its end:
    // from `started` on. errc::not_found.
    [[nodiscard]] virtual task<result<deployment_record>> edit(
        std::string uuid, record_change<deployment_record> change) = 0;
    // One that was not begun after all. errc::not_found.
    [[nodiscard]] virtual task<result<void>> remove(std::string uuid) = 0;
    [[nodiscard]] virtual task<result<deployment_record>> find(
        std::string uuid) = 0;  // errc::not_found
    // Whose operation this is. errc::not_found.
    [[nodiscard]] virtual task<result<deployment_record>> of_operation(std::string operation) = 0;
    // Those of all services that are no dry runs, not begun and not over, oldest first.
    [[nodiscard]] virtual task<std::vector<deployment_record>> waiting() = 0;
    // Those of all services that name an operation and do not say how it ended, oldest first,
    // without their results.
    [[nodiscard]] virtual task<std::vector<deployment_record>> unsettled() = 0;
    // Those added last first, at most `count`, without their results.
    [[nodiscard]] virtual task<std::vector<deployment_record>> list(service_id service,
                                                                    std::size_t count) = 0;
};

}  // namespace pilothouse::storage
