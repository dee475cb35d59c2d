#include "registry/browse_places.hpp"

#include "auth/policy.hpp"

#include <algorithm>
#include <map>
#include <ranges>
#include <set>
#include <utility>

namespace pilothouse::registry {

namespace {

using auth::permission;
using storage::group_record;
using storage::project_record;
using storage::role;

role in(given_roles const& given, storage::place_id const& where) {
    auto const found = given.find(where);
    return found == given.end() ? role::none : found->second;
}

role role_in(given_roles const& given, project_record const& p) {
    role r = in(given, p.id);
    for (auto const group : p.groups) r = std::max(r, in(given, group));
    return r;
}

task<given_roles> roles_of(storage::member_store& members, auth::grant const& g, instant now) {
    given_roles given;
    if (g.who().what != auth::principal::kind::user) co_return given;
    for (auto const& m : co_await members.of_user(g.who().user))
        if (!m.as.expires || *m.as.expires > now) given[m.where] = m.as.role;
    co_return given;
}

void expect_browsing(auth::grant const& g) {
    g.expect({permission::browse, permission::be_somebody, permission::administer});
}

}  // namespace

task<std::vector<seen<project_record>>> browse_places::projects(auth::grant const& g) {
    expect_browsing(g);
    auto const given = co_await roles_of(from_.members, g, time_.now());
    std::vector<seen<project_record>> all;
    for (auto& p : co_await from_.projects.list()) {
        auto const member = role_in(given, p);
        auto const r = g.administrates() ? role::owner : member;
        if (auth::policy::may_see(g.who(), p, r)) all.push_back({std::move(p), r, member});
    }
    co_return all;
}

task<given_roles> browse_places::own_roles(auth::grant const& g) {
    g.expect({permission::browse, permission::be_somebody, permission::administer,
              permission::read_project});
    co_return co_await roles_of(from_.members, g, time_.now());
}

task<std::map<storage::group_id, group_record>> browse_places::all_groups() {
    std::map<storage::group_id, group_record> all;
    for (auto& group : co_await from_.groups.list()) all.emplace(group.id, std::move(group));
    co_return all;
}

task<std::vector<seen<group_record>>> browse_places::groups(auth::grant const& g) {
    expect_browsing(g);
    auto const given = co_await roles_of(from_.members, g, time_.now());
    std::set<storage::group_id> leads_somewhere;
    for (auto const& p : co_await from_.projects.list())
        if (in(given, p.id) != role::none) leads_somewhere.insert(p.groups.begin(), p.groups.end());

    // By path, so each group comes after the one it lies in.
    auto groups = co_await from_.groups.list();
    for (auto const& group : groups | std::views::reverse)
        if (in(given, group.id) != role::none || leads_somewhere.contains(group.id))
            leads_somewhere.insert(group.parent);
    std::map<storage::group_id, role> inherited;
    std::vector<seen<group_record>> all;
    for (auto& group : groups) {
        auto const member = std::max(in(given, group.id), inherited[group.parent]);
        inherited[group.id] = member;
        auto const r = g.administrates() ? role::owner : member;
        if (auth::policy::may_see(g.who(), group, r) || leads_somewhere.contains(group.id))
            all.push_back({std::move(group), r, member});
    }
    co_return all;
}

}  // namespace pilothouse::registry
