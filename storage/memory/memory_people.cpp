// Users, memberships, and the server's settings.
#include "storage/memory/memory_people.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::storage::memory {

namespace {

failure no_such_user() { return {errc::not_found, "there is no such user"}; }
failure no_such_member() { return {errc::not_found, "there is no such member"}; }

template <class Map>
auto with_username(Map& users, std::string const& name) {
    return std::find_if(users.begin(), users.end(), [&](auto const& item) {
        return folded(item.second.username) == folded(name);
    });
}

result<void> check_free(memory_state const& state, user_record const& user) {
    auto const another_has = [&](std::string user_record::* word) {
        return std::ranges::any_of(state.users, [&](auto const& item) {
            return item.first != user.id && folded(item.second.*word) == folded(user.*word);
        });
    };
    if (!user.email.empty() && another_has(&user_record::email))
        return failure(errc::conflict, "Email has already been taken");
    if (another_has(&user_record::username))
        return failure(errc::conflict, "Username has already been taken");
    return {};
}

bool exists(memory_state const& state, place_id const& where) {
    if (auto const* const project = std::get_if<project_id>(&where))
        return state.projects.contains(*project);
    return state.groups.contains(std::get<group_id>(where));
}

// Itself, and the groups around it.
std::vector<place_id> place_and_above(memory_state const& state, place_id const& where) {
    std::vector<place_id> places;
    if (!exists(state, where)) return places;
    if (auto const* const project = std::get_if<project_id>(&where)) {
        places.emplace_back(*project);
        for (auto const group : state.projects.at(*project).groups) places.emplace_back(group);
    } else {
        auto const first = std::get<group_id>(where);
        for (group_id at = first; at.value != 0; at = state.groups.at(at).parent)
            places.emplace_back(at);
    }
    return places;
}

enum class last_owner : std::uint8_t { no, with_an_end, without };

last_owner last_owner_of(memory_state const& state, place_id const& where, user_id user) {
    if (!std::holds_alternative<group_id>(where)) return last_owner::no;
    auto const now = state.time.now();
    // A bot looks after nothing, nor does who has ended.
    auto const owns = [&](auto const& item) {
        auto const who = state.users.find(item.first.second);
        auto const& [as_role, expires, by, created] = item.second;
        return item.first.first == where && as_role == role::owner &&
               (!expires || *expires > now) && who != state.users.end() && !who->second.bot_of;
    };
    auto const mine = state.members.find({where, user});
    if (mine == state.members.end() || !owns(*mine)) return last_owner::no;
    bool const ends = mine->second.expires.has_value();
    // Of those without an end one has to stay, where there is one.
    bool const another = std::ranges::any_of(state.members, [&](auto const& item) {
        return item.first.second != user && owns(item) && (ends || !item.second.expires);
    });
    if (another) return last_owner::no;
    return ends ? last_owner::with_an_end : last_owner::without;
}

failure needs_an_owner() {
    return {errc::conflict, "this is the last owner of the group: make another one first"};
}

void drop_user(memory_state& state, user_id id) {
    state.users.erase(id);
    std::erase_if(state.members, [&](auto const& item) { return item.first.second == id; });
    std::erase_if(state.tokens, [&](auto const& item) { return item.second.user == id; });
    for (auto& [key, as] : state.members)
        if (as.created_by == id) as.created_by = {};
    for (auto& [key, project] : state.projects)
        if (project.creator == id) project.creator = {};
    std::erase_if(state.cluster_members, [&](auto const& item) { return item.first.second == id; });
    for (auto& [key, cluster] : state.clusters)
        if (cluster.record.creator == id) cluster.record.creator = {};
    for (auto& [number, hook] : state.webhooks)
        if (hook.creator == id) hook.creator = {};
    for (auto& [key, operation] : state.operations)
        if (operation.record.by == id) operation.record.by = {};
    for (auto& [key, environment] : state.environments)
        if (environment.creator == id) environment.creator = {};
    for (auto& [key, service] : state.services) {
        if (service.creator == id) service.creator = {};
        if (service.follows_as == id) service.follows_as = {};
    }
    for (auto& [key, deployment] : state.deployments)
        if (deployment.by == id) deployment.by = {};
}

}  // namespace

void drop_bots(memory_state& state, place_id const& where) {
    std::vector<user_id> bots;
    for (auto const& [id, user] : state.users)
        if (user.bot_of == where) bots.push_back(id);
    for (auto const bot : bots) drop_user(state, bot);
}

