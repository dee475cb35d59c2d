#include "storage/sqlite/sqlite_clusters.hpp"

#include "storage/operation_rules.hpp"
#include "storage/sqlite/sql.hpp"
#include "storage/sqlite/sqlite_people.hpp"
#include "storage/sqlite/word_list.hpp"

#include <utility>

namespace pilothouse::storage::sqlite {

namespace {

#define SELECT_CLUSTER                                                                     \
    "SELECT id, name, owner_project, owner_group, server, sealed_kubeconfig, namespaces, " \
    "creator_id, created, updated FROM cluster "
constexpr sql cluster_by_id = SELECT_CLUSTER "WHERE id = ?";
constexpr sql cluster_by_name = SELECT_CLUSTER "WHERE name = ?";
constexpr sql clusters_by_name = SELECT_CLUSTER "ORDER BY name";
#undef SELECT_CLUSTER

constexpr sql owner_exists =
    "SELECT (?1 IS NULL OR EXISTS (SELECT 1 FROM project WHERE id = ?1)) "
    "AND (?2 IS NULL OR EXISTS (SELECT 1 FROM project_group WHERE id = ?2))";
constexpr sql insert_cluster =
    "INSERT INTO cluster (name, owner_project, owner_group, server, sealed_kubeconfig, "
    "namespaces, creator_id, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (name) DO NOTHING";
constexpr sql update_cluster =
    "UPDATE cluster SET owner_project = ?, owner_group = ?, server = ?, sealed_kubeconfig = ?, "
    "namespaces = ?, updated = ? WHERE id = ?";
constexpr sql is_busy = "SELECT 1 FROM operation WHERE cluster_id = ? AND state <> 3";
constexpr sql delete_cluster = "DELETE FROM cluster WHERE id = ?";

constexpr sql role_in_cluster =
    "SELECT role FROM cluster_member WHERE cluster_id = ? AND user_id = ?";
constexpr sql both_exist =
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM cluster WHERE id = ?) "
    "AND EXISTS (SELECT 1 FROM user WHERE id = ?)";
constexpr sql set_member =
    "INSERT INTO cluster_member (cluster_id, user_id, role) VALUES (?, ?, ?) "
    "ON CONFLICT (cluster_id, user_id) DO UPDATE SET role = excluded.role";
constexpr sql delete_cluster_member =
    "DELETE FROM cluster_member WHERE cluster_id = ? AND user_id = ?";
constexpr sql members_by_name =
    "SELECT user.id, username, name, email, admin, blocked, bot_project, bot_group, created, role "
    "FROM cluster_member JOIN user ON user.id = user_id WHERE cluster_id = ? ORDER BY username";

struct owner_columns {
    project_id project;
    group_id group;
};

owner_columns columns_of(std::optional<place_id> const& owner) {
    if (!owner) return {};
    if (auto const* const group = std::get_if<group_id>(&*owner)) return {{}, *group};
    return {std::get<project_id>(*owner), {}};
}

cluster_record read_cluster(rows const& r) {
    cluster_record c;
    c.id = {r.integer(0)};
    c.name = r.text(1);
    if (!r.null(2)) c.owner = project_id{r.integer(2)};
    if (!r.null(3)) c.owner = group_id{r.integer(3)};
    c.server = r.text(4);
    c.sealed_kubeconfig = r.text(5);
    c.namespaces = split_words(r.bytes(6));
    c.creator = {r.integer(7)};  // NULL reads as 0
    c.created = r.time(8);
    c.updated = r.time(9);
    return c;
}

template <class Key>
result<cluster_record> find_cluster(connection& c, sql query, Key const& key) {
    auto r = c.run(query, key);
    if (!r.next()) return no_such_cluster();
    return read_cluster(r);
}

result<owner_columns> existing_owner(connection& c, std::optional<place_id> const& owner) {
    auto const columns = columns_of(owner);
    auto r = c.run(owner_exists, columns.project, columns.group);
    if (!r.next() || !r.flag(0))
        return failure(errc::not_found, "there is no such project or group");
    return columns;
}

}  // namespace

