#include "storage/open.hpp"

#include "base/busy.hpp"
#include "storage/fs/data_folder.hpp"
#include "storage/fs/fs_blob_store.hpp"
#include "storage/fs/fs_staging_area.hpp"
#include "storage/fs/on_pool.hpp"
#include "storage/memory/memory_audit_log.hpp"
#include "storage/memory/memory_blob_store.hpp"
#include "storage/memory/memory_catalogue.hpp"
#include "storage/memory/memory_clusters.hpp"
#include "storage/memory/memory_curator.hpp"
#include "storage/memory/memory_environments.hpp"
#include "storage/memory/memory_operations.hpp"
#include "storage/memory/memory_packages.hpp"
#include "storage/memory/memory_people.hpp"
#include "storage/memory/memory_places.hpp"
#include "storage/memory/memory_services.hpp"
#include "storage/memory/memory_staging_area.hpp"
#include "storage/memory/memory_tokens.hpp"
#include "storage/memory/memory_webhooks.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/sqlite_audit_log.hpp"
#include "storage/sqlite/sqlite_catalogue.hpp"
#include "storage/sqlite/sqlite_channels.hpp"
#include "storage/sqlite/sqlite_clusters.hpp"
#include "storage/sqlite/sqlite_curator.hpp"
#include "storage/sqlite/sqlite_environments.hpp"
#include "storage/sqlite/sqlite_operations.hpp"
#include "storage/sqlite/sqlite_packages.hpp"
#include "storage/sqlite/sqlite_people.hpp"
#include "storage/sqlite/sqlite_places.hpp"
#include "storage/sqlite/sqlite_releases.hpp"
#include "storage/sqlite/sqlite_services.hpp"
#include "storage/sqlite/sqlite_tokens.hpp"
#include "storage/sqlite/sqlite_webhooks.hpp"

#include <atomic>
#include <exception>
#include <string>
#include <utility>

namespace pilothouse::storage {

namespace {

// Below this, uploads are to go elsewhere: what is left lets deletions and log lines work.
constexpr std::uint64_t free_bytes_min = 16ull * 1024 * 1024;

struct surroundings {
    blocking_pool& files;
    clock const& time;
    catalogue_observer* on_catalogue;
    directory_observer* on_directory;
};

class memory_stores final : public stores {
public:
    explicit memory_stores(surroundings const& s)
        : state_(s.time, s.on_catalogue, s.on_directory) {}

