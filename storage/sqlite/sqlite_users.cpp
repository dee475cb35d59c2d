#include "storage/sqlite/sql.hpp"
#include "storage/sqlite/sqlite_people.hpp"

#include <string_view>

namespace pilothouse::storage::sqlite {

namespace {

#define SELECT_USER \
    "SELECT id, username, name, email, admin, blocked, bot_project, bot_group, created FROM user "
constexpr sql user_by_id = SELECT_USER "WHERE id = ?";
constexpr sql user_by_name = SELECT_USER "WHERE username = ?";
constexpr sql users_by_name = SELECT_USER "ORDER BY username";
#undef SELECT_USER

constexpr sql insert_user =
    "INSERT INTO user (username, name, email, admin, blocked, bot_project, bot_group, created) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
constexpr sql update_user =
    "UPDATE user SET username = ?, name = ?, email = ?, admin = ?, blocked = ? WHERE id = ?";
constexpr sql email_is_taken =
    "SELECT 1 FROM user WHERE email = ?1 COLLATE NOCASE AND email <> '' AND id IS NOT ?2";
constexpr sql name_is_taken = "SELECT 1 FROM user WHERE username = ?1 AND id IS NOT ?2";
constexpr sql delete_user = "DELETE FROM user WHERE id = ?";
constexpr sql owns_alone =
    "SELECT 1 FROM membership AS mine WHERE user_id = ?1 AND role = 50 AND group_id IS NOT NULL "
    "AND (expires IS NULL OR expires > ?2) "
    "AND NOT EXISTS (SELECT 1 FROM membership AS other JOIN user ON user.id = other.user_id "
    "WHERE other.group_id = mine.group_id AND other.role = 50 AND other.user_id <> ?1 "
    "AND (other.expires IS NULL OR (mine.expires IS NOT NULL AND other.expires > ?2)) "
    "AND bot_project IS NULL AND bot_group IS NULL)";

constexpr sql read_setting = "SELECT value FROM setting WHERE key = ?";
constexpr sql put_setting =
    "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = "
    "excluded.value";

failure no_such_user() { return {errc::not_found, "there is no such user"}; }

template <class Key>
result<user_record> find_user(connection& c, sql query, Key const& key) {
    auto r = c.run(query, key);
    if (!r.next()) return no_such_user();
    return read_user(r);
}

// By anybody but `oneself`; 0: by anybody.
result<void> check_free(connection& c, user_record const& u, user_id oneself) {
    if (c.run(email_is_taken, u.email, oneself).next())
        return failure(errc::conflict, "Email has already been taken");
    if (c.run(name_is_taken, u.username, oneself).next())
        return failure(errc::conflict, "Username has already been taken");
    return {};
}

template <class Id>
Id bot_place(user_record const& u) {
    auto const* const place = u.bot_of ? std::get_if<Id>(&*u.bot_of) : nullptr;
    return place != nullptr ? *place : Id();
}

}  // namespace

void tell_directory(transaction& t, directory_observer* observer) {
    if (observer != nullptr) t.after_commit([observer] { observer->directory_changed(); });
}

user_record read_user(rows const& r, int at) {
    user_record u;
    u.id = {r.integer(at)};
    u.username = r.text(at + 1);
    u.name = r.text(at + 2);
    u.email = r.text(at + 3);
    u.admin = r.flag(at + 4);
    u.blocked = r.flag(at + 5);
    if (!r.null(at + 6)) u.bot_of = project_id{r.integer(at + 6)};
    if (!r.null(at + 7)) u.bot_of = group_id{r.integer(at + 7)};
    u.created = r.time(at + 8);
    return u;
}

task<result<user_record>> sqlite_users::create(user_record user) {
    co_return co_await db_.write([&](transaction& t) -> result<user_record> {
        auto const& u = user;
        if (auto const free = check_free(t.on(), u, {}); !free) return free.error();
        t.on().execute(insert_user, u.username, u.name.empty() ? u.username : u.name, u.email,
                       u.admin, u.blocked, bot_place<project_id>(u), bot_place<group_id>(u),
                       u.created);
        tell_directory(t, observer_);
        return find_user(t.on(), user_by_id, t.on().last_inserted());
    });
}

task<result<user_record>> sqlite_users::find(user_id id) {
    co_return co_await db_.read([&](connection& c) { return find_user(c, user_by_id, id); });
}

task<result<user_record>> sqlite_users::find(std::string username) {
    co_return co_await db_.read(
        [&](connection& c) { return find_user(c, user_by_name, username); });
}

task<std::vector<user_record>> sqlite_users::list() {
    co_return co_await db_.read([](connection& c) {
        std::vector<user_record> all;
        auto r = c.run(users_by_name);
        while (r.next()) all.push_back(read_user(r));
        return all;
    });
}

task<result<user_record>> sqlite_users::edit(user_id id, record_change<user_record> change) {
    co_return co_await db_.write([&](transaction& t) -> result<user_record> {
        PILOTHOUSE_TRY(auto u, find_user(t.on(), user_by_id, id));
        if (auto const good = change(u); !good) return good.error();
        if (auto const free = check_free(t.on(), u, id); !free) return free.error();
        t.on().execute(update_user, u.username, u.name, u.email, u.admin, u.blocked, id);
        tell_directory(t, observer_);
        return find_user(t.on(), user_by_id, id);
    });
}

task<result<void>> sqlite_users::remove(user_id id, bool forced) {
    co_return co_await db_.write([&](transaction& t) -> result<void> {
        if (!forced && t.on().run(owns_alone, id, time_.now()).next())
            return failure(errc::conflict, "the user is the only owner of a group");
        if (t.on().execute(delete_user, id) == 0) return no_such_user();
        tell_directory(t, observer_);
        return {};
    });
}

task<std::optional<std::string>> sqlite_settings::get(std::string key) {
    co_return co_await db_.read([&](connection& c) -> std::optional<std::string> {
        auto r = c.run(read_setting, key);
        if (!r.next()) return std::nullopt;
        return r.text(0);
    });
}

task<void> sqlite_settings::set(std::string key, std::string value) {
    auto const done = co_await db_.write([&](transaction& t) -> result<void> {
        t.on().execute(put_setting, key, value);
        return {};
    });
    (void)done;  // the change refuses nothing
}

}  // namespace pilothouse::storage::sqlite