task<effective_role> memory_members::role_of(place_id where, user_id user, instant now) {
    std::lock_guard lock(state_.mutex);
    effective_role found;
    for (auto const& place : place_and_above(state_, where)) {
        auto const at = state_.members.find({place, user});
        if (at == state_.members.end()) continue;
        auto const& expires = at->second.expires;
        if (expires && *expires <= now) continue;
        found.role = std::max(found.role, at->second.role);
        if (expires) found.until = std::min(found.until.value_or(*expires), *expires);
    }
    co_return found;
}

task<result<member_record>> memory_members::find(place_id where, user_id user) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.members.find({where, user});
    if (found == state_.members.end()) co_return no_such_member();
    co_return member_record{state_.users[user], found->second, where};
}

task<result<member_record>> memory_members::set(place_id where, user_id user, membership as) {
    std::lock_guard lock(state_.mutex);
    if (!exists(state_, where) || !state_.users.contains(user))
        co_return failure(errc::not_found, "there is no such project or group, or no such user");
    if (auto const& bot_of = state_.users[user].bot_of; bot_of && *bot_of != where)
        co_return failure(errc::invalid_argument,
                          "project bots cannot be added to other groups / projects");
    auto const last = last_owner_of(state_, where, user);
    if (as.role != role::owner && last != last_owner::no) co_return needs_an_owner();
    if (as.expires && last == last_owner::without) co_return needs_an_owner();
    auto const [at, made] = state_.members.try_emplace({where, user}, as);
    at->second.role = as.role;
    at->second.expires = as.expires;
    state_.tell_directory();
    co_return member_record{state_.users[user], at->second, where};
}

task<result<void>> memory_members::remove(place_id where, user_id user) {
    std::lock_guard lock(state_.mutex);
    if (last_owner_of(state_, where, user) != last_owner::no) co_return needs_an_owner();
    if (state_.members.erase({where, user}) == 0) co_return no_such_member();
    state_.tell_directory();
    co_return result<void>();
}

task<std::vector<member_record>> memory_members::list(place_id where, bool inherited) {
    std::lock_guard lock(state_.mutex);
    std::vector<member_record> all;
    auto const places = inherited ? place_and_above(state_, where) : std::vector{where};
    for (auto const& [key, as] : state_.members)
        if (std::ranges::find(places, key.first) != places.end())
            all.push_back({state_.users[key.second], as, key.first});
    std::ranges::sort(all, [](auto const& a, auto const& b) {
        auto const name_a = folded(a.user.username);
        auto const name_b = folded(b.user.username);
        return name_a != name_b ? name_a < name_b : a.as.role > b.as.role;
    });
    co_return all;
}

task<std::vector<member_record>> memory_members::of_user(user_id user) {
    std::lock_guard lock(state_.mutex);
    std::vector<member_record> all;
    for (auto const& [key, as] : state_.members)
        if (key.second == user) all.push_back({state_.users[user], as, key.first});
    co_return all;
}

task<result<user_record>> memory_users::create(user_record user) {
    std::lock_guard lock(state_.mutex);
    user.id = {};
    if (auto const free = check_free(state_, user); !free) co_return free.error();
    user.id = {++state_.last_id};
    if (user.name.empty()) user.name = user.username;
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
    auto const found = with_username(state_.users, username);
    if (found == state_.users.end()) co_return no_such_user();
    co_return found->second;
}

task<std::vector<user_record>> memory_users::list() {
    std::lock_guard lock(state_.mutex);
    std::vector<user_record> all;
    for (auto const& [id, user] : state_.users) all.push_back(user);
    std::ranges::sort(all, {}, [](auto const& user) { return folded(user.username); });
    co_return all;
}

task<result<user_record>> memory_users::edit(user_id id, record_change<user_record> change) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.users.find(id);
    if (found == state_.users.end()) co_return no_such_user();
    auto user = found->second;
    if (auto const good = change(user); !good) co_return good.error();
    if (auto const free = check_free(state_, user); !free) co_return free.error();
    user.id = id;
    user.created = found->second.created;
    user.bot_of = found->second.bot_of;
    found->second = user;
    state_.tell_directory();
    co_return user;
}

task<result<void>> memory_users::remove(user_id id, bool forced) {
    std::lock_guard lock(state_.mutex);
    if (!state_.users.contains(id)) co_return no_such_user();
    bool const owns_alone = std::ranges::any_of(state_.members, [&](auto const& item) {
        return item.first.second == id &&
               last_owner_of(state_, item.first.first, id) != last_owner::no;
    });
    if (owns_alone && !forced)
        co_return failure(errc::conflict, "the user is the only owner of a group");
    drop_user(state_, id);
    state_.tell_directory();
    co_return result<void>();
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
