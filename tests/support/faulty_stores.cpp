// Each port as a class that lets the fuse see its calls.
#include "tests/support/faulty_stores.hpp"

#include "base/busy.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace pilothouse::tests {

void fuse::throw_unless_lost() const {
    switch (how_.load()) {
        case fault::failure: throw busy("an injected failure");
        case fault::exception: throw std::runtime_error("an injected exception");
        case fault::full: throw storage_full{"an injected full disk"};
        case fault::lost: return;
    }
}

template <class T>
task<result<T>> fuse::guard(task<result<T>> call) {
    bool const spoiled = count();
    if (spoiled && how_ == fault::failure)
        co_return failure(errc::unavailable, "try again later", "an injected failure");
    if (spoiled) throw_unless_lost();
    auto answer = co_await std::move(call);
    if (spoiled) throw std::runtime_error("an injected loss of the answer");
    co_return answer;
}

template <class T>
task<T> fuse::guard(task<T> call) {
    bool const spoiled = count();
    if (spoiled) throw_unless_lost();
    if constexpr (std::is_void_v<T>) {
        co_await std::move(call);
        if (spoiled) throw std::runtime_error("an injected loss of the answer");
    } else {
        auto answer = co_await std::move(call);
        if (spoiled) throw std::runtime_error("an injected loss of the answer");
        co_return answer;
    }
}

