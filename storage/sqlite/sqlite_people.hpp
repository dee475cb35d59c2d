// Users, their memberships, and the server's settings in SQLite.
#pragma once

#include "base/clock.hpp"
#include "storage/directory.hpp"
#include "storage/sqlite/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::storage::sqlite {

class sqlite_members final : public member_store {
public:
    sqlite_members(database& db, clock const& time, directory_observer* observer)
        : db_(db), time_(time), observer_(observer) {}

    [[nodiscard]] task<effective_role> role_of(place_id where, user_id user, instant now) override;
    [[nodiscard]] task<result<member_record>> find(place_id where, user_id user) override;
    [[nodiscard]] task<result<member_record>> set(place_id where, user_id user,
                                                  membership as) override;
    [[nodiscard]] task<result<void>> remove(place_id where, user_id user) override;
    [[nodiscard]] task<std::vector<member_record>> list(place_id where, bool inherited) override;
    [[nodiscard]] task<std::vector<member_record>> of_user(user_id user) override;

private:
    database& db_;
    clock const& time_;
    directory_observer* observer_;
};

class sqlite_users final : public user_store {
public:
    sqlite_users(database& db, clock const& time, directory_observer* observer)
        : db_(db), time_(time), observer_(observer) {}

    [[nodiscard]] task<result<user_record>> create(user_record user) override;
    [[nodiscard]] task<result<user_record>> find(user_id id) override;
    [[nodiscard]] task<result<user_record>> find(std::string username) override;
    [[nodiscard]] task<std::vector<user_record>> list() override;
    [[nodiscard]] task<result<user_record>> edit(user_id id,
                                                 record_change<user_record> change) override;
    [[nodiscard]] task<result<void>> remove(user_id id, bool forced) override;

private:
    database& db_;
    clock const& time_;
    directory_observer* observer_;
};

class sqlite_settings final : public setting_store {
public:
    explicit sqlite_settings(database& db) : db_(db) {}

    [[nodiscard]] task<std::optional<std::string>> get(std::string key) override;
    [[nodiscard]] task<void> set(std::string key, std::string value) override;

private:
    database& db_;
};

// Has the observer told once the change is durable; null: nobody.
void tell_directory(transaction& t, directory_observer* observer);

// The columns of `user` from `at` on, in the order id, username, name, email, admin, blocked,
// bot_project, bot_group, created.
[[nodiscard]] user_record read_user(rows const& r, int at = 0);

}  // namespace pilothouse::storage::sqlite