    staging_area& staging() override { return staging_; }
    blob_store& blobs() override { return blobs_; }
    storage::catalogue& catalogue() override { return catalogue_; }
    channel_store& channels() override { return channels_; }
    storage::curator& curator() override { return curator_; }
    package_store& packages() override { return packages_; }
    project_store& projects() override { return projects_; }
    group_store& groups() override { return groups_; }
    protection_store& protections() override { return protections_; }
    member_store& members() override { return members_; }
    user_store& users() override { return users_; }
    token_store& tokens() override { return tokens_; }
    cluster_store& clusters() override { return clusters_; }
    cluster_member_store& cluster_members() override { return cluster_members_; }
    release_store& releases() override { return releases_; }
    operation_log& operations() override { return operations_; }
    storage::operation_events& operation_events() override { return operation_events_; }
    environment_store& environments() override { return environments_; }
    service_store& services() override { return services_; }
    deployment_log& deployments() override { return deployments_; }
    webhook_store& webhooks() override { return webhooks_; }
    delivery_log& deliveries() override { return deliveries_; }
    setting_store& settings() override { return settings_; }
    audit_log& audit() override { return audit_; }
    task<result<void>> check() override { co_return result<void>(); }
    void close() override {}

private:
    memory::memory_state state_;
    memory::memory_staging_area staging_;
    memory::memory_blob_store blobs_{state_};
    memory::memory_catalogue catalogue_{state_};
    memory::memory_channels channels_{state_};
    memory::memory_curator curator_{state_};
    memory::memory_packages packages_{state_};
    memory::memory_projects projects_{state_};
    memory::memory_groups groups_{state_};
    memory::memory_protections protections_{state_};
    memory::memory_members members_{state_};
    memory::memory_users users_{state_};
    memory::memory_tokens tokens_{state_};
    memory::memory_clusters clusters_{state_};
    memory::memory_cluster_members cluster_members_{state_};
    memory::memory_releases releases_{state_};
    memory::memory_operations operations_{state_};
    memory::memory_operation_events operation_events_{state_};
    memory::memory_environments environments_{state_};
    memory::memory_services services_{state_};
    memory::memory_deployments deployments_{state_};
    memory::memory_webhooks webhooks_{state_};
    memory::memory_deliveries deliveries_{state_};
    memory::memory_settings settings_{state_};
    memory::memory_audit_log audit_{state_};
};

class folder_stores final : public stores {
public:
    folder_stores(fs::layout where, fs::folder_lock lock, std::unique_ptr<sqlite::database> db,
                  surroundings const& s)
        : where_(std::move(where)),
          lock_(std::move(lock)),
          db_(std::move(db)),
          files_(s.files),
          staging_(where_, s.files),
          blobs_(where_, s.files, s.time),
          catalogue_(*db_, s.time, s.on_catalogue),
          channels_(*db_, s.time, s.on_catalogue),
          curator_(*db_, s.time, s.on_catalogue),
          packages_(*db_, s.time, s.on_catalogue),
          projects_(*db_, {s.on_catalogue, s.on_directory}),
          groups_(*db_, {s.on_catalogue, s.on_directory}),
          protections_(*db_, {s.on_catalogue, s.on_directory}),
          members_(*db_, s.time, s.on_directory),
          users_(*db_, s.time, s.on_directory),
          tokens_(*db_, s.on_directory),
          clusters_(*db_),
          cluster_members_(*db_),
          releases_(*db_),
          operations_(*db_, s.time),
          operation_events_(*db_),
          environments_(*db_),
          services_(*db_),
          deployments_(*db_),
          webhooks_(*db_),
          deliveries_(*db_),
          settings_(*db_),
          audit_(*db_) {}
    ~folder_stores() override { folder_stores::close(); }

    staging_area& staging() override { return staging_; }
    blob_store& blobs() override { return blobs_; }
    storage::catalogue& catalogue() override { return catalogue_; }
    channel_store& channels() override { return channels_; }
    storage::curator& curator() override { return curator_; }
    package_store& packages() override { return packages_; }
    project_store& projects() override { return projects_; }
    group_store& groups() override { return groups_; }
    protection_store& protections() override { return protections_; }
    member_store& members() override { return members_; }
    user_store& users() override { return users_; }
    token_store& tokens() override { return tokens_; }
    cluster_store& clusters() override { return clusters_; }
    cluster_member_store& cluster_members() override { return cluster_members_; }
    release_store& releases() override { return releases_; }
    operation_log& operations() override { return operations_; }
    storage::operation_events& operation_events() override { return operation_events_; }
    environment_store& environments() override { return environments_; }
    service_store& services() override { return services_; }
    deployment_log& deployments() override { return deployments_; }
    webhook_store& webhooks() override { return webhooks_; }
    delivery_log& deliveries() override { return deliveries_; }
    setting_store& settings() override { return settings_; }
    audit_log& audit() override { return audit_; }
    task<result<void>> check() override;
    // The database first: whoever takes the lock next finds it at rest.
    void close() override {
        db_->close();
        lock_ = {};
    }

private:
    [[nodiscard]] task<void> try_staging();