namespace {

class faulty_writer final : public storage::staged_writer {
public:
    faulty_writer(std::unique_ptr<storage::staged_writer> inner, fuse& f)
        : inner_(std::move(inner)), fuse_(f) {}
    task<void> write(std::string_view bytes) override { return fuse_.guard(inner_->write(bytes)); }
    std::uint64_t size_bytes() const noexcept override { return inner_->size_bytes(); }
    task<storage::staged_file> finish() override { return fuse_.guard(inner_->finish()); }

private:
    std::unique_ptr<storage::staged_writer> inner_;
    fuse& fuse_;
};

class faulty_staging_area final : public storage::staging_area {
public:
    faulty_staging_area(storage::staging_area& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<std::unique_ptr<storage::staged_writer>> create() override {
        auto writer = co_await fuse_.guard(inner_.create());
        co_return std::make_unique<faulty_writer>(std::move(writer), fuse_);
    }

private:
    storage::staging_area& inner_;
    fuse& fuse_;
};

class faulty_blob_store final : public storage::blob_store {
public:
    faulty_blob_store(storage::blob_store& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<void> put(storage::staged_file file) override {
        return fuse_.guard(inner_.put(std::move(file)));
    }
    task<result<std::shared_ptr<storage::blob const>>> open(sha256_digest digest) override {
        return fuse_.guard(inner_.open(digest));
    }
    task<bool> remove(sha256_digest digest) override { return fuse_.guard(inner_.remove(digest)); }
    task<std::vector<storage::blob_info>> list() override { return fuse_.guard(inner_.list()); }

private:
    storage::blob_store& inner_;
    fuse& fuse_;
};

class faulty_catalogue final : public storage::catalogue {
public:
    faulty_catalogue(storage::catalogue& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<result<storage::added>> add(storage::project_id project, std::string channel,
                                     storage::catalogue_entry entry, storage::adding how) override {
        return fuse_.guard(
            inner_.add(project, std::move(channel), std::move(entry), std::move(how)));
    }
    task<result<void>> attach_provenance(storage::project_id project, std::string channel,
                                         std::string file_name, sha256_digest archive,
                                         sha256_digest provenance) override {
        return fuse_.guard(inner_.attach_provenance(project, std::move(channel),
                                                    std::move(file_name), archive, provenance));
    }
    task<result<storage::catalogue_entry>> find(storage::project_id project, std::string channel,
                                                std::string file_name) override {
        return fuse_.guard(inner_.find(project, std::move(channel), std::move(file_name)));
    }
    task<result<std::vector<storage::catalogue_entry>>> remove(
        storage::project_id project, std::string channel, std::optional<std::string> chart,
        std::optional<std::string> version) override {
        return fuse_.guard(
            inner_.remove(project, std::move(channel), std::move(chart), std::move(version)));
    }
    task<std::vector<storage::catalogue_entry>> list(storage::project_id project,
                                                     std::string channel,
                                                     std::optional<std::string> chart) override {
        return fuse_.guard(inner_.list(project, std::move(channel), std::move(chart)));
    }
    task<std::vector<storage::channel_record>> channels(storage::project_id project) override {
        return fuse_.guard(inner_.channels(project));
    }
    task<std::optional<storage::channel_record>> scan(storage::project_id project,
                                                      std::string channel,
                                                      storage::index_visitor visit) override {
        return fuse_.guard(inner_.scan(project, std::move(channel), std::move(visit)));
    }
    task<std::vector<sha256_digest>> named_blobs() override {
        return fuse_.guard(inner_.named_blobs());
    }

private:
    storage::catalogue& inner_;
    fuse& fuse_;
};

class faulty_channel_store final : public storage::channel_store {
public:
    faulty_channel_store(storage::channel_store& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<std::optional<storage::channel_record>> find(storage::channel_id id) override {
        return fuse_.guard(inner_.find(id));
    }
    task<std::optional<storage::channel_record>> find(storage::project_id project,
                                                      std::string channel) override {
        return fuse_.guard(inner_.find(project, std::move(channel)));
    }
    task<result<storage::channel_record>> configure(
        storage::project_id project, std::string channel,
        storage::record_change<storage::channel_settings> change) override {
        return fuse_.guard(inner_.configure(project, std::move(channel), std::move(change)));
    }
    task<storage::quota_state> quota_of(storage::project_id project) override {
        return fuse_.guard(inner_.quota_of(project));
    }

private:
    storage::channel_store& inner_;
    fuse& fuse_;
};

class faulty_curator final : public storage::curator {
public:
    faulty_curator(storage::curator& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<result<std::vector<storage::added>>> copy(storage::copy_request request) override {
        return fuse_.guard(inner_.copy(std::move(request)));
    }
    task<result<std::vector<storage::catalogue_entry>>> mark(
        storage::project_id project, std::string channel,
        std::vector<storage::marking> markings) override {
        return fuse_.guard(inner_.mark(project, std::move(channel), std::move(markings)));
    }
    task<result<std::vector<storage::catalogue_entry>>> remove(
        storage::project_id project, std::string channel,
        std::vector<storage::version_state> versions) override {
        return fuse_.guard(inner_.remove(project, std::move(channel), std::move(versions)));
    }

private:
    storage::curator& inner_;
    fuse& fuse_;
};

class faulty_package_store final : public storage::package_store {
public:
    faulty_package_store(storage::package_store& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<storage::package_list> list(storage::package_filter filter,
                                     storage::package_range range) override {
        return fuse_.guard(inner_.list(std::move(filter), range));
    }
    task<result<storage::package_record>> find(storage::project_id project,
                                               storage::package_id id) override {
        return fuse_.guard(inner_.find(project, id));
    }
    task<result<storage::package_record>> find(storage::project_id project, std::string chart,
                                               std::string version) override {
        return fuse_.guard(inner_.find(project, std::move(chart), std::move(version)));
    }
    task<result<std::vector<storage::package_file>>> files(storage::project_id project,
                                                           storage::package_id id) override {
        return fuse_.guard(inner_.files(project, id));
    }
    task<result<std::vector<storage::package_file>>> remove(storage::project_id project,
                                                            storage::package_id id) override {
        return fuse_.guard(inner_.remove(project, id));
    }
    task<result<storage::package_file>> remove_file(storage::project_id project,
                                                    storage::package_id id,
                                                    storage::package_file_id file) override {
        return fuse_.guard(inner_.remove_file(project, id, file));
    }
    task<result<storage::version_place>> locate(storage::version_id version) override {
        return fuse_.guard(inner_.locate(version));
    }

private:
    storage::package_store& inner_;
    fuse& fuse_;
};

class faulty_project_store final : public storage::project_store {
public:
    faulty_project_store(storage::project_store& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<result<storage::project_record>> create(storage::project_record project,
                                                 storage::group_id within) override {
        return fuse_.guard(inner_.create(std::move(project), within));
    }
    task<result<storage::project_record>> find(storage::project_id id) override {
        return fuse_.guard(inner_.find(id));
    }
    task<result<storage::project_record>> find(std::string path) override {
        return fuse_.guard(inner_.find(std::move(path)));
    }
    task<std::vector<storage::project_record>> list() override {
        return fuse_.guard(inner_.list());
    }
    task<result<storage::project_record>> edit(
        storage::project_id id, storage::record_change<storage::project_record> change) override {
        return fuse_.guard(inner_.edit(id, std::move(change)));
    }
    task<result<void>> remove(storage::project_id id) override {
        return fuse_.guard(inner_.remove(id));
    }

private:
    storage::project_store& inner_;
    fuse& fuse_;
};

class faulty_group_store final : public storage::group_store {
public:
    faulty_group_store(storage::group_store& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<result<storage::group_record>> create(storage::group_record group,
                                               storage::user_id creator) override {
        return fuse_.guard(inner_.create(std::move(group), creator));
    }
    task<result<storage::group_record>> find(storage::group_id id) override {
        return fuse_.guard(inner_.find(id));
    }
    task<result<storage::group_record>> find(std::string path) override {
        return fuse_.guard(inner_.find(std::move(path)));
    }
    task<std::vector<storage::group_record>> list() override { return fuse_.guard(inner_.list()); }
    task<result<storage::group_record>> edit(
        storage::group_id id, storage::record_change<storage::group_record> change) override {
        return fuse_.guard(inner_.edit(id, std::move(change)));
    }
    task<result<void>> remove(storage::group_id id) override {
        return fuse_.guard(inner_.remove(id));
    }

private:
    storage::group_store& inner_;
    fuse& fuse_;
};

class faulty_protection_store final : public storage::protection_store {
public:
    faulty_protection_store(storage::protection_store& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<result<storage::protection_rule>> add(storage::project_id project,
                                               storage::protection_rule rule) override {
        return fuse_.guard(inner_.add(project, std::move(rule)));
    }
    task<result<storage::protection_rule>> edit(
        storage::project_id project, storage::protection_id id,
        storage::record_change<storage::protection_rule> change) override {
        return fuse_.guard(inner_.edit(project, id, std::move(change)));
    }
    task<result<void>> remove(storage::project_id project, storage::protection_id id) override {
        return fuse_.guard(inner_.remove(project, id));
    }

private:
    storage::protection_store& inner_;
    fuse& fuse_;
};

class faulty_member_store final : public storage::member_store {
public:
    faulty_member_store(storage::member_store& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<storage::effective_role> role_of(storage::place_id where, storage::user_id user,
                                          instant now) override {
        return fuse_.guard(inner_.role_of(where, user, now));
    }
    task<result<storage::member_record>> find(storage::place_id where,
                                              storage::user_id user) override {
        return fuse_.guard(inner_.find(where, user));
    }
    task<result<storage::member_record>> set(storage::place_id where, storage::user_id user,
                                             storage::membership as) override {
        return fuse_.guard(inner_.set(where, user, as));
    }
    task<result<void>> remove(storage::place_id where, storage::user_id user) override {
        return fuse_.guard(inner_.remove(where, user));
    }
    task<std::vector<storage::member_record>> list(storage::place_id where,
                                                   bool inherited) override {
        return fuse_.guard(inner_.list(where, inherited));
    }
    task<std::vector<storage::member_record>> of_user(storage::user_id user) override {
        return fuse_.guard(inner_.of_user(user));
    }

private:
    storage::member_store& inner_;
    fuse& fuse_;
};

class faulty_user_store final : public storage::user_store {
public:
    faulty_user_store(storage::user_store& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<result<storage::user_record>> create(storage::user_record user) override {
        return fuse_.guard(inner_.create(std::move(user)));
    }
    task<result<storage::user_record>> find(storage::user_id id) override {
        return fuse_.guard(inner_.find(id));
    }
    task<result<storage::user_record>> find(std::string username) override {
        return fuse_.guard(inner_.find(std::move(username)));
    }
    task<std::vector<storage::user_record>> list() override { return fuse_.guard(inner_.list()); }
    task<result<storage::user_record>> edit(
        storage::user_id id, storage::record_change<storage::user_record> change) override {
        return fuse_.guard(inner_.edit(id, std::move(change)));
    }
    task<result<void>> remove(storage::user_id id, bool forced) override {
        return fuse_.guard(inner_.remove(id, forced));
    }

private:
    storage::user_store& inner_;
    fuse& fuse_;
};

class faulty_token_store final : public storage::token_store {
public:
    faulty_token_store(storage::token_store& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<result<storage::token_record>> add(storage::token_record token) override {
        return fuse_.guard(inner_.add(std::move(token)));
    }
    task<result<storage::token_record>> find(sha256_digest hash) override {
        return fuse_.guard(inner_.find(hash));
    }
    task<result<storage::token_record>> find(storage::token_id id) override {
        return fuse_.guard(inner_.find(id));
    }
    task<std::vector<storage::token_record>> list(storage::token_filter filter) override {
        return fuse_.guard(inner_.list(filter));
    }
    task<result<storage::token_record>> revoke(storage::token_id id) override {
        return fuse_.guard(inner_.revoke(id));
    }
    task<result<storage::token_record>> replace(storage::token_id old,
                                                storage::token_record fresh) override {
        return fuse_.guard(inner_.replace(old, std::move(fresh)));
    }
    task<void> touch(storage::token_id id, instant used) override {
        return fuse_.guard(inner_.touch(id, used));
    }

private:
    storage::token_store& inner_;
    fuse& fuse_;
};

class faulty_setting_store final : public storage::setting_store {
public:
    faulty_setting_store(storage::setting_store& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<std::optional<std::string>> get(std::string key) override {
        return fuse_.guard(inner_.get(std::move(key)));
    }
    task<void> set(std::string key, std::string value) override {
        return fuse_.guard(inner_.set(std::move(key), std::move(value)));
    }

private:
    storage::setting_store& inner_;
    fuse& fuse_;
};

class faulty_audit_log final : public storage::audit_log {
public:
    faulty_audit_log(storage::audit_log& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<void> note(storage::audit_event event) override {
        return fuse_.guard(inner_.note(std::move(event)));
    }
    task<std::vector<storage::audit_event>> list(storage::audit_filter filter, std::size_t skip,
                                                 std::size_t count) override {
        return fuse_.guard(inner_.list(filter, skip, count));
    }
    task<std::size_t> count(storage::audit_filter filter) override {
        return fuse_.guard(inner_.count(filter));
    }
    task<std::optional<storage::audit_event>> find(storage::audit_id id) override {
        return fuse_.guard(inner_.find(id));
    }
    task<std::size_t> forget(instant before) override { return fuse_.guard(inner_.forget(before)); }

private:
    storage::audit_log& inner_;
    fuse& fuse_;
};

class faulty_cluster_store final : public storage::cluster_store {
public:
    faulty_cluster_store(storage::cluster_store& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<result<storage::cluster_record>> create(storage::cluster_record cluster) override {
        return fuse_.guard(inner_.create(std::move(cluster)));
    }
    task<result<storage::cluster_record>> find(storage::cluster_id id) override {
        return fuse_.guard(inner_.find(id));
    }
    task<result<storage::cluster_record>> find(std::string name) override {
        return fuse_.guard(inner_.find(std::move(name)));
    }
    task<std::vector<storage::cluster_record>> list() override {
        return fuse_.guard(inner_.list());
    }
    task<result<storage::cluster_record>> edit(
        storage::cluster_id id, storage::record_change<storage::cluster_record> change) override {
        return fuse_.guard(inner_.edit(id, std::move(change)));
    }
    task<result<void>> remove(storage::cluster_id id) override {
        return fuse_.guard(inner_.remove(id));
    }

private:
    storage::cluster_store& inner_;
    fuse& fuse_;
};

class faulty_cluster_member_store final : public storage::cluster_member_store {
public:
    faulty_cluster_member_store(storage::cluster_member_store& inner, fuse& f)
        : inner_(inner), fuse_(f) {}
    task<storage::role> role_of(storage::cluster_id cluster, storage::user_id user) override {
        return fuse_.guard(inner_.role_of(cluster, user));
    }
    task<result<void>> set(storage::cluster_id cluster, storage::user_id user,
                           storage::role as) override {
        return fuse_.guard(inner_.set(cluster, user, as));
    }
    task<result<void>> remove(storage::cluster_id cluster, storage::user_id user) override {
        return fuse_.guard(inner_.remove(cluster, user));
    }
    task<std::vector<storage::cluster_member>> list(storage::cluster_id cluster) override {
        return fuse_.guard(inner_.list(cluster));
    }

private:
    storage::cluster_member_store& inner_;
    fuse& fuse_;
};

class faulty_release_store final : public storage::release_store {
public:
    faulty_release_store(storage::release_store& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<result<storage::release_record>> find(std::string id) override {
        return fuse_.guard(inner_.find(std::move(id)));
    }
    task<std::vector<storage::release_record>> list(storage::release_filter filter,
                                                    storage::release_place after,
                                                    std::size_t count) override {
        return fuse_.guard(inner_.list(std::move(filter), std::move(after), count));
    }
    task<result<storage::release_record>> observe(
        std::string id, storage::record_change<storage::release_record> change) override {
        return fuse_.guard(inner_.observe(std::move(id), std::move(change)));
    }

private:
    storage::release_store& inner_;
    fuse& fuse_;
};

class faulty_operation_log final : public storage::operation_log {
public:
    faulty_operation_log(storage::operation_log& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<result<storage::begun>> begin(storage::new_operation wanted) override {
        return fuse_.guard(inner_.begin(std::move(wanted)));
    }
    task<result<std::optional<storage::begun>>> begun_before(storage::idempotency once) override {
        return fuse_.guard(inner_.begun_before(std::move(once)));
    }
    task<std::optional<storage::claimed>> claim(storage::claim_limits limits) override {
        return fuse_.guard(inner_.claim(limits));
    }
    task<result<storage::operation_record>> note(
        std::string id, storage::record_change<storage::operation_record> change) override {
        return fuse_.guard(inner_.note(std::move(id), std::move(change)));
    }
    task<result<storage::operation_record>> finish(std::string id,
                                                   storage::operation_ending ending) override {
        return fuse_.guard(inner_.finish(std::move(id), std::move(ending)));
    }
    task<result<storage::operation_record>> cancel(std::string id) override {
        return fuse_.guard(inner_.cancel(std::move(id)));
    }
    task<result<storage::operation_record>> find(std::string id) override {
        return fuse_.guard(inner_.find(std::move(id)));
    }
    task<std::vector<storage::operation_record>> list(storage::operation_filter filter,
                                                      std::size_t skip,
                                                      std::size_t count) override {
        return fuse_.guard(inner_.list(std::move(filter), skip, count));
    }
    task<result<storage::claimed>> reclaim(std::string id) override {
        return fuse_.guard(inner_.reclaim(std::move(id)));
    }
    task<storage::operation_counts> count() override { return fuse_.guard(inner_.count()); }
    task<std::size_t> forget(instant before) override { return fuse_.guard(inner_.forget(before)); }

private:
    storage::operation_log& inner_;
    fuse& fuse_;
};

class faulty_operation_events final : public storage::operation_events {
public:
    faulty_operation_events(storage::operation_events& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<void> append(std::string operation,
                      std::vector<storage::operation_event> events) override {
        return fuse_.guard(inner_.append(std::move(operation), std::move(events)));
    }
    task<std::vector<storage::operation_event>> read(std::string operation,
                                                     std::int64_t after) override {
        return fuse_.guard(inner_.read(std::move(operation), after));
    }

private:
    storage::operation_events& inner_;
    fuse& fuse_;
};

class faulty_environment_store final : public storage::environment_store {
public:
    faulty_environment_store(storage::environment_store& inner, fuse& f)
        : inner_(inner), fuse_(f) {}
    task<result<storage::environment_record>> create(storage::environment_record wanted) override {
        return fuse_.guard(inner_.create(std::move(wanted)));
    }
    task<result<storage::environment_record>> find(storage::environment_id id) override {
        return fuse_.guard(inner_.find(id));
    }
    task<result<storage::environment_record>> find(std::string uuid) override {
        return fuse_.guard(inner_.find(std::move(uuid)));
    }
    task<std::vector<storage::environment_record>> list(storage::project_id project) override {
        return fuse_.guard(inner_.list(project));
    }
    task<result<storage::environment_record>> edit(
        storage::environment_id id,
        storage::record_change<storage::environment_record> change) override {
        return fuse_.guard(inner_.edit(id, std::move(change)));
    }
    task<result<void>> remove(storage::environment_id id) override {
        return fuse_.guard(inner_.remove(id));
    }

private:
    storage::environment_store& inner_;
    fuse& fuse_;
};

class faulty_service_store final : public storage::service_store {
public:
    faulty_service_store(storage::service_store& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<result<storage::service_record>> create(storage::service_record wanted) override {
        return fuse_.guard(inner_.create(std::move(wanted)));
    }
    task<result<storage::service_record>> find(std::string uuid) override {
        return fuse_.guard(inner_.find(std::move(uuid)));
    }
    task<result<storage::service_record>> find(storage::service_id id) override {
        return fuse_.guard(inner_.find(id));
    }
    task<std::vector<storage::service_record>> automatic() override {
        return fuse_.guard(inner_.automatic());
    }
    task<std::vector<storage::service_record>> list(storage::environment_id environment) override {
        return fuse_.guard(inner_.list(environment));
    }
    task<result<storage::service_record>> edit(
        storage::service_id id, storage::record_change<storage::service_record> change) override {
        return fuse_.guard(inner_.edit(id, std::move(change)));
    }
    task<result<void>> remove(storage::service_id id) override {
        return fuse_.guard(inner_.remove(id));
    }

private:
    storage::service_store& inner_;
    fuse& fuse_;
};

class faulty_deployment_log final : public storage::deployment_log {
public:
    faulty_deployment_log(storage::deployment_log& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<result<storage::deployment_record>> add(storage::deployment_record wanted) override {
        return fuse_.guard(inner_.add(std::move(wanted)));
    }
    task<result<storage::deployment_record>> edit(
        std::string uuid, storage::record_change<storage::deployment_record> change) override {
        return fuse_.guard(inner_.edit(std::move(uuid), std::move(change)));
    }
    task<result<void>> remove(std::string uuid) override {
        return fuse_.guard(inner_.remove(std::move(uuid)));
    }
    task<result<storage::deployment_record>> find(std::string uuid) override {
        return fuse_.guard(inner_.find(std::move(uuid)));
    }
    task<result<storage::deployment_record>> of_operation(std::string operation) override {
        return fuse_.guard(inner_.of_operation(std::move(operation)));
    }
    task<std::vector<storage::deployment_record>> waiting() override {
        return fuse_.guard(inner_.waiting());
    }
    task<std::vector<storage::deployment_record>> unsettled() override {
        return fuse_.guard(inner_.unsettled());
    }
    task<std::vector<storage::deployment_record>> list(storage::service_id service,
                                                       std::size_t count) override {
        return fuse_.guard(inner_.list(service, count));
    }

private:
    storage::deployment_log& inner_;
    fuse& fuse_;
};

class faulty_webhook_store final : public storage::webhook_store {
public:
    faulty_webhook_store(storage::webhook_store& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<result<storage::webhook_record>> create(storage::webhook_record hook) override {
        return fuse_.guard(inner_.create(std::move(hook)));
    }
    task<result<storage::webhook_record>> find(storage::project_id project,
                                               storage::webhook_id id) override {
        return fuse_.guard(inner_.find(project, id));
    }
    task<std::vector<storage::webhook_record>> list(storage::project_id project) override {
        return fuse_.guard(inner_.list(project));
    }
    task<std::vector<storage::webhook_record>> list() override {
        return fuse_.guard(inner_.list());
    }
    task<result<storage::webhook_record>> edit(
        storage::project_id project, storage::webhook_id id,
        storage::record_change<storage::webhook_record> change) override {
        return fuse_.guard(inner_.edit(project, id, std::move(change)));
    }
    task<result<void>> remove(storage::project_id project, storage::webhook_id id) override {
        return fuse_.guard(inner_.remove(project, id));
    }

private:
    storage::webhook_store& inner_;
    fuse& fuse_;
};

class faulty_delivery_log final : public storage::delivery_log {
public:
    faulty_delivery_log(storage::delivery_log& inner, fuse& f) : inner_(inner), fuse_(f) {}
    task<result<storage::delivery_record>> add(storage::delivery_record delivery) override {
        return fuse_.guard(inner_.add(std::move(delivery)));
    }
    task<std::vector<storage::due_delivery>> due(instant now, std::size_t of_each,
                                                 std::size_t count) override {
        return fuse_.guard(inner_.due(now, of_each, count));
    }
    task<result<storage::delivery_record>> find(storage::webhook_id hook,
                                                std::int64_t number) override {
        return fuse_.guard(inner_.find(hook, number));
    }
    task<result<storage::delivery_record>> note(
        std::int64_t number, storage::record_change<storage::delivery_record> change) override {
        return fuse_.guard(inner_.note(number, std::move(change)));
    }
    task<std::vector<storage::delivery_record>> list(storage::webhook_id hook, std::size_t skip,
                                                     std::size_t count) override {
        return fuse_.guard(inner_.list(hook, skip, count));
    }
    task<std::size_t> count_waiting() override { return fuse_.guard(inner_.count_waiting()); }
    task<result<void>> remove(std::int64_t number) override {
        return fuse_.guard(inner_.remove(number));
    }

private:
    storage::delivery_log& inner_;
    fuse& fuse_;
};

}  // namespace

struct faulty_stores::ports {
    tests::fuse& f;
    storage::stores& inner;
    faulty_staging_area staging{inner.staging(), f};
    faulty_blob_store blobs{inner.blobs(), f};
    faulty_catalogue catalogue{inner.catalogue(), f};
    faulty_channel_store channels{inner.channels(), f};
    faulty_curator curator{inner.curator(), f};
    faulty_package_store packages{inner.packages(), f};
    faulty_project_store projects{inner.projects(), f};
    faulty_group_store groups{inner.groups(), f};
    faulty_protection_store protections{inner.protections(), f};
    faulty_member_store members{inner.members(), f};
    faulty_user_store users{inner.users(), f};
    faulty_token_store tokens{inner.tokens(), f};
    faulty_cluster_store clusters{inner.clusters(), f};
    faulty_cluster_member_store cluster_members{inner.cluster_members(), f};
    faulty_release_store releases{inner.releases(), f};
    faulty_operation_log operations{inner.operations(), f};
    faulty_operation_events operation_events{inner.operation_events(), f};
    faulty_environment_store environments{inner.environments(), f};
    faulty_service_store services{inner.services(), f};
    faulty_deployment_log deployments{inner.deployments(), f};
    faulty_webhook_store webhooks{inner.webhooks(), f};
    faulty_delivery_log deliveries{inner.deliveries(), f};
    faulty_setting_store settings{inner.settings(), f};
    faulty_audit_log audit{inner.audit(), f};
};

faulty_stores::faulty_stores(storage::stores& inner)
    : inner_(inner), ports_(new ports{fuse, inner}) {}
faulty_stores::~faulty_stores() = default;

storage::staging_area& faulty_stores::staging() { return ports_->staging; }
storage::blob_store& faulty_stores::blobs() { return ports_->blobs; }
storage::catalogue& faulty_stores::catalogue() { return ports_->catalogue; }
storage::channel_store& faulty_stores::channels() { return ports_->channels; }
storage::curator& faulty_stores::curator() { return ports_->curator; }
storage::package_store& faulty_stores::packages() { return ports_->packages; }
storage::project_store& faulty_stores::projects() { return ports_->projects; }
storage::group_store& faulty_stores::groups() { return ports_->groups; }
storage::protection_store& faulty_stores::protections() { return ports_->protections; }
storage::member_store& faulty_stores::members() { return ports_->members; }
storage::user_store& faulty_stores::users() { return ports_->users; }
storage::token_store& faulty_stores::tokens() { return ports_->tokens; }
storage::cluster_store& faulty_stores::clusters() { return ports_->clusters; }
storage::cluster_member_store& faulty_stores::cluster_members() { return ports_->cluster_members; }
storage::release_store& faulty_stores::releases() { return ports_->releases; }
storage::operation_log& faulty_stores::operations() { return ports_->operations; }
storage::operation_events& faulty_stores::operation_events() { return ports_->operation_events; }
storage::environment_store& faulty_stores::environments() { return ports_->environments; }
storage::service_store& faulty_stores::services() { return ports_->services; }
storage::deployment_log& faulty_stores::deployments() { return ports_->deployments; }
storage::webhook_store& faulty_stores::webhooks() { return ports_->webhooks; }
storage::delivery_log& faulty_stores::deliveries() { return ports_->deliveries; }
storage::setting_store& faulty_stores::settings() { return ports_->settings; }
storage::audit_log& faulty_stores::audit() { return ports_->audit; }
task<result<void>> faulty_stores::check() { return fuse.guard(inner_.check()); }

}  // namespace pilothouse::tests
