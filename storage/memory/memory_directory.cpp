#include "storage/memory/memory_stores.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::storage::memory {

namespace {

failure no_such_project() { return {errc::not_found, "there is no such project"}; }
failure no_such_user() { return {errc::not_found, "there is no such user"}; }
failure path_taken() { return {errc::conflict, "a project with this path exists already"}; }

template <class Map>
auto with_path(Map& projects, std::string const& path) {
    return std::find_if(projects.begin(), projects.end(),
                        [&](auto const& item) { return folded(item.second.path) == folded(path); });
}

template <class Map>
auto with_name(Map& users, std::string const& name) {
    return std::find_if(users.begin(), users.end(), [&](auto const& item) {
        return folded(item.second.username) == folded(name);
    });
}

}  // namespace

task<result<project_record>> memory_projects::create(project_record project) {
    std::lock_guard lock(state_.mutex);
    if (with_path(state_.projects, project.path) != state_.projects.end()) co_return path_taken();
    project.id = {++state_.last_id};
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
    std::vector<project_record> all;
    for (auto const& [id, project] : state_.projects) all.push_back(project);
    std::sort(all.begin(), all.end(),
              [](auto const& a, auto const& b) { return folded(a.path) < folded(b.path); });
    co_return all;
}

task<result<project_record>> memory_projects::edit(project_record project) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.projects.find(project.id);
    if (found == state_.projects.end()) co_return no_such_project();
    auto const same_path = with_path(state_.projects, project.path);
    if (same_path != state_.projects.end() && same_path != found) co_return path_taken();
    project.created = found->second.created;
    found->second = project;
    state_.tell_directory();
    co_return project;
}

task<result<void>> memory_projects::remove(project_id id) {
    std::lock_guard lock(state_.mutex);
    if (state_.projects.erase(id) == 0) co_return no_such_project();
    std::erase_if(state_.channels, [&](auto const& item) { return item.first.first == id; });
    std::erase_if(state_.members, [&](auto const& item) { return item.first.first == id; });
    std::erase_if(state_.tokens, [&](auto const& item) { return item.second.project == id; });
    state_.tell_directory();
    if (state_.on_catalogue != nullptr) {
        index_change gone;
        gone.what = index_change::kind::project_removed;
        gone.project = id;
        state_.on_catalogue->changed(gone);
    }
    co_return result<void>();
}

task<role> memory_members::role_of(project_id project, user_id user) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.members.find({project, user});
    co_return found == state_.members.end() ? role::none : found->second;
}

task<result<void>> memory_members::set(project_id project, user_id user, role r) {
    std::lock_guard lock(state_.mutex);
    if (r == role::none) {
        if (state_.members.erase({project, user}) == 0)
            co_return failure(errc::not_found, "the project has no such member");
    } else {
        if (!state_.projects.contains(project) || !state_.users.contains(user))
            co_return failure(errc::not_found, "there is no such project, or no such user");
        state_.members[{project, user}] = r;
    }
    state_.tell_directory();
    co_return result<void>();
}

task<std::vector<member_record>> memory_members::list(project_id project) {
    std::lock_guard lock(state_.mutex);
    std::vector<member_record> all;
    for (auto const& [key, r] : state_.members) {
        if (key.first == project) all.push_back({state_.users[key.second], r});
    }
    std::sort(all.begin(), all.end(), [](auto const& a, auto const& b) {
        return folded(a.user.username) < folded(b.user.username);
    });
    co_return all;
}

task<result<user_record>> memory_users::create(user_record user) {
    std::lock_guard lock(state_.mutex);
    if (with_name(state_.users, user.username) != state_.users.end())
        co_return failure(errc::conflict, "a user with this name exists already");
    user.id = {++state_.last_id};
    state_.users[user.id] = user;
    state_.tell_directory();
    co_return user;
}

task<result<user_record>> memory_users::find(user_id id) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.users.find(id);
    if (found == state_.users.end()) co_return no_such_user();
    co_return found->second;
}

task<result<user_record>> memory_users::find(std::string username) {
    std::lock_guard lock(state_.mutex);
    auto const found = with_name(state_.users, username);
    if (found == state_.users.end()) co_return no_such_user();
    co_return found->second;
}

task<std::vector<user_record>> memory_users::list() {
    std::lock_guard lock(state_.mutex);
    std::vector<user_record> all;
    for (auto const& [id, user] : state_.users) all.push_back(user);
    std::sort(all.begin(), all.end(),
              [](auto const& a, auto const& b) { return folded(a.username) < folded(b.username); });
    co_return all;
}

task<result<user_record>> memory_users::edit(user_record user) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.users.find(user.id);
    if (found == state_.users.end()) co_return no_such_user();
    found->second.admin = user.admin;
    found->second.blocked = user.blocked;
    state_.tell_directory();
    co_return found->second;
}

task<std::optional<std::string>> memory_settings::get(std::string key) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.settings.find(key);
    if (found == state_.settings.end()) co_return std::nullopt;
    co_return found->second;
}

task<void> memory_settings::set(std::string key, std::string value) {
    std::lock_guard lock(state_.mutex);
    state_.settings[key] = std::move(value);
    co_return;
}

}  // namespace pilothouse::storage::memory
