#include "storage/sqlite/sql.hpp"
#include "storage/sqlite/sqlite_people.hpp"
#include "storage/sqlite/sqlite_places.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace pilothouse::storage::sqlite {

namespace {

#define SELECT_PROJECT                                                                        \
    "SELECT id, group_id, path, name, description, visibility, anyone_can_pull, duplicates, " \
    "archived, packages_enabled, creator_id, created, updated, quota_bytes, quota_versions "  \
    "FROM project "
constexpr sql project_by_id = SELECT_PROJECT "WHERE id = ?";
constexpr sql project_by_path = SELECT_PROJECT "WHERE path = ?";
constexpr sql projects_by_path = SELECT_PROJECT "ORDER BY path";
#undef SELECT_PROJECT

constexpr sql insert_project =
    "INSERT INTO project (group_id, path, name, description, visibility, anyone_can_pull, "
    "duplicates, archived, packages_enabled, creator_id, created, updated, quota_bytes, "
    "quota_versions) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr sql update_project =
    "UPDATE project SET path = ?, name = ?, description = ?, visibility = ?, anyone_can_pull = ?, "
    "duplicates = ?, archived = ?, packages_enabled = ?, updated = ?, quota_bytes = ?, "
    "quota_versions = ? WHERE id = ?";
constexpr sql delete_project = "DELETE FROM project WHERE id = ?";

// The groups around one, from the top.
constexpr sql groups_around =
    "WITH RECURSIVE above (id, parent_id, depth) AS ("
    "SELECT id, parent_id, 0 FROM project_group WHERE id = ?1 UNION ALL "
    "SELECT g.id, g.parent_id, depth + 1 FROM project_group AS g JOIN above "
    "ON g.id = above.parent_id) SELECT id FROM above ORDER BY depth DESC";
constexpr sql protections_of =
    "SELECT id, pattern, push, remove FROM protection WHERE project_id = ? ORDER BY id";

constexpr sql project_with_path = "SELECT 1 FROM project WHERE path = ?1 AND id IS NOT ?2";
constexpr sql path_of_group_by_id = "SELECT path FROM project_group WHERE id = ?";
constexpr sql group_with_path = "SELECT id FROM project_group WHERE path = ?";
constexpr sql insert_parent_group =
    "INSERT INTO project_group (parent_id, path, name, description, visibility, created) "
    "VALUES (?, ?, ?, '', 0, ?)";

failure no_such_project() { return {errc::not_found, "there is no such project"}; }

project_record read_project(connection& c, rows const& r) {
    project_record p;
    p.id = {r.integer(0)};
    auto around = c.run(groups_around, r.integer(1));
    while (around.next()) p.groups.push_back({around.integer(0)});
    p.path = r.text(2);
    p.name = r.text(3);
    p.description = r.text(4);
    p.visibility = static_cast<visibility>(r.integer(5));
    p.anyone_can_pull = r.flag(6);
    p.duplicates = static_cast<duplicates_rule>(r.integer(7));
    p.archived = r.flag(8);
    p.packages_enabled = r.flag(9);
    p.creator = {r.integer(10)};  // NULL reads as 0
    p.created = r.time(11);
    p.updated = r.time(12);
    if (!r.null(13)) p.quota.bytes = static_cast<std::uint64_t>(r.integer(13));
    if (!r.null(14)) p.quota.versions = static_cast<std::uint64_t>(r.integer(14));
    auto rules = c.run(protections_of, p.id);
    while (rules.next())
        p.protections.push_back({{rules.integer(0)},
                                 rules.text(1),
                                 static_cast<role>(rules.integer(2)),
                                 static_cast<role>(rules.integer(3))});
    return p;
}

template <class Key>
result<project_record> find_project(connection& c, sql query, Key const& key) {
    auto r = c.run(query, key);
    if (!r.next()) return no_such_project();
    return read_project(c, r);
}

bool project_has(connection& c, std::string_view path, project_id but = {}) {
    return c.run(project_with_path, path, but).next();
}

result<void> check_free(connection& c, std::string_view path, project_id but) {
    if (project_has(c, path, but))
        return failure(errc::conflict, "a project with this path exists already");
    if (c.run(group_with_path, path).next())
        return failure(errc::conflict, "a group with this path exists already");
    return {};
}

result<std::string> path_of_group(connection& c, group_id id) {
    auto r = c.run(path_of_group_by_id, id);
    if (!r.next()) return failure(errc::not_found, "there is no such group");
    return std::string(r.text(0));
}

// The group of this path, made where it is missing.
result<group_id> group_for(connection& c, std::string_view path, instant now) {
    {
        auto r = c.run(group_with_path, path);
        if (r.next()) return group_id{r.integer(0)};
    }
    if (project_has(c, path))
        return failure(errc::conflict, "a project cannot lie within another one");
    group_id parent;
    if (auto const above = parent_path(path); !above.empty()) {
        PILOTHOUSE_TRY(parent, group_for(c, above, now));
    }
    c.execute(insert_parent_group, parent, path, last_segment(path), now);
    return group_id{c.last_inserted()};
}

}  // namespace

