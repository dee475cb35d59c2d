// Stores whose n-th call fails, whichever port it is made on.
//
//     faulty_stores faulty(*opened);
//     for (int n = 1; ; ++n) {
//         faulty.fuse.blow_at(n, fault::exception);
//         run the use case on `faulty`; then look at `*opened`: wholly there, or wholly not
//         if (faulty.fuse.calls() < n) break;  // the use case makes no n-th call
//     }
#pragma once

#include "base/busy.hpp"
#include "storage/open.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests {

enum class fault : std::uint8_t {
    failure,    // errc::unavailable; busy where the port's answer has no place for it
    exception,  // std::runtime_error
    full,       // storage_full
    lost,       // the call does its work, and its answer is a std::runtime_error
};

// Counts calls, and spoils one. Thread-safe.
class fuse {
public:
    // Counts from 1, from now on; 0: no call fails.
    void blow_at(int nth, fault how) {
        how_ = how;
        nth_ = nth;
        calls_ = 0;
    }
    [[nodiscard]] int calls() const { return calls_; }

    // The call is a coroutine not yet begun: dropped, it never was made.
    template <class T>
    [[nodiscard]] task<result<T>> guard(task<result<T>> call) {
        bool const spoiled = count();
        if (spoiled && how_ == fault::failure)
            co_return failure(errc::unavailable, "try again later", "an injected failure");
        if (spoiled) throw_unless_lost();
        auto answer = co_await std::move(call);
        if (spoiled) throw std::runtime_error("an injected loss of the answer");
        co_return answer;
    }
    template <class T>
    [[nodiscard]] task<T> guard(task<T> call) {
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

private:
    [[nodiscard]] bool count() { return ++calls_ == nth_; }
    void throw_unless_lost() const {
        switch (how_.load()) {
            case fault::failure: throw busy("an injected failure");
            case fault::exception: throw std::runtime_error("an injected exception");
            case fault::full: throw storage_full{"an injected full disk"};
            case fault::lost: return;
        }
    }

    std::atomic<fault> how_ = fault::failure;
    std::atomic<int> nth_ = 0;
    std::atomic<int> calls_ = 0;
};

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

// The inner stores must outlive it, and stay open: close() here does nothing.
class faulty_stores final : public storage::stores {
public:
    explicit faulty_stores(storage::stores& inner) : inner_(inner) {}

    tests::fuse fuse;

    storage::staging_area& staging() override { return staging_; }
    storage::blob_store& blobs() override { return blobs_; }
    storage::catalogue& catalogue() override { return catalogue_; }
    storage::channel_store& channels() override { return channels_; }
    storage::curator& curator() override { return curator_; }
    storage::package_store& packages() override { return packages_; }
    storage::project_store& projects() override { return projects_; }
    storage::group_store& groups() override { return groups_; }
    storage::protection_store& protections() override { return protections_; }
    storage::member_store& members() override { return members_; }
    storage::user_store& users() override { return users_; }
    storage::token_store& tokens() override { return tokens_; }
    storage::setting_store& settings() override { return settings_; }
    storage::audit_log& audit() override { return audit_; }
    task<result<void>> check() override { return fuse.guard(inner_.check()); }
    void close() override {}

private:
    storage::stores& inner_;
    faulty_staging_area staging_{inner_.staging(), fuse};
    faulty_blob_store blobs_{inner_.blobs(), fuse};
    faulty_catalogue catalogue_{inner_.catalogue(), fuse};
    faulty_channel_store channels_{inner_.channels(), fuse};
    faulty_curator curator_{inner_.curator(), fuse};
    faulty_package_store packages_{inner_.packages(), fuse};
    faulty_project_store projects_{inner_.projects(), fuse};
    faulty_group_store groups_{inner_.groups(), fuse};
    faulty_protection_store protections_{inner_.protections(), fuse};
    faulty_member_store members_{inner_.members(), fuse};
    faulty_user_store users_{inner_.users(), fuse};
    faulty_token_store tokens_{inner_.tokens(), fuse};
    faulty_setting_store settings_{inner_.settings(), fuse};
    faulty_audit_log audit_{inner_.audit(), fuse};
};

}  // namespace pilothouse::tests
