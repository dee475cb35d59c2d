#include "storage/sqlite/sqlite_environments.hpp"

#include "storage/service_rules.hpp"
#include "storage/sqlite/sql.hpp"

#include <utility>

namespace pilothouse::storage::sqlite {

namespace {

#define SELECT_ENVIRONMENT                                                                  \
    "SELECT e.id, e.uuid, e.project_id, project.path, e.cluster_id, cluster.name, e.name, " \
    "e.namespace, e.mode, e.creator_id, e.created, e.updated FROM environment AS e "        \
    "JOIN project ON project.id = e.project_id JOIN cluster ON cluster.id = e.cluster_id "
constexpr sql environment_by_id = SELECT_ENVIRONMENT "WHERE e.id = ?";
constexpr sql environment_by_uuid = SELECT_ENVIRONMENT "WHERE e.uuid = ?";
constexpr sql environments_by_name = SELECT_ENVIRONMENT "WHERE e.project_id = ? ORDER BY e.name";
#undef SELECT_ENVIRONMENT

// The last parameter: of another than this one.
constexpr sql environment_name_there =
    "SELECT 1 FROM environment WHERE project_id = ? AND name = ? AND id IS NOT ?";
constexpr sql namespace_there = "SELECT 1 FROM environment WHERE cluster_id = ? AND namespace = ?";
constexpr sql insert_environment =
    "INSERT INTO environment (uuid, project_id, cluster_id, name, namespace, mode, creator_id, "
    "created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uuid) DO NOTHING";
constexpr sql update_environment =
    "UPDATE environment SET name = ?, mode = ?, updated = ? WHERE id = ?";
constexpr sql has_services = "SELECT 1 FROM service WHERE environment_id = ?";
constexpr sql delete_environment = "DELETE FROM environment WHERE id = ?";

environment_record read_environment(rows const& r) {
    environment_record e;
    e.id = {r.integer(0)};
    e.uuid = r.text(1);
    e.project = {r.integer(2)};
    e.project_path = r.text(3);
    e.cluster = {r.integer(4)};
    e.cluster_name = r.text(5);
    e.name = r.text(6);
    e.name_space = r.text(7);
    e.mode = static_cast<environment_mode>(r.integer(8));
    e.creator = {r.integer(9)};  // NULL reads as 0
    e.created = r.time(10);
    e.updated = r.time(11);
    return e;
}

template <class Key>
result<environment_record> find_environment(connection& c, sql query, Key const& key) {
    auto r = c.run(query, key);
    if (!r.next()) return no_such_environment();
    return read_environment(r);
}

bool is_name_taken(connection& c, environment_record const& e) {
    return c.run(environment_name_there, e.project, e.name, e.id).next();
}

}  // namespace

task<result<environment_record>> sqlite_environments::create(environment_record wanted) {
    co_return co_await db_.write([&](transaction& t) -> result<environment_record> {
        wanted.id = {};
        if (is_name_taken(t.on(), wanted)) return environment_name_taken();
        if (t.on().run(namespace_there, wanted.cluster, wanted.name_space).next())
            return namespace_taken();
        if (t.on().execute(insert_environment, wanted.uuid, wanted.project, wanted.cluster,
                           wanted.name, wanted.name_space, wanted.mode, wanted.creator,
                           wanted.created, wanted.updated) == 0)
            return uuid_taken();
        return find_environment(t.on(), environment_by_id, t.on().last_inserted());
    });
}

task<result<environment_record>> sqlite_environments::find(environment_id id) {
    co_return co_await db_.read(
        [&](connection& c) { return find_environment(c, environment_by_id, id); });
}

task<result<environment_record>> sqlite_environments::find(std::string uuid) {
    co_return co_await db_.read(
        [&](connection& c) { return find_environment(c, environment_by_uuid, uuid); });
}

task<std::vector<environment_record>> sqlite_environments::list(project_id project) {
    co_return co_await db_.read([&](connection& c) {
        std::vector<environment_record> all;
        auto r = c.run(environments_by_name, project);
        while (r.next()) all.push_back(read_environment(r));
        return all;
    });
}

task<result<environment_record>> sqlite_environments::edit(
    environment_id id, record_change<environment_record> change) {
    co_return co_await db_.write([&](transaction& t) -> result<environment_record> {
        PILOTHOUSE_TRY(auto environment, find_environment(t.on(), environment_by_id, id));
        if (auto const good = storage::edit(environment, change); !good) return good.error();
        if (is_name_taken(t.on(), environment)) return environment_name_taken();
        t.on().execute(update_environment, environment.name, environment.mode, environment.updated,
                       id);
        return environment;
    });
}

task<result<void>> sqlite_environments::remove(environment_id id) {
    co_return co_await db_.write([&](transaction& t) -> result<void> {
        if (t.on().run(has_services, id).next()) return services_left();
        if (t.on().execute(delete_environment, id) == 0) return no_such_environment();
        return {};
    });
}

}  // namespace pilothouse::storage::sqlite
