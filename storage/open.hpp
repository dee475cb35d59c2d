// Opens the stores that the settings name. The one place that knows which adapters exist.
#pragma once

#include "base/blocking_pool.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "storage/audit_log.hpp"
#include "storage/blob_store.hpp"
#include "storage/catalogue.hpp"
#include "storage/channel_store.hpp"
#include "storage/cluster_store.hpp"
#include "storage/curator.hpp"
#include "storage/directory.hpp"
#include "storage/environment_store.hpp"
#include "storage/operation_log.hpp"
#include "storage/package_store.hpp"
#include "storage/release_store.hpp"
#include "storage/service_store.hpp"
#include "storage/staging_area.hpp"
#include "storage/token_store.hpp"
#include "storage/webhook_store.hpp"

#include <filesystem>
#include <memory>
#include <variant>

namespace pilothouse::storage {

// One data folder: SQLite and files.
struct folder_backend {
    std::filesystem::path folder;
};

// Nothing on disk: for tests.
struct memory_backend {};

using backend = std::variant<folder_backend, memory_backend>;

// Everything that is stored. Not copied, not moved: the ports refer to each other.
class stores {
public:
    virtual ~stores() = default;
    [[nodiscard]] virtual staging_area& staging() = 0;
    [[nodiscard]] virtual blob_store& blobs() = 0;
    [[nodiscard]] virtual storage::catalogue& catalogue() = 0;
    [[nodiscard]] virtual channel_store& channels() = 0;
    [[nodiscard]] virtual storage::curator& curator() = 0;
    [[nodiscard]] virtual package_store& packages() = 0;
    [[nodiscard]] virtual project_store& projects() = 0;
    [[nodiscard]] virtual group_store& groups() = 0;
    [[nodiscard]] virtual protection_store& protections() = 0;
    [[nodiscard]] virtual member_store& members() = 0;
    [[nodiscard]] virtual user_store& users() = 0;
    [[nodiscard]] virtual token_store& tokens() = 0;
    [[nodiscard]] virtual cluster_store& clusters() = 0;
    [[nodiscard]] virtual cluster_member_store& cluster_members() = 0;
    [[nodiscard]] virtual release_store& releases() = 0;
    [[nodiscard]] virtual operation_log& operations() = 0;
    [[nodiscard]] virtual storage::operation_events& operation_events() = 0;
    [[nodiscard]] virtual environment_store& environments() = 0;
    [[nodiscard]] virtual service_store& services() = 0;
    [[nodiscard]] virtual deployment_log& deployments() = 0;
    [[nodiscard]] virtual webhook_store& webhooks() = 0;
    [[nodiscard]] virtual delivery_log& deliveries() = 0;
    [[nodiscard]] virtual setting_store& settings() = 0;
    [[nodiscard]] virtual audit_log& audit() = 0;
    // Success when the stores answer and the disk has room; else errc::unavailable or errc::full
    // with the reason.
    [[nodiscard]] virtual task<result<void>> check() = 0;
    // Waits for what is under way, then closes. No call on any port afterwards.
    virtual void close() = 0;
};

// Blocks while it opens and migrates. `files` is the pool for blob and staging work; both must
// outlive the stores. The observers may be null; they are told of changes from the moment of
// opening. errc::locked: another process holds the folder (the detail names its process id);
// errc::unavailable: the folder cannot be used, with the reason and what to do (no rights, newer
// version …).
[[nodiscard]] result<std::unique_ptr<stores>> open(backend const& where, blocking_pool& files,
                                                   clock const& time,
                                                   catalogue_observer* on_catalogue = nullptr,
                                                   directory_observer* on_directory = nullptr);

// What open() would have against the backend, as far as a look tells; makes and changes nothing,
// and does not mind who has it open. errc::unavailable, with the reason.
[[nodiscard]] result<void> look_at(folder_backend const& where);

}  // namespace pilothouse::storage
