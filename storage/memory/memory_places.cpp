// Groups, projects and protection rules.
#include "storage/memory/memory_places.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::storage::memory {

namespace {

failure no_such_project() { return {errc::not_found, "there is no such project"}; }
failure no_such_group() { return {errc::not_found, "there is no such group"}; }
failure no_such_rule() { return {errc::not_found, "there is no such protection rule"}; }
failure path_taken() {
    return {errc::conflict, "a project or group with this path exists already"};
}
failure pattern_taken() { return {errc::conflict, "there is a rule for this pattern already"}; }

template <class Map>
auto with_path(Map& places, std::string_view path) {
    return std::find_if(places.begin(), places.end(),
                        [&](auto const& item) { return folded(item.second.path) == folded(path); });
}

bool has_path(auto const& places, std::string_view path, auto but) {
    auto const found = with_path(places, path);
    return found != places.end() && found->first != but;
}

std::string parent_path(std::string const& path) {
    auto const slash = path.rfind('/');
    return slash == std::string::npos ? "" : path.substr(0, slash);
}

std::string last_segment(std::string const& path) { return path.substr(path.rfind('/') + 1); }

template <class Map>
std::vector<typename Map::mapped_type> by_path(Map const& places) {
    std::vector<typename Map::mapped_type> all;
    for (auto const& [id, place] : places) all.push_back(place);
    std::ranges::sort(all, {}, [](auto const& place) { return folded(place.path); });
    return all;
}

std::vector<group_id> chain_of(memory_state const& state, group_id last) {
    std::vector<group_id> chain;
    for (group_id at = last; at.value != 0; at = state.groups.at(at).parent) chain.push_back(at);
    std::ranges::reverse(chain);
    return chain;
}

result<group_id> group_for(memory_state& state, std::string const& path, instant now) {
    if (auto const found = with_path(state.groups, path); found != state.groups.end())
        return found->first;
    if (with_path(state.projects, path) != state.projects.end())
        return failure(errc::conflict, "a project cannot lie within another one");
    group_record made;
    if (auto const above = parent_path(path); !above.empty()) {
        PILOTHOUSE_TRY(made.parent, group_for(state, above, now));
    }
    made.id = {++state.last_id};
    made.path = path;
    made.name = last_segment(path);
    made.created = now;
    state.groups[made.id] = made;
    return made.id;
}

void drop_project(memory_state& state, project_id id) {
    state.projects.erase(id);
    std::erase_if(state.channels, [&](auto const& item) { return item.first.first == id; });
    std::erase_if(state.packages, [&](auto const& item) { return item.first.project == id; });
    std::erase_if(state.members,
                  [&](auto const& item) { return item.first.first == place_id(id); });
    std::erase_if(state.tokens, [&](auto const& item) { return item.second.project == id; });
    drop_bots(state, id);
    disown_clusters(state, id);
    drop_environments(state, id);
    drop_webhooks(state, id);
    if (state.on_catalogue == nullptr) return;
    index_change gone;
    gone.what = index_change::kind::project_removed;
    gone.project = id;
    state.on_catalogue->changed(gone);
}

}  // namespace

task<result<project_record>> memory_projects::create(project_record project, group_id within) {
    std::lock_guard lock(state_.mutex);
    if (within != group_id()) {
        auto const around = state_.groups.find(within);
        if (around == state_.groups.end()) co_return no_such_group();
        project.path = around->second.path + '/' + project.path;
    }
    if (has_path(state_.projects, project.path, project_id()) ||
        has_path(state_.groups, project.path, group_id()))
        co_return path_taken();
    PILOTHOUSE_CO_TRY(auto const group,
                      group_for(state_, parent_path(project.path), project.created));
    project.id = {++state_.last_id};
    project.groups = chain_of(state_, group);
    project.protections.clear();
    project.updated = project.created;
    if (project.name.empty()) project.name = last_segment(project.path);
    state_.projects[project.id] = project;
    state_.tell_directory();
    co_return project;
}

task<result<project_record>> memory_projects::find(project_id id) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.projects.find(id);
    if (found == state_.projects.end()) co_return no_such_project();
    co_return found->second;
}

task<result<project_record>> memory_projects::find(std::string path) {
    std::lock_guard lock(state_.mutex);
    auto const found = with_path(state_.projects, path);
    if (found == state_.projects.end()) co_return no_such_project();
    co_return found->second;
}

task<std::vector<project_record>> memory_projects::list() {
    std::lock_guard lock(state_.mutex);
    co_return by_path(state_.projects);
}

task<result<project_record>> memory_projects::edit(project_id id,
                                                   record_change<project_record> change) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.projects.find(id);
    if (found == state_.projects.end()) co_return no_such_project();
    auto project = found->second;
    if (auto const good = change(project); !good) co_return good.error();
    if (has_path(state_.projects, project.path, id) ||
        has_path(state_.groups, project.path, group_id()))
        co_return path_taken();
    project_record const& before = found->second;
    project.id = id;
    project.created = before.created;
    project.creator = before.creator;
    project.groups = before.groups;
    project.protections = before.protections;
    found->second = project;
    state_.tell_directory();
    co_return project;
}

task<result<void>> memory_projects::remove(project_id id) {
    std::lock_guard lock(state_.mutex);
    if (!state_.projects.contains(id)) co_return no_such_project();
    drop_project(state_, id);
    state_.tell_directory();
    co_return result<void>();
}

