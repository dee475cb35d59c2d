#include "storage/sqlite/sql.hpp"
#include "storage/sqlite/sqlite_places.hpp"

#include <string>
#include <utility>

namespace pilothouse::storage::sqlite {

namespace {

#define SELECT_GROUP \
    "SELECT id, parent_id, path, name, description, visibility, created FROM project_group "
constexpr sql group_by_id = SELECT_GROUP "WHERE id = ?";
constexpr sql group_by_path = SELECT_GROUP "WHERE path = ?";
constexpr sql groups_by_path = SELECT_GROUP "ORDER BY path";
#undef SELECT_GROUP

constexpr sql insert_group =
    "INSERT INTO project_group (parent_id, path, name, description, visibility, created) "
    "VALUES (?, ?, ?, ?, ?, ?)";
constexpr sql insert_owner =
    "INSERT INTO membership (group_id, user_id, role, created, created_by) "
    "VALUES (?1, ?2, 50, ?3, ?2)";
constexpr sql user_is_there = "SELECT 1 FROM user WHERE id = ?";
constexpr sql path_is_taken =
    "SELECT 1 FROM project_group WHERE path = ?1 AND id IS NOT ?2 "
    "UNION ALL SELECT 1 FROM project WHERE path = ?1";
constexpr sql update_group =
    "UPDATE project_group SET path = ?, name = ?, description = ?, visibility = ? WHERE id = ?";
// What lies below a group that was renamed. ?1: the old path and a slash, ?2: the new ones.
constexpr sql move_groups =
    "UPDATE project_group SET path = ?2 || substr(path, length(?1) + 1) "
    "WHERE substr(path, 1, length(?1)) = ?1 COLLATE NOCASE";
constexpr sql move_projects =
    "UPDATE project SET path = ?2 || substr(path, length(?1) + 1) "
    "WHERE substr(path, 1, length(?1)) = ?1 COLLATE NOCASE";
constexpr sql path_is_too_long =
    "SELECT 1 FROM project_group WHERE length(CAST(path AS BLOB)) > ?2 "
    "AND substr(path, 1, length(?1)) = ?1 UNION ALL SELECT 1 FROM project "
    "WHERE length(CAST(path AS BLOB)) > ?2 AND substr(path, 1, length(?1)) = ?1";
constexpr sql projects_within =
    "WITH RECURSIVE below (id) AS (SELECT ?1 UNION ALL "
    "SELECT g.id FROM project_group AS g JOIN below ON g.parent_id = below.id) "
    "SELECT id FROM project WHERE group_id IN below";
constexpr sql delete_group = "DELETE FROM project_group WHERE id = ?";

failure no_such_group() { return {errc::not_found, "there is no such group"}; }
failure too_long() {
    return {errc::invalid_argument,
            "the path of something in this group would have more than 1024 bytes"};
}
failure path_taken() { return {errc::conflict, "a group or project has this path already"}; }

group_record read_group(rows const& r) {
    group_record g;
    g.id = {r.integer(0)};
    g.parent = {r.integer(1)};  // NULL reads as 0
    g.path = r.text(2);
    g.name = r.text(3);
    g.description = r.text(4);
    g.visibility = static_cast<visibility>(r.integer(5));
    g.created = r.time(6);
    return g;
}

template <class Key>
result<group_record> find_group(connection& c, sql query, Key const& key) {
    auto r = c.run(query, key);
    if (!r.next()) return no_such_group();
    return read_group(r);
}

}  // namespace

task<result<group_record>> sqlite_groups::create(group_record group, user_id creator) {
    co_return co_await db_.write([&](transaction& t) -> result<group_record> {
        auto& g = group;
        if (g.parent != group_id()) {
            PILOTHOUSE_TRY(auto const around, find_group(t.on(), group_by_id, g.parent));
            g.path = around.path + '/' + g.path;
        } else if (auto const above = parent_path(g.path); !above.empty()) {
            auto const found = find_group(t.on(), group_by_path, std::string(above));
            if (!found) return failure(errc::not_found, "there is no such parent group");
            g.parent = found->id;
        }
        if (t.on().run(path_is_taken, g.path, group_id()).next()) return path_taken();
        t.on().execute(insert_group, g.parent, g.path,
                       g.name.empty() ? last_segment(g.path) : std::string_view(g.name),
                       g.description, g.visibility, g.created);
        group_id const made{t.on().last_inserted()};
        if (creator.value != 0 && !t.on().run(user_is_there, creator).next())
            return failure(errc::not_found, "there is no such user");
        if (creator.value != 0) t.on().execute(insert_owner, made, creator, g.created);
        tell_directory(t, told_);
        return find_group(t.on(), group_by_id, made);
    });
}

task<result<group_record>> sqlite_groups::find(group_id id) {
    co_return co_await db_.read([&](connection& c) { return find_group(c, group_by_id, id); });
}

task<result<group_record>> sqlite_groups::find(std::string path) {
    co_return co_await db_.read([&](connection& c) { return find_group(c, group_by_path, path); });
}

task<std::vector<group_record>> sqlite_groups::list() {
    co_return co_await db_.read([](connection& c) {
        std::vector<group_record> all;
        auto r = c.run(groups_by_path);
        while (r.next()) all.push_back(read_group(r));
        return all;
    });
}

task<result<group_record>> sqlite_groups::edit(group_id id, record_change<group_record> change) {
    co_return co_await db_.write([&](transaction& t) -> result<group_record> {
        PILOTHOUSE_TRY(auto const before, find_group(t.on(), group_by_id, id));
        auto g = before;
        if (auto const good = change(g); !good) return good.error();
        if (t.on().run(path_is_taken, g.path, id).next()) return path_taken();
        t.on().execute(update_group, g.path, g.name, g.description, g.visibility, id);
        if (g.path != before.path) {
            auto const within = g.path + '/';
            t.on().execute(move_groups, before.path + '/', within);
            t.on().execute(move_projects, before.path + '/', within);
            if (t.on().run(path_is_too_long, within, path_bytes_max).next()) return too_long();
        }
        tell_directory(t, told_);
        return find_group(t.on(), group_by_id, id);
    });
}

task<result<void>> sqlite_groups::remove(group_id id) {
    co_return co_await db_.write([&](transaction& t) -> result<void> {
        std::vector<project_id> gone;
        {
            auto r = t.on().run(projects_within, id);
            while (r.next()) gone.push_back({r.integer(0)});
        }
        if (t.on().execute(delete_group, id) == 0) return no_such_group();
        tell_directory(t, told_);
        if (told_.on_catalogue == nullptr) return {};
        t.after_commit([observer = told_.on_catalogue, gone = std::move(gone)] {
            for (project_id const project : gone) {
                index_change change;
                change.what = index_change::kind::project_removed;
                change.project = project;
                observer->changed(change);
            }
        });
        return {};
    });
}

}  // namespace pilothouse::storage::sqlite
