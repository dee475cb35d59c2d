// Services and their deployments.
#include "storage/memory/memory_services.hpp"
#include "storage/service_rules.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::storage::memory {

namespace {

bool has_other(memory_state const& state, service_record const& like, auto const& same) {
    return std::ranges::any_of(state.services, [&](auto const& item) {
        return item.first != like.id && same(item.second);
    });
}

bool is_name_taken(memory_state const& state, service_record const& like) {
    return has_other(state, like, [&](service_record const& s) {
        return s.environment == like.environment && s.name == like.name;
    });
}

bool is_release_name_taken(memory_state const& state, service_record const& like) {
    return has_other(state, like, [&](service_record const& s) {
        return s.environment == like.environment && s.release_name == like.release_name;
    });
}

template <class Map>
auto with_uuid(Map& records, std::string const& uuid) {
    return std::find_if(records.begin(), records.end(),
                        [&](auto const& item) { return item.second.uuid == uuid; });
}

// The newest of these stay.
void keep_newest(memory_state& state, std::size_t count, auto const& counts) {
    for (auto at = state.deployments.end(); at != state.deployments.begin();) {
        --at;
        if (!counts(at->second)) continue;
        if (count > 0)
            --count;
        else
            at = state.deployments.erase(at);
    }
}

bool is_known(memory_state const& state, user_id user) {
    return user == user_id() || state.users.contains(user);
}

failure something_gone() { return {errc::not_found, "something of it was removed meanwhile"}; }

}  // namespace

void drop_service(memory_state& state, service_id id) {
    state.services.erase(id);
    std::erase_if(state.deployments, [id](auto const& item) { return item.second.service == id; });
}

task<result<service_record>> memory_services::create(service_record wanted) {
    std::lock_guard lock(state_.mutex);
    wanted.id = {};
    if (is_name_taken(state_, wanted)) co_return service_name_taken();
    if (is_release_name_taken(state_, wanted)) co_return release_name_taken();
    if (with_uuid(state_.services, wanted.uuid) != state_.services.end()) co_return uuid_taken();
    bool const known = state_.environments.contains(wanted.environment) &&
                       is_known(state_, wanted.creator) && is_known(state_, wanted.follows_as);
    if (!known) co_return something_gone();
    wanted.id = {++state_.last_id};
    state_.services[wanted.id] = wanted;
    co_return wanted;
}

task<result<service_record>> memory_services::find(std::string uuid) {
    std::lock_guard lock(state_.mutex);
    auto const found = with_uuid(state_.services, uuid);
    if (found == state_.services.end()) co_return no_such_service();
    co_return found->second;
}

task<result<service_record>> memory_services::find(service_id id) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.services.find(id);
    if (found == state_.services.end()) co_return no_such_service();
    co_return found->second;
}

task<std::vector<service_record>> memory_services::automatic() {
    std::lock_guard lock(state_.mutex);
    std::vector<service_record> all;
    for (auto const& [id, service] : state_.services)
        if (service.auto_deploy) all.push_back(service);
    co_return all;
}

task<std::vector<service_record>> memory_services::list(environment_id environment) {
    std::lock_guard lock(state_.mutex);
    std::vector<service_record> all;
    for (auto const& [id, service] : state_.services)
        if (service.environment == environment) all.push_back(service);
    std::ranges::sort(all, {}, &service_record::name);
    co_return all;
}

task<result<service_record>> memory_services::edit(service_id id,
                                                   record_change<service_record> change) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.services.find(id);
    if (found == state_.services.end()) co_return no_such_service();
    auto service = found->second;
    if (auto const good = storage::edit(service, change); !good) co_return good.error();
    if (is_name_taken(state_, service)) co_return service_name_taken();
    if (!is_known(state_, service.follows_as)) co_return something_gone();
    found->second = service;
    co_return service;
}

task<result<void>> memory_services::remove(service_id id) {
    std::lock_guard lock(state_.mutex);
    if (!state_.services.contains(id)) co_return no_such_service();
    drop_service(state_, id);
    co_return result<void>();
}

task<result<deployment_record>> memory_deployments::add(deployment_record wanted) {
    std::lock_guard lock(state_.mutex);
    if (with_uuid(state_.deployments, wanted.uuid) != state_.deployments.end())
        co_return uuid_taken();
    bool const known = state_.services.contains(wanted.service) && is_known(state_, wanted.by);
    if (!known) co_return something_gone();
    state_.deployments[++state_.last_id] = wanted;
    auto const of_service = [&](deployment_record const& d) { return d.service == wanted.service; };
    keep_newest(state_, deployments_max, [&](deployment_record const& d) {
        return of_service(d) && d.finished.has_value();
    });
    keep_newest(state_, dry_runs_max, [&](deployment_record const& d) {
        return of_service(d) && d.kind == deployment_kind::dry_run;
    });
    co_return wanted;
}

task<result<deployment_record>> memory_deployments::edit(std::string uuid,
                                                         record_change<deployment_record> change) {
    std::lock_guard lock(state_.mutex);
    auto const found = with_uuid(state_.deployments, uuid);
    if (found == state_.deployments.end()) co_return no_such_deployment();
    auto deployment = found->second;
    if (auto const good = storage::edit(deployment, change); !good) co_return good.error();
    found->second = deployment;
    co_return deployment;
}

task<result<void>> memory_deployments::remove(std::string uuid) {
    std::lock_guard lock(state_.mutex);
    auto const found = with_uuid(state_.deployments, uuid);
    if (found == state_.deployments.end()) co_return no_such_deployment();
    state_.deployments.erase(found);
    co_return result<void>();
}

task<result<deployment_record>> memory_deployments::find(std::string uuid) {
    std::lock_guard lock(state_.mutex);
    auto const found = with_uuid(state_.deployments, uuid);
    if (found == state_.deployments.end()) co_return no_such_deployment();
    co_return found->second;
}

task<result<deployment_record>> memory_deployments::of_operation(std::string operation) {
    std::lock_guard lock(state_.mutex);
    for (auto const& [number, d] : state_.deployments)
        if (!operation.empty() && d.operation == operation) co_return d;
    co_return no_such_deployment();
}

task<std::vector<deployment_record>> memory_deployments::waiting() {
    std::lock_guard lock(state_.mutex);
    std::vector<deployment_record> all;
    for (auto const& [number, d] : state_.deployments) {
        bool const waits = d.operation.empty() && d.outcome == deployment_outcome::none &&
                           d.kind != deployment_kind::dry_run;
        if (waits) all.push_back(d);
    }
    co_return all;
}

task<std::vector<deployment_record>> memory_deployments::unsettled() {
    std::lock_guard lock(state_.mutex);
    std::vector<deployment_record> all;
    for (auto const& [number, d] : state_.deployments)
        if (!d.operation.empty() && d.outcome == deployment_outcome::none) all.push_back(d);
    for (auto& d : all) d.result.clear();
    co_return all;
}

task<std::vector<deployment_record>> memory_deployments::list(service_id service,
                                                              std::size_t count) {
    std::lock_guard lock(state_.mutex);
    std::vector<deployment_record> newest;
    for (auto at = state_.deployments.rbegin();
         at != state_.deployments.rend() && newest.size() < count; ++at) {
        if (at->second.service != service) continue;
        newest.push_back(at->second);
        newest.back().result.clear();
    }
    co_return newest;
}

}  // namespace pilothouse::storage::memory