    std::atomic<bool> trying_ = false;
    fs::layout where_;
    fs::folder_lock lock_;
    std::unique_ptr<sqlite::database> db_;
    blocking_pool& files_;
    fs::fs_staging_area staging_;
    fs::fs_blob_store blobs_;
    sqlite::sqlite_catalogue catalogue_;
    sqlite::sqlite_channels channels_;
    sqlite::sqlite_curator curator_;
    sqlite::sqlite_packages packages_;
    sqlite::sqlite_projects projects_;
    sqlite::sqlite_groups groups_;
    sqlite::sqlite_protections protections_;
    sqlite::sqlite_members members_;
    sqlite::sqlite_users users_;
    sqlite::sqlite_tokens tokens_;
    sqlite::sqlite_clusters clusters_;
    sqlite::sqlite_cluster_members cluster_members_;
    sqlite::sqlite_releases releases_;
    sqlite::sqlite_operations operations_;
    sqlite::sqlite_operation_events operation_events_;
    sqlite::sqlite_environments environments_;
    sqlite::sqlite_services services_;
    sqlite::sqlite_deployments deployments_;
    sqlite::sqlite_webhooks webhooks_;
    sqlite::sqlite_deliveries deliveries_;
    sqlite::sqlite_settings settings_;
    sqlite::sqlite_audit_log audit_;
};

// Gives back what was taken.
class turn {
public:
    explicit turn(std::atomic<bool>& taken) : taken_(taken) {}
    ~turn() { taken_ = false; }
    turn(turn const&) = delete;
    turn& operator=(turn const&) = delete;

private:
    std::atomic<bool>& taken_;
};

// One byte, written as an upload is; throws where that cannot be. One at a time, however many ask:
// the others hear of the next. With all file threads busy the folder is good enough to work in.
task<void> folder_stores::try_staging() {
    if (trying_.exchange(true)) co_return;
    turn const mine(trying_);
    try {
        auto const writer = co_await staging_.create();
        co_await writer->write("?");
        (void)co_await writer->finish();
    } catch (busy const&) {
    }
}

task<result<void>> folder_stores::check() {
    failure broken(errc::unavailable, "the storage does not answer");
    try {
        if (auto const reason = db_->out_of_service())
            co_return failure(errc::unavailable, "the database takes no more changes", *reason);
        (void)co_await settings_.get("readiness");  // any question will do
        auto const room = co_await fs::on_pool(files_, [&] { return fs::free_bytes(where_); });
        if (room < free_bytes_min)
            co_return failure(
                errc::full, "the disk is full",
                "free bytes in " + where_.folder.string() + ": " + std::to_string(room));
        broken.detail = "uploads cannot be written";
        co_await try_staging();
        co_return result<void>();
    } catch (std::exception const& e) {
        broken.cause = e.what();
    }
    co_return broken;
}

failure cannot_open(fs::layout const& where, std::string const& why) {
    return {errc::unavailable, "cannot use the data folder " + where.folder.string() + ": " + why};
}

// Absolute, so that a later change of the working folder changes nothing; without a slash at the
// end, so that it has a parent.
fs::layout layout_of(folder_backend const& b) {
    return {(std::filesystem::absolute(b.folder) / "").lexically_normal().parent_path()};
}

result<std::unique_ptr<stores>> open_backend(memory_backend const&, surroundings const& s) {
    return std::make_unique<memory_stores>(s);
}

result<std::unique_ptr<stores>> open_backend(folder_backend const& b, surroundings const& s) {
    auto const where = layout_of(b);
    try {
        PILOTHOUSE_TRY(auto lock, fs::open_data_folder(where, s.time.now()));
        PILOTHOUSE_TRY(auto db, sqlite::database::open(where.database(), {}));
        return std::make_unique<folder_stores>(where, std::move(lock), std::move(db), s);
    } catch (std::exception const& e) {
        return cannot_open(where, e.what());
    }
}

}  // namespace

result<std::unique_ptr<stores>> open(backend const& where, blocking_pool& files, clock const& time,
                                     catalogue_observer* on_catalogue,
                                     directory_observer* on_directory) {
    surroundings const s{files, time, on_catalogue, on_directory};
    return std::visit([&](auto const& chosen) { return open_backend(chosen, s); }, where);
}

result<void> look_at(folder_backend const& where) {
    auto const there = layout_of(where);
    try {
        return fs::look_at_data_folder(there);
    } catch (std::exception const& e) {
        return cannot_open(there, e.what());
    }
}

}  // namespace pilothouse::storage
