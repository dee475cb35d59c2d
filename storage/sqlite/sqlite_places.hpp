// Groups, projects and their protection rules in SQLite.
#pragma once

#include "storage/catalogue.hpp"
#include "storage/directory.hpp"
#include "storage/sqlite/database.hpp"

#include <string>
#include <vector>

namespace pilothouse::storage::sqlite {

// Who is told of changes. Both may be null.
struct observers {
    catalogue_observer* on_catalogue = nullptr;
    directory_observer* on_directory = nullptr;
};

class sqlite_projects final : public project_store {
public:
    sqlite_projects(database& db, observers told) : db_(db), told_(told) {}

    [[nodiscard]] task<result<project_record>> create(project_record project,
                                                      group_id within) override;
    [[nodiscard]] task<result<project_record>> find(project_id id) override;
    [[nodiscard]] task<result<project_record>> find(std::string path) override;
    [[nodiscard]] task<std::vector<project_record>> list() override;
    [[nodiscard]] task<result<project_record>> edit(project_id id,
                                                    record_change<project_record> change) override;
    [[nodiscard]] task<result<void>> remove(project_id id) override;

private:
    database& db_;
    observers told_;
};

class sqlite_groups final : public group_store {
public:
    sqlite_groups(database& db, observers told) : db_(db), told_(told) {}

    [[nodiscard]] task<result<group_record>> create(group_record group, user_id creator) override;
    [[nodiscard]] task<result<group_record>> find(group_id id) override;
    [[nodiscard]] task<result<group_record>> find(std::string path) override;
    [[nodiscard]] task<std::vector<group_record>> list() override;
    [[nodiscard]] task<result<group_record>> edit(group_id id,
                                                  record_change<group_record> change) override;
    [[nodiscard]] task<result<void>> remove(group_id id) override;

private:
    database& db_;
    observers told_;
};

class sqlite_protections final : public protection_store {
public:
    sqlite_protections(database& db, observers told) : db_(db), told_(told) {}

    [[nodiscard]] task<result<protection_rule>> add(project_id project,
                                                    protection_rule rule) override;
    [[nodiscard]] task<result<protection_rule>> edit(
        project_id project, protection_id id, record_change<protection_rule> change) override;
    [[nodiscard]] task<result<void>> remove(project_id project, protection_id id) override;

private:
    database& db_;
    observers told_;
};

// Has the directory's observer told once the change is durable.
void tell_directory(transaction& t, observers const& told);

// Of a path with several segments: all but the last; empty where there is one.
[[nodiscard]] std::string_view parent_path(std::string_view path) noexcept;
[[nodiscard]] std::string_view last_segment(std::string_view path) noexcept;

}  // namespace pilothouse::storage::sqlite
