// Projects, members, users and settings in SQLite.
#pragma once

#include "storage/catalogue.hpp"
#include "storage/directory.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/sql.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::storage::sqlite {

class sqlite_projects final : public project_store {
public:
    // Observers may be null.
    sqlite_projects(database& db, catalogue_observer* on_catalogue,
                    directory_observer* on_directory)
        : db_(db), on_catalogue_(on_catalogue), on_directory_(on_directory) {}

    [[nodiscard]] task<result<project_record>> create(project_record project) override;
    [[nodiscard]] task<result<project_record>> find(project_id id) override;
    [[nodiscard]] task<result<project_record>> find(std::string path) override;
    [[nodiscard]] task<std::vector<project_record>> list() override;
    [[nodiscard]] task<result<project_record>> edit(project_record project) override;
    [[nodiscard]] task<result<void>> remove(project_id id) override;

private:
    static constexpr sql insert_project =
        "INSERT INTO project (path, visibility, anyone_can_pull, duplicates, archived, "
        "packages_enabled, created) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    static constexpr sql project_by_id =
        "SELECT id, path, visibility, anyone_can_pull, duplicates, archived, packages_enabled, "
        "created FROM project WHERE id = ?";
    static constexpr sql project_by_path =
        "SELECT id, path, visibility, anyone_can_pull, duplicates, archived, packages_enabled, "
        "created FROM project WHERE path = ?";
    static constexpr sql projects_by_path =
        "SELECT id, path, visibility, anyone_can_pull, duplicates, archived, packages_enabled, "
        "created FROM project ORDER BY path";
    static constexpr sql update_project =
        "UPDATE OR IGNORE project SET path = ?, visibility = ?, anyone_can_pull = ?, "
        "duplicates = ?, archived = ?, packages_enabled = ? WHERE id = ?";
    static constexpr sql delete_project = "DELETE FROM project WHERE id = ?";

    template <class Key>
    [[nodiscard]] static result<project_record> find_by(connection& c, sql query, Key const& key);

    database& db_;
    catalogue_observer* on_catalogue_;
    directory_observer* on_directory_;
};

class sqlite_members final : public member_store {
public:
    sqlite_members(database& db, directory_observer* observer) : db_(db), observer_(observer) {}

    [[nodiscard]] task<role> role_of(project_id project, user_id user) override;
    [[nodiscard]] task<result<void>> set(project_id project, user_id user, role r) override;
    [[nodiscard]] task<std::vector<member_record>> list(project_id project) override;

private:
    static constexpr sql role_of_member =
        "SELECT role FROM member WHERE project_id = ? AND user_id = ?";
    static constexpr sql both_exist =
        "SELECT 1 FROM project, user WHERE project.id = ? AND user.id = ?";
    static constexpr sql put_member =
        "INSERT INTO member (project_id, user_id, role) VALUES (?, ?, ?) "
        "ON CONFLICT DO UPDATE SET role = excluded.role";
    static constexpr sql delete_member = "DELETE FROM member WHERE project_id = ? AND user_id = ?";
    static constexpr sql members_of_project =
        "SELECT user.id, username, admin, blocked, created, role "
        "FROM member JOIN user ON user.id = user_id WHERE project_id = ? ORDER BY username";

    database& db_;
    directory_observer* observer_;
};

class sqlite_users final : public user_store {
public:
    sqlite_users(database& db, directory_observer* observer) : db_(db), observer_(observer) {}

    [[nodiscard]] task<result<user_record>> create(user_record user) override;
    [[nodiscard]] task<result<user_record>> find(user_id id) override;
    [[nodiscard]] task<result<user_record>> find(std::string username) override;
    [[nodiscard]] task<std::vector<user_record>> list() override;
    [[nodiscard]] task<result<user_record>> edit(user_record user) override;

private:
    static constexpr sql insert_user =
        "INSERT INTO user (username, admin, blocked, created) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING";
    static constexpr sql user_by_id =
        "SELECT id, username, admin, blocked, created FROM user WHERE id = ?";
    static constexpr sql user_by_name =
        "SELECT id, username, admin, blocked, created FROM user WHERE username = ?";
    static constexpr sql users_by_name =
        "SELECT id, username, admin, blocked, created FROM user ORDER BY username";
    static constexpr sql update_user = "UPDATE user SET admin = ?, blocked = ? WHERE id = ?";

    template <class Key>
    [[nodiscard]] static result<user_record> find_by(connection& c, sql query, Key const& key);

    database& db_;
    directory_observer* observer_;
};

class sqlite_settings final : public setting_store {
public:
    explicit sqlite_settings(database& db) : db_(db) {}

    [[nodiscard]] task<std::optional<std::string>> get(std::string key) override;
    [[nodiscard]] task<void> set(std::string key, std::string value) override;

private:
    static constexpr sql read_setting = "SELECT value FROM setting WHERE key = ?";
    static constexpr sql put_setting =
        "INSERT INTO setting (key, value) VALUES (?, ?) "
        "ON CONFLICT DO UPDATE SET value = excluded.value";

    database& db_;
};

}  // namespace pilothouse::storage::sqlite
