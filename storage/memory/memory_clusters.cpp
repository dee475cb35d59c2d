// Clusters and their members.
#include "storage/memory/memory_clusters.hpp"
#include "storage/operation_rules.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::storage::memory {

namespace {

template <class Map>
auto with_name(Map& clusters, std::string const& name) {
    return std::find_if(clusters.begin(), clusters.end(),
                        [&](auto const& item) { return item.second.record.name == name; });
}

result<void> check_owner(memory_state const& state, std::optional<place_id> const& owner) {
    if (!owner) return {};
    auto const* const project = std::get_if<project_id>(&*owner);
    bool const there = project != nullptr ? state.projects.contains(*project)
                                          : state.groups.contains(std::get<group_id>(*owner));
    if (!there) return failure(errc::not_found, "there is no such project or group");
    return {};
}

}  // namespace

void disown_clusters(memory_state& state, place_id const& where) {
    for (auto& [id, cluster] : state.clusters)
        if (cluster.record.owner == where) cluster.record.owner.reset();
}

task<result<cluster_record>> memory_clusters::create(cluster_record cluster) {
    std::lock_guard lock(state_.mutex);
    if (auto const good = check_owner(state_, cluster.owner); !good) co_return good.error();
    if (cluster.creator.value != 0 && !state_.users.contains(cluster.creator))
        co_return failure(errc::not_found, "there is no such user");
    if (with_name(state_.clusters, cluster.name) != state_.clusters.end())
        co_return failure(errc::conflict, "a cluster with this name exists already");
    cluster.id = {++state_.last_id};
    state_.clusters[cluster.id].record = cluster;
    co_return cluster;
}

task<result<cluster_record>> memory_clusters::find(cluster_id id) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.clusters.find(id);
    if (found == state_.clusters.end()) co_return no_such_cluster();
    co_return found->second.record;
}

task<result<cluster_record>> memory_clusters::find(std::string name) {
    std::lock_guard lock(state_.mutex);
    auto const found = with_name(state_.clusters, name);
    if (found == state_.clusters.end()) co_return no_such_cluster();
    co_return found->second.record;
}

task<std::vector<cluster_record>> memory_clusters::list() {
    std::lock_guard lock(state_.mutex);
    std::vector<cluster_record> all;
    for (auto const& [id, cluster] : state_.clusters) all.push_back(cluster.record);
    std::ranges::sort(all, {}, &cluster_record::name);
    co_return all;
}

task<result<cluster_record>> memory_clusters::edit(cluster_id id,
                                                   record_change<cluster_record> change) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.clusters.find(id);
    if (found == state_.clusters.end()) co_return no_such_cluster();
    auto const& before = found->second.record;
    auto cluster = before;
    if (auto const good = change(cluster); !good) co_return good.error();
    if (auto const good = check_owner(state_, cluster.owner); !good) co_return good.error();
    cluster.id = id;
    cluster.name = before.name;
    cluster.creator = before.creator;
    cluster.created = before.created;
    found->second.record = cluster;
    co_return cluster;
}

task<result<void>> memory_clusters::remove(cluster_id id) {
    std::lock_guard lock(state_.mutex);
    auto const here = [id](auto const& item) { return item.second.record.cluster == id; };
    auto const busy = [&](auto const& item) {
        return here(item) && item.second.record.state != operation_state::done;
    };
    if (std::ranges::any_of(state_.operations, busy))
        co_return failure(errc::wrong_state, "an operation is under way in this cluster");
    if (state_.clusters.erase(id) == 0) co_return no_such_cluster();
    std::erase_if(state_.cluster_members,
                  [id](auto const& item) { return item.first.first == id; });
    std::erase_if(state_.keys, [&](auto const& item) {
        return state_.operations.at(item.second.operation).record.cluster == id;
    });
    std::erase_if(state_.operations, here);
    std::erase_if(state_.releases, [id](auto const& item) { return item.second.cluster == id; });
    drop_environments(state_, id);
    co_return result<void>();
}

task<role> memory_cluster_members::role_of(cluster_id cluster, user_id user) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.cluster_members.find({cluster, user});
    co_return found == state_.cluster_members.end() ? role::none : found->second;
}

task<result<void>> memory_cluster_members::set(cluster_id cluster, user_id user, role as) {
    std::lock_guard lock(state_.mutex);
    if (!state_.clusters.contains(cluster) || !state_.users.contains(user))
        co_return failure(errc::not_found, "there is no such cluster, or no such user");
    state_.cluster_members[{cluster, user}] = as;
    co_return result<void>();
}

task<result<void>> memory_cluster_members::remove(cluster_id cluster, user_id user) {
    std::lock_guard lock(state_.mutex);
    if (state_.cluster_members.erase({cluster, user}) == 0)
        co_return failure(errc::not_found, "there is no such member");
    co_return result<void>();
}

task<std::vector<cluster_member>> memory_cluster_members::list(cluster_id cluster) {
    std::lock_guard lock(state_.mutex);
    std::vector<cluster_member> all;
    for (auto const& [key, as] : state_.cluster_members)
        if (key.first == cluster) all.push_back({state_.users[key.second], as});
    std::ranges::sort(all, {}, [](auto const& member) { return folded(member.user.username); });
    co_return all;
}

}  // namespace pilothouse::storage::memory