task<result<cluster_record>> sqlite_clusters::create(cluster_record cluster) {
    co_return co_await db_.write([&](transaction& t) -> result<cluster_record> {
        PILOTHOUSE_TRY(auto const owner, existing_owner(t.on(), cluster.owner));
        if (t.on().execute(insert_cluster, cluster.name, owner.project, owner.group, cluster.server,
                           cluster.sealed_kubeconfig, join_words(cluster.namespaces),
                           cluster.creator, cluster.created, cluster.updated) == 0)
            return failure(errc::conflict, "a cluster with this name exists already");
        return find_cluster(t.on(), cluster_by_id, t.on().last_inserted());
    });
}

task<result<cluster_record>> sqlite_clusters::find(cluster_id id) {
    co_return co_await db_.read([&](connection& c) { return find_cluster(c, cluster_by_id, id); });
}

task<result<cluster_record>> sqlite_clusters::find(std::string name) {
    co_return co_await db_.read(
        [&](connection& c) { return find_cluster(c, cluster_by_name, name); });
}

task<std::vector<cluster_record>> sqlite_clusters::list() {
    co_return co_await db_.read([](connection& c) {
        std::vector<cluster_record> all;
        auto r = c.run(clusters_by_name);
        while (r.next()) all.push_back(read_cluster(r));
        return all;
    });
}

task<result<cluster_record>> sqlite_clusters::edit(cluster_id id,
                                                   record_change<cluster_record> change) {
    co_return co_await db_.write([&](transaction& t) -> result<cluster_record> {
        PILOTHOUSE_TRY(auto cluster, find_cluster(t.on(), cluster_by_id, id));
        if (auto const good = change(cluster); !good) return good.error();
        PILOTHOUSE_TRY(auto const owner, existing_owner(t.on(), cluster.owner));
        t.on().execute(update_cluster, owner.project, owner.group, cluster.server,
                       cluster.sealed_kubeconfig, join_words(cluster.namespaces), cluster.updated,
                       id);
        return find_cluster(t.on(), cluster_by_id, id);
    });
}

task<result<void>> sqlite_clusters::remove(cluster_id id) {
    co_return co_await db_.write([&](transaction& t) -> result<void> {
        if (t.on().run(is_busy, id).next())
            return failure(errc::wrong_state, "an operation is under way in this cluster");
        if (t.on().execute(delete_cluster, id) == 0) return no_such_cluster();
        return {};
    });
}

task<role> sqlite_cluster_members::role_of(cluster_id cluster, user_id user) {
    co_return co_await db_.read([&](connection& c) {
        auto r = c.run(role_in_cluster, cluster, user);
        return r.next() ? static_cast<role>(r.integer(0)) : role::none;
    });
}

task<result<void>> sqlite_cluster_members::set(cluster_id cluster, user_id user, role as) {
    co_return co_await db_.write([&](transaction& t) -> result<void> {
        if (!t.on().run(both_exist, cluster, user).next())
            return failure(errc::not_found, "there is no such cluster, or no such user");
        t.on().execute(set_member, cluster, user, as);
        return {};
    });
}

task<result<void>> sqlite_cluster_members::remove(cluster_id cluster, user_id user) {
    co_return co_await db_.write([&](transaction& t) -> result<void> {
        if (t.on().execute(delete_cluster_member, cluster, user) == 0)
            return failure(errc::not_found, "there is no such member");
        return {};
    });
}

task<std::vector<cluster_member>> sqlite_cluster_members::list(cluster_id cluster) {
    co_return co_await db_.read([&](connection& c) {
        std::vector<cluster_member> all;
        auto r = c.run(members_by_name, cluster);
        while (r.next()) all.push_back({read_user(r), static_cast<role>(r.integer(9))});
        return all;
    });
}

}  // namespace pilothouse::storage::sqlite
