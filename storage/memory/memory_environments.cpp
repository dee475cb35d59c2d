// Environments.
#include "storage/memory/memory_environments.hpp"
#include "storage/service_rules.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::storage::memory {

namespace {

// With what it is called by now where it lies.
environment_record as_it_is(memory_state const& state, environment_record environment) {
    environment.project_path = state.projects.at(environment.project).path;
    environment.cluster_name = state.clusters.at(environment.cluster).record.name;
    return environment;
}

bool has_other(memory_state const& state, environment_record const& like, auto const& same) {
    return std::ranges::any_of(state.environments, [&](auto const& item) {
        return item.first != like.id && same(item.second);
    });
}

bool is_name_taken(memory_state const& state, environment_record const& like) {
    return has_other(state, like, [&](environment_record const& e) {
        return e.project == like.project && e.name == like.name;
    });
}

bool is_namespace_taken(memory_state const& state, environment_record const& like) {
    return has_other(state, like, [&](environment_record const& e) {
        return e.cluster == like.cluster && e.name_space == like.name_space;
    });
}

void drop_environments_if(memory_state& state, auto const& goes) {
    std::erase_if(state.environments, [&](auto const& item) {
        if (!goes(item.second)) return false;
        std::vector<service_id> services;
        for (auto const& [id, service] : state.services)
            if (service.environment == item.first) services.push_back(id);
        for (auto const id : services) drop_service(state, id);
        return true;
    });
}

}  // namespace

void drop_environments(memory_state& state, project_id project) {
    drop_environments_if(state,
                         [project](environment_record const& e) { return e.project == project; });
}

void drop_environments(memory_state& state, cluster_id cluster) {
    drop_environments_if(state,
                         [cluster](environment_record const& e) { return e.cluster == cluster; });
}

task<result<environment_record>> memory_environments::create(environment_record wanted) {
    std::lock_guard lock(state_.mutex);
    wanted.id = {};
    if (is_name_taken(state_, wanted)) co_return environment_name_taken();
    if (is_namespace_taken(state_, wanted)) co_return namespace_taken();
    if (has_other(state_, wanted,
                  [&](environment_record const& e) { return e.uuid == wanted.uuid; }))
        co_return uuid_taken();
    bool const known = state_.projects.contains(wanted.project) &&
                       state_.clusters.contains(wanted.cluster) &&
                       (wanted.creator == user_id() || state_.users.contains(wanted.creator));
    if (!known) co_return failure(errc::not_found, "something of it was removed meanwhile");
    wanted.id = {++state_.last_id};
    state_.environments[wanted.id] = wanted;
    co_return as_it_is(state_, std::move(wanted));
}

task<result<environment_record>> memory_environments::find(environment_id id) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.environments.find(id);
    if (found == state_.environments.end()) co_return no_such_environment();
    co_return as_it_is(state_, found->second);
}

task<result<environment_record>> memory_environments::find(std::string uuid) {
    std::lock_guard lock(state_.mutex);
    for (auto const& [id, environment] : state_.environments)
        if (environment.uuid == uuid) co_return as_it_is(state_, environment);
    co_return no_such_environment();
}

task<std::vector<environment_record>> memory_environments::list(project_id project) {
    std::lock_guard lock(state_.mutex);
    std::vector<environment_record> all;
    for (auto const& [id, environment] : state_.environments)
        if (environment.project == project) all.push_back(as_it_is(state_, environment));
    std::ranges::sort(all, {}, &environment_record::name);
    co_return all;
}

task<result<environment_record>> memory_environments::edit(
    environment_id id, record_change<environment_record> change) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.environments.find(id);
    if (found == state_.environments.end()) co_return no_such_environment();
    auto environment = as_it_is(state_, found->second);
    if (auto const good = storage::edit(environment, change); !good) co_return good.error();
    if (is_name_taken(state_, environment)) co_return environment_name_taken();
    found->second = environment;
    co_return environment;
}

task<result<void>> memory_environments::remove(environment_id id) {
    std::lock_guard lock(state_.mutex);
    auto const here = [id](auto const& item) { return item.second.environment == id; };
    if (std::ranges::any_of(state_.services, here)) co_return services_left();
    if (state_.environments.erase(id) == 0) co_return no_such_environment();
    co_return result<void>();
}

}  // namespace pilothouse::storage::memory
