#include "storage/sqlite/sqlite_directory.hpp"

#include <utility>

namespace pilothouse::storage::sqlite {

namespace {

project_record read_project(rows const& r) {
    project_record p;
    p.id = {r.integer(0)};
    p.path = r.text(1);
    p.visibility = static_cast<visibility>(r.integer(2));
    p.anyone_can_pull = r.flag(3);
    p.duplicates = static_cast<duplicates_rule>(r.integer(4));
    p.archived = r.flag(5);
    p.packages_enabled = r.flag(6);
    p.created = r.time(7);
    return p;
}

user_record read_user(rows const& r) {
    user_record u;
    u.id = {r.integer(0)};
    u.username = r.text(1);
    u.admin = r.flag(2);
    u.blocked = r.flag(3);
    u.created = r.time(4);
    return u;
}

failure no_such_project() { return {errc::not_found, "there is no such project"}; }
failure no_such_user() { return {errc::not_found, "there is no such user"}; }
failure path_taken() { return {errc::conflict, "a project with this path exists already"}; }

void tell(transaction& t, directory_observer* observer) {
    if (observer != nullptr) t.after_commit([observer] { observer->directory_changed(); });
}

}  // namespace

template <class Key>
result<project_record> sqlite_projects::find_by(connection& c, sql query, Key const& key) {
    auto r = c.run(query, key);
    if (!r.next()) return no_such_project();
    return read_project(r);
}

task<result<project_record>> sqlite_projects::create(project_record project) {
    co_return co_await db_.write([&](transaction& t) -> result<project_record> {
        auto const& p = project;
        if (t.on().execute(insert_project, p.path, p.visibility, p.anyone_can_pull, p.duplicates,
                           p.archived, p.packages_enabled, p.created) == 0)
            return path_taken();
        tell(t, on_directory_);
        return find_by(t.on(), project_by_id, t.on().last_inserted());
    });
}

task<result<project_record>> sqlite_projects::find(project_id id) {
    co_return co_await db_.read([&](connection& c) { return find_by(c, project_by_id, id); });
}

task<result<project_record>> sqlite_projects::find(std::string path) {
    co_return co_await db_.read([&](connection& c) { return find_by(c, project_by_path, path); });
}

task<std::vector<project_record>> sqlite_projects::list() {
    co_return co_await db_.read([](connection& c) {
        std::vector<project_record> all;
        auto r = c.run(projects_by_path);
        while (r.next()) all.push_back(read_project(r));
        return all;
    });
}

task<result<project_record>> sqlite_projects::edit(project_record project) {
    co_return co_await db_.write([&](transaction& t) -> result<project_record> {
        auto const& p = project;
        if (auto const found = find_by(t.on(), project_by_id, p.id); !found) return found.error();
        if (t.on().execute(update_project, p.path, p.visibility, p.anyone_can_pull, p.duplicates,
                           p.archived, p.packages_enabled, p.id) == 0)
            return path_taken();
        tell(t, on_directory_);
        return find_by(t.on(), project_by_id, p.id);
    });
}

task<result<void>> sqlite_projects::remove(project_id id) {
    co_return co_await db_.write([&](transaction& t) -> result<void> {
        if (t.on().execute(delete_project, id) == 0) return no_such_project();
        tell(t, on_directory_);
        if (on_catalogue_ != nullptr)
            t.after_commit([observer = on_catalogue_, id] {
                index_change gone;
                gone.what = index_change::kind::project_removed;
                gone.project = id;
                observer->changed(gone);
            });
        return {};
    });
}

task<role> sqlite_members::role_of(project_id project, user_id user) {
    co_return co_await db_.read([&](connection& c) {
        auto r = c.run(role_of_member, project, user);
        return r.next() ? static_cast<role>(r.integer(0)) : role::none;
    });
}

task<result<void>> sqlite_members::set(project_id project, user_id user, role r) {
    co_return co_await db_.write([&](transaction& t) -> result<void> {
        if (r == role::none) {
            if (t.on().execute(delete_member, project, user) == 0)
                return failure(errc::not_found, "the project has no such member");
        } else {
            if (!t.on().run(both_exist, project, user).next())
                return failure(errc::not_found, "there is no such project, or no such user");
            t.on().execute(put_member, project, user, r);
        }
        tell(t, observer_);
        return {};
    });
}

task<std::vector<member_record>> sqlite_members::list(project_id project) {
    co_return co_await db_.read([&](connection& c) {
        std::vector<member_record> all;
        auto r = c.run(members_of_project, project);
        while (r.next()) all.push_back({read_user(r), static_cast<role>(r.integer(5))});
        return all;
    });
}

template <class Key>
result<user_record> sqlite_users::find_by(connection& c, sql query, Key const& key) {
    auto r = c.run(query, key);
    if (!r.next()) return no_such_user();
    return read_user(r);
}

task<result<user_record>> sqlite_users::create(user_record user) {
    co_return co_await db_.write([&](transaction& t) -> result<user_record> {
        if (t.on().execute(insert_user, user.username, user.admin, user.blocked, user.created) == 0)
            return failure(errc::conflict, "a user with this name exists already");
        tell(t, observer_);
        return find_by(t.on(), user_by_id, t.on().last_inserted());
    });
}

task<result<user_record>> sqlite_users::find(user_id id) {
    co_return co_await db_.read([&](connection& c) { return find_by(c, user_by_id, id); });
}

task<result<user_record>> sqlite_users::find(std::string username) {
    co_return co_await db_.read([&](connection& c) { return find_by(c, user_by_name, username); });
}

task<std::vector<user_record>> sqlite_users::list() {
    co_return co_await db_.read([](connection& c) {
        std::vector<user_record> all;
        auto r = c.run(users_by_name);
        while (r.next()) all.push_back(read_user(r));
        return all;
    });
}

task<result<user_record>> sqlite_users::edit(user_record user) {
    co_return co_await db_.write([&](transaction& t) -> result<user_record> {
        if (t.on().execute(update_user, user.admin, user.blocked, user.id) == 0)
            return no_such_user();
        tell(t, observer_);
        return find_by(t.on(), user_by_id, user.id);
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