task<result<group_record>> memory_groups::create(group_record group, user_id creator) {
    std::lock_guard lock(state_.mutex);
    if (group.parent != group_id()) {
        auto const around = state_.groups.find(group.parent);
        if (around == state_.groups.end()) co_return no_such_group();
        group.path = around->second.path + '/' + group.path;
    } else if (auto const above = parent_path(group.path); !above.empty()) {
        auto const found = with_path(state_.groups, above);
        if (found == state_.groups.end())
            co_return failure(errc::not_found, "there is no such parent group");
        group.parent = found->first;
    }
    if (has_path(state_.groups, group.path, group_id()) ||
        has_path(state_.projects, group.path, project_id()))
        co_return path_taken();
    if (creator.value != 0 && !state_.users.contains(creator))
        co_return failure(errc::not_found, "there is no such user");
    group.id = {++state_.last_id};
    if (group.name.empty()) group.name = last_segment(group.path);
    state_.groups[group.id] = group;
    if (creator.value != 0)
        state_.members[{group.id, creator}] = {role::owner, std::nullopt, creator, group.created};
    state_.tell_directory();
    co_return group;
}

task<result<group_record>> memory_groups::find(group_id id) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.groups.find(id);
    if (found == state_.groups.end()) co_return no_such_group();
    co_return found->second;
}

task<result<group_record>> memory_groups::find(std::string path) {
    std::lock_guard lock(state_.mutex);
    auto const found = with_path(state_.groups, path);
    if (found == state_.groups.end()) co_return no_such_group();
    co_return found->second;
}

task<std::vector<group_record>> memory_groups::list() {
    std::lock_guard lock(state_.mutex);
    co_return by_path(state_.groups);
}

task<result<group_record>> memory_groups::edit(group_id id, record_change<group_record> change) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.groups.find(id);
    if (found == state_.groups.end()) co_return no_such_group();
    auto group = found->second;
    if (auto const good = change(group); !good) co_return good.error();
    if (has_path(state_.groups, group.path, id) ||
        has_path(state_.projects, group.path, project_id()))
        co_return path_taken();
    auto const before = folded(found->second.path) + "/";
    auto const within = [&](auto const& item) {
        return folded(item.second.path).starts_with(before);
    };
    auto const too_long = [&](auto const& item) {
        return within(item) &&
               item.second.path.size() - before.size() + group.path.size() + 1 > path_bytes_max;
    };
    if (std::ranges::any_of(state_.groups, too_long) ||
        std::ranges::any_of(state_.projects, too_long))
        co_return failure(errc::invalid_argument,
                          "the path of something in this group would have more than 1024 bytes");
    auto const move = [&](auto& places) {
        for (auto& item : places)
            if (within(item))
                item.second.path = group.path + "/" + item.second.path.substr(before.size());
    };
    group.id = id;
    group.parent = found->second.parent;
    group.created = found->second.created;
    found->second = group;
    move(state_.groups);
    move(state_.projects);
    state_.tell_directory();
    co_return group;
}

task<result<void>> memory_groups::remove(group_id id) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.groups.find(id);
    if (found == state_.groups.end()) co_return no_such_group();
    auto const within = folded(found->second.path) + "/";
    std::vector<project_id> projects;
    for (auto const& [project, record] : state_.projects)
        if (folded(record.path).starts_with(within)) projects.push_back(project);
    for (auto const project : projects) drop_project(state_, project);

    std::vector<group_id> groups{id};
    for (auto const& [group, record] : state_.groups)
        if (folded(record.path).starts_with(within)) groups.push_back(group);
    for (auto const group : groups) {
        state_.groups.erase(group);
        std::erase_if(state_.members,
                      [&](auto const& item) { return item.first.first == place_id(group); });
        std::erase_if(state_.tokens, [&](auto const& item) { return item.second.group == group; });
        drop_bots(state_, group);
        disown_clusters(state_, group);
    }
    state_.tell_directory();
    co_return result<void>();
}

task<result<protection_rule>> memory_protections::add(project_id project, protection_rule rule) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.projects.find(project);
    if (found == state_.projects.end()) co_return no_such_project();
    auto& rules = found->second.protections;
    auto const same = [&](auto const& r) { return folded(r.pattern) == folded(rule.pattern); };
    if (std::ranges::any_of(rules, same)) co_return pattern_taken();
    rule.id = {++state_.last_id};
    rules.push_back(rule);
    state_.tell_directory();
    co_return rule;
}

task<result<protection_rule>> memory_protections::edit(project_id project, protection_id id,
                                                       record_change<protection_rule> change) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.projects.find(project);
    if (found == state_.projects.end()) co_return no_such_rule();
    auto& rules = found->second.protections;
    auto const at = std::ranges::find(rules, id, &protection_rule::id);
    if (at == rules.end()) co_return no_such_rule();
    auto rule = *at;
    if (auto const good = change(rule); !good) co_return good.error();
    rule.id = id;
    auto const same = [&](auto const& r) {
        return r.id != rule.id && folded(r.pattern) == folded(rule.pattern);
    };
    if (std::ranges::any_of(rules, same)) co_return pattern_taken();
    *at = rule;
    state_.tell_directory();
    co_return rule;
}

task<result<void>> memory_protections::remove(project_id project, protection_id id) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.projects.find(project);
    if (found == state_.projects.end()) co_return no_such_rule();
    auto const gone = [id](auto const& r) { return r.id == id; };
    if (std::erase_if(found->second.protections, gone) == 0) co_return no_such_rule();
    state_.tell_directory();
    co_return result<void>();
}

}  // namespace pilothouse::storage::memory
