// All ports without a disk: for tests. Nothing blocks, so nothing suspends.
#pragma once

#include "storage/curator.hpp"
#include "storage/memory/memory_state.hpp"
#include "storage/package_store.hpp"
#include "storage/staging_area.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::storage::memory {

class memory_staging_area final : public staging_area {
public:
    [[nodiscard]] task<std::unique_ptr<staged_writer>> create() override;
};

class memory_blob_store final : public blob_store {
public:
    explicit memory_blob_store(memory_state& state) : state_(state) {}
    // Takes files of any staging area.
    [[nodiscard]] task<void> put(staged_file file) override;
    [[nodiscard]] task<result<std::shared_ptr<blob const>>> open(sha256_digest digest) override;
    [[nodiscard]] task<bool> remove(sha256_digest digest) override;
    [[nodiscard]] task<std::vector<blob_info>> list() override;

private:
    memory_state& state_;
};

class memory_catalogue final : public catalogue {
public:
    explicit memory_catalogue(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<added>> add(project_id project, std::string channel,
                                          catalogue_entry entry, adding how) override;
    [[nodiscard]] task<result<void>> attach_provenance(project_id project, std::string channel,
                                                       std::string file_name, sha256_digest archive,
                                                       sha256_digest provenance) override;
    [[nodiscard]] task<result<catalogue_entry>> find(project_id project, std::string channel,
                                                     std::string file_name) override;
    [[nodiscard]] task<result<std::vector<catalogue_entry>>> remove(
        project_id project, std::string channel, std::optional<std::string> chart,
        std::optional<std::string> version) override;
    [[nodiscard]] task<std::vector<catalogue_entry>> list(
        project_id project, std::string channel, std::optional<std::string> chart) override;
    [[nodiscard]] task<std::vector<channel_record>> channels(project_id project) override;
    [[nodiscard]] task<std::optional<channel_record>> scan(project_id project, std::string channel,
                                                           index_visitor visit) override;
    [[nodiscard]] task<std::vector<sha256_digest>> named_blobs() override;

private:
    memory_state& state_;
};

class memory_channels final : public channel_store {
public:
    explicit memory_channels(memory_state& state) : state_(state) {}
    [[nodiscard]] task<std::optional<channel_record>> find(project_id project,
                                                           std::string channel) override;
    [[nodiscard]] task<result<channel_record>> configure(
        project_id project, std::string channel, record_change<channel_settings> change) override;
    [[nodiscard]] task<quota_state> quota_of(project_id project) override;

private:
    memory_state& state_;
};

class memory_curator final : public curator {
public:
    explicit memory_curator(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<std::vector<added>>> copy(copy_request request) override;
    [[nodiscard]] task<result<std::vector<catalogue_entry>>> mark(
        project_id project, std::string channel, std::vector<marking> markings) override;
    [[nodiscard]] task<result<std::vector<catalogue_entry>>> remove(
        project_id project, std::string channel, std::vector<version_state> versions) override;

private:
    memory_state& state_;
};

class memory_packages final : public package_store {
public:
    explicit memory_packages(memory_state& state) : state_(state) {}
    [[nodiscard]] task<package_list> list(package_filter filter, package_range range) override;
    [[nodiscard]] task<result<package_record>> find(project_id project, package_id id) override;
    [[nodiscard]] task<result<package_record>> find(project_id project, std::string chart,
                                                    std::string version) override;
    [[nodiscard]] task<result<std::vector<package_file>>> files(project_id project,
                                                                package_id id) override;
    [[nodiscard]] task<result<std::vector<package_file>>> remove(project_id project,
                                                                 package_id id) override;
    [[nodiscard]] task<result<package_file>> remove_file(project_id project, package_id id,
                                                         package_file_id file) override;

private:
    memory_state& state_;
};

class memory_projects final : public project_store {
public:
    explicit memory_projects(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<project_record>> create(project_record project,
                                                      group_id within) override;
    [[nodiscard]] task<result<project_record>> find(project_id id) override;
    [[nodiscard]] task<result<project_record>> find(std::string path) override;
    [[nodiscard]] task<std::vector<project_record>> list() override;
    [[nodiscard]] task<result<project_record>> edit(project_id id,
                                                    record_change<project_record> change) override;
    [[nodiscard]] task<result<void>> remove(project_id id) override;

private:
    memory_state& state_;
};

class memory_groups final : public group_store {
public:
    explicit memory_groups(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<group_record>> create(group_record group, user_id creator) override;
    [[nodiscard]] task<result<group_record>> find(group_id id) override;
    [[nodiscard]] task<result<group_record>> find(std::string path) override;
    [[nodiscard]] task<std::vector<group_record>> list() override;
    [[nodiscard]] task<result<group_record>> edit(group_id id,
                                                  record_change<group_record> change) override;
    [[nodiscard]] task<result<void>> remove(group_id id) override;

private:
    memory_state& state_;
};

class memory_protections final : public protection_store {
public:
    explicit memory_protections(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<protection_rule>> add(project_id project,
                                                    protection_rule rule) override;
    [[nodiscard]] task<result<protection_rule>> edit(
        project_id project, protection_id id, record_change<protection_rule> change) override;
    [[nodiscard]] task<result<void>> remove(project_id project, protection_id id) override;

private:
    memory_state& state_;
};

class memory_members final : public member_store {
public:
    explicit memory_members(memory_state& state) : state_(state) {}
    [[nodiscard]] task<effective_role> role_of(place_id where, user_id user, instant now) override;
    [[nodiscard]] task<result<member_record>> find(place_id where, user_id user) override;
    [[nodiscard]] task<result<member_record>> set(place_id where, user_id user,
                                                  membership as) override;
    [[nodiscard]] task<result<void>> remove(place_id where, user_id user) override;
    [[nodiscard]] task<std::vector<member_record>> list(place_id where, bool inherited) override;
    [[nodiscard]] task<std::vector<member_record>> of_user(user_id user) override;

private:
    memory_state& state_;
};

class memory_users final : public user_store {
public:
    explicit memory_users(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<user_record>> create(user_record user) override;
    [[nodiscard]] task<result<user_record>> find(user_id id) override;
    [[nodiscard]] task<result<user_record>> find(std::string username) override;
    [[nodiscard]] task<std::vector<user_record>> list() override;
    [[nodiscard]] task<result<user_record>> edit(user_id id,
                                                 record_change<user_record> change) override;
    [[nodiscard]] task<result<void>> remove(user_id id, bool forced) override;

private:
    memory_state& state_;
};

class memory_audit_log final : public audit_log {
public:
    explicit memory_audit_log(memory_state& state) : state_(state) {}
    [[nodiscard]] task<void> note(audit_event event) override;
    [[nodiscard]] task<std::vector<audit_event>> list(audit_filter filter, std::size_t skip,
                                                      std::size_t count) override;
    [[nodiscard]] task<std::size_t> count(audit_filter filter) override;
    [[nodiscard]] task<std::optional<audit_event>> find(audit_id id) override;
    [[nodiscard]] task<std::size_t> forget(instant before) override;

private:
    memory_state& state_;
};

class memory_settings final : public setting_store {
public:
    explicit memory_settings(memory_state& state) : state_(state) {}
    [[nodiscard]] task<std::optional<std::string>> get(std::string key) override;
    [[nodiscard]] task<void> set(std::string key, std::string value) override;

private:
    memory_state& state_;
};

class memory_tokens final : public token_store {
public:
    explicit memory_tokens(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<token_record>> add(token_record token) override;
    [[nodiscard]] task<result<token_record>> find(sha256_digest hash) override;
    [[nodiscard]] task<result<token_record>> find(token_id id) override;
    [[nodiscard]] task<std::vector<token_record>> list(token_filter filter) override;
    [[nodiscard]] task<result<token_record>> revoke(token_id id) override;
    [[nodiscard]] task<result<token_record>> replace(token_id old, token_record fresh) override;
    [[nodiscard]] task<void> touch(token_id id, instant used) override;

private:
    memory_state& state_;
};

}  // namespace pilothouse::storage::memory