void tell_directory(transaction& t, observers const& told) { tell_directory(t, told.on_directory); }

std::string_view parent_path(std::string_view path) noexcept {
    auto const slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view last_segment(std::string_view path) noexcept {
    return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

task<result<project_record>> sqlite_projects::create(project_record project, group_id within) {
    co_return co_await db_.write([&](transaction& t) -> result<project_record> {
        auto& p = project;
        if (within != group_id()) {
            PILOTHOUSE_TRY(auto const around, path_of_group(t.on(), within));
            p.path = around + '/' + p.path;
        }
        if (auto const free = check_free(t.on(), p.path, {}); !free) return free.error();
        PILOTHOUSE_TRY(auto const group, group_for(t.on(), parent_path(p.path), p.created));
        t.on().execute(insert_project, group, p.path,
                       p.name.empty() ? last_segment(p.path) : std::string_view(p.name),
                       p.description, p.visibility, p.anyone_can_pull, p.duplicates, p.archived,
                       p.packages_enabled, p.creator, p.created, p.created, p.quota.bytes,
                       p.quota.versions);
        tell_directory(t, told_);
        return find_project(t.on(), project_by_id, t.on().last_inserted());
    });
}

task<result<project_record>> sqlite_projects::find(project_id id) {
    co_return co_await db_.read([&](connection& c) { return find_project(c, project_by_id, id); });
}

task<result<project_record>> sqlite_projects::find(std::string path) {
    co_return co_await db_.read(
        [&](connection& c) { return find_project(c, project_by_path, path); });
}

task<std::vector<project_record>> sqlite_projects::list() {
    co_return co_await db_.read([](connection& c) {
        std::vector<project_record> all;
        auto r = c.run(projects_by_path);
        while (r.next()) all.push_back(read_project(c, r));
        return all;
    });
}

task<result<project_record>> sqlite_projects::edit(project_id id,
                                                   record_change<project_record> change) {
    co_return co_await db_.write([&](transaction& t) -> result<project_record> {
        PILOTHOUSE_TRY(auto p, find_project(t.on(), project_by_id, id));
        if (auto const good = change(p); !good) return good.error();
        if (auto const free = check_free(t.on(), p.path, id); !free) return free.error();
        t.on().execute(update_project, p.path, p.name, p.description, p.visibility,
                       p.anyone_can_pull, p.duplicates, p.archived, p.packages_enabled, p.updated,
                       p.quota.bytes, p.quota.versions, id);
        tell_directory(t, told_);
        return find_project(t.on(), project_by_id, id);
    });
}

task<result<void>> sqlite_projects::remove(project_id id) {
    co_return co_await db_.write([&](transaction& t) -> result<void> {
        if (t.on().execute(delete_project, id) == 0) return no_such_project();
        tell_directory(t, told_);
        if (told_.on_catalogue != nullptr)
            t.after_commit([observer = told_.on_catalogue, id] {
                index_change gone;
                gone.what = index_change::kind::project_removed;
                gone.project = id;
                observer->changed(gone);
            });
        return {};
    });
}

}  // namespace pilothouse::storage::sqlite
