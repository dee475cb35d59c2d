#include "auth/policy.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace pilothouse::auth {

namespace {

using storage::cluster_record;
using storage::group_record;
using storage::project_record;
using storage::role;
using storage::visibility;
using kind = principal::kind;
using project_pointer = std::shared_ptr<project_record const>;

// --- the answers

failure needs_credentials() { return {errc::unauthenticated, "sign in with a token"}; }

// Of what is not there and of what the caller must not know of: the very same.
failure hidden_from(principal const& who, std::string_view what) {
    if (who.what == kind::anonymous) return needs_credentials();
    return {errc::not_found, "no such " + std::string(what)};
}

// --- scopes

// What a personal token lacks is said before anything is looked at, so it tells nothing of the
// project (contracts: gitlab A12). Other kinds are judged by place first.
bool scope_too_small(principal const& who, permission what) noexcept {
    if (who.what != kind::user || has(who.scopes, scope::api)) return false;
    if (what == permission::hold_token) return false;
    if (what == permission::rotate_token) return !has(who.scopes, scope::self_rotate);
    if (what == permission::be_somebody)
        return !has(who.scopes, scope::read_api) && !has(who.scopes, scope::read_user);
    return !only_reads(what) || !has(who.scopes, scope::read_api);
}

failure insufficient_scope(permission what) {
    return {errc::insufficient_scope, only_reads(what) ? "the token needs the scope api or read_api"
                                                       : "the token needs the scope api"};
}

// --- what a caller is to a place

// A token of a place counts there alone; elsewhere its holder is a stranger, though a known one
// (contracts: gitlab G7, A15).
bool bound_elsewhere(principal const& who, project_record const& p) noexcept {
    if (who.what == kind::job_token) return who.project != p.id;
    if (who.what != kind::deploy_token) return false;
    if (who.group == storage::group_id()) return who.project != p.id;
    return std::ranges::find(p.groups, who.group) == p.groups.end();
}

// A person, for `internal` (contracts: settled 12): a deploy token is none.
bool is_person(principal const& who, project_record const& p) noexcept {
    return who.what == kind::user || (who.what == kind::job_token && !bound_elsewhere(who, p));
}

// The rights of a deploy token, told as the role that has them too (contracts: gitlab 2).
role role_of_deploy_token(principal const& who) noexcept {
    if (has(who.scopes, scope::write_package_registry)) return role::maintainer;
    if (has(who.scopes, scope::read_package_registry)) return role::reporter;
    return role::none;
}

bool sees_project(principal const& who, project_record const& p, role r) noexcept {
    if (r >= role::guest || p.visibility == visibility::public_) return true;
    return p.visibility == visibility::internal && is_person(who, p);
}

bool sees_group(principal const& who, group_record const& g, role r) noexcept {
    if (r >= role::guest || g.visibility == visibility::public_) return true;
    return g.visibility == visibility::internal && who.what == kind::user;
}

role least_role(permission what) noexcept {
    switch (what) {
        case permission::read_chart:  // whoever sees the project (contracts: gitlab G1, G3)
        case permission::read_project:
        case permission::read_group:
        case permission::browse: return role::none;
        case permission::see_cluster: return role::reporter;
        case permission::push_chart:
        case permission::fill_group:
        case permission::use_cluster: return role::developer;
        case permission::remove_chart:
        case permission::edit_project:
        case permission::manage_group:
        case permission::manage_cluster: return role::maintainer;
        case permission::own_project:
        case permission::own_group:
        case permission::be_somebody:
        case permission::be_oneself:
        case permission::hold_token:
        case permission::rotate_token:
        case permission::administer: break;
    }
    return role::owner;
}

failure role_too_small() { return {errc::denied, "your role does not allow this"}; }

// The tokens of places are for charts. Said before anything is looked at, so it tells nothing of
// what there is.
failure for_charts_alone() {
    return {errc::insufficient_scope, "a deploy token or job token is for charts alone"};
}

bool belongs_to_place(principal const& who) noexcept {
    return who.what == kind::deploy_token || who.what == kind::job_token;
}

// The tables, by the rule of thumb (contracts: gitlab 1.3, 1.4, F15): who is not known is told to
// sign in; who may not see is told that there is nothing; who sees but may not is told so.
result<void> judge_charts(principal const& who, permission what, project_record const& p, role r) {
    // Who owns the machine needs no right to look after what is archived or switched off.
    if (who.what == kind::local_operator) return result<void>();
    bool const sees = sees_project(who, p, r);
    bool const reads = p.packages_enabled && (sees || p.anyone_can_pull);  // contracts: gitlab A17
    if (!sees && !reads) return hidden_from(who, "project");
    if (what == permission::read_chart) {
        if (reads) return result<void>();
        // contracts: gitlab G11
        return failure(errc::denied, "packages are switched off for this project");
    }
    if (who.what == kind::anonymous) return needs_credentials();
    if (r < least_role(what)) return role_too_small();
    // The state of a project binds everybody, administrators too: they can change it.
    if (!p.packages_enabled)
        return failure(errc::denied, "packages are switched off for this project");
    // contracts: gitlab P12
    if (p.archived) return failure(errc::denied, "the project is archived");
    return result<void>();
}

// What is not about charts: the same rule of thumb, whatever the project's state.
result<void> judge_place(principal const& who, permission what, bool sees, role r) {
    bool const of_group = place_of(what) == place_kind::group;
    if (!sees) return hidden_from(who, of_group ? "group" : "project");
    if (only_reads(what)) return result<void>();
    if (who.what == kind::anonymous) return needs_credentials();
    if (r < least_role(what)) return role_too_small();
    return result<void>();
}

result<void> judge(principal const& who, permission what, project_record const& p, role r) {
    if (concerns_charts(what)) return judge_charts(who, what, p, r);
    return judge_place(who, what, sees_project(who, p, r), r);
}

// --- reading through the cache

project_pointer cached_project(access_cache const& cache, project_reference const& where) {
    if (auto const* const id = std::get_if<storage::project_id>(&where)) return cache.project(*id);
    return cache.project(std::get<std::string>(where));
}

task<result<project_pointer>> load_project(storage::project_store& projects, access_cache& cache,
                                           project_reference where) {
    auto const loaded_at = cache.epoch();
    auto const* const id = std::get_if<storage::project_id>(&where);
    auto found = id != nullptr ? co_await projects.find(*id)
                               : co_await projects.find(std::get<std::string>(std::move(where)));
    if (!found) co_return std::move(found).error();
    auto const loaded = std::make_shared<project_record const>(std::move(*found));
    cache.keep_project(loaded, loaded_at);
    co_return loaded;
}

// The role where it is known without looking anywhere.
std::optional<role> role_by_nature(principal const& who) {
    if (who.what == kind::anonymous) return role::none;
    if (who.what == kind::local_operator) return role::owner;
    if (who.what == kind::user && who.admin) return role::owner;  // contracts: settled 12
    return std::nullopt;
}

// A right in one kind of place is none in another: an owner of a project would administer.
void check_kind(permission what, place_kind asked) {
    if (place_of(what) != asked)
        throw std::logic_error("a permission was asked for in another kind of place");
}

std::shared_ptr<project_record const> no_project() {
    static auto const none = std::make_shared<project_record const>();
    return none;
}

std::shared_ptr<group_record const> no_group() {
    static auto const none = std::make_shared<group_record const>();
    return none;
}

std::shared_ptr<cluster_record const> no_cluster() {
    static auto const none = std::make_shared<cluster_record const>();
    return none;
}

}  // namespace

policy::policy(stores const& from, access_cache& cache, clock const& time)
    : from_(from), cache_(cache), time_(time) {}

task<result<grant>> policy::authorize(std::shared_ptr<principal const> who, permission what,
                                      project_reference where) {
    check_kind(what, place_kind::project);
    if (scope_too_small(*who, what)) co_return insufficient_scope(what);
    if (belongs_to_place(*who) && !concerns_charts(what)) co_return for_charts_alone();
    project_pointer place = cached_project(cache_, where);
    if (place == nullptr) {
        auto loaded = co_await load_project(from_.projects, cache_, std::move(where));
        if (!loaded && loaded.error().code == errc::not_found)
            co_return hidden_from(*who, "project");
        if (!loaded) co_return std::move(loaded).error();
        place = std::move(*loaded);
    }
    role const r = co_await role_in(*who, *place);
    auto const judged = judge(*who, what, *place, r);
    if (!judged) co_return judged.error();
    co_return grant(std::move(who), what, {std::move(place), no_group(), no_cluster()}, r);
}

task<result<grant>> policy::authorize_in_group(std::shared_ptr<principal const> who,
                                               permission what, group_reference where) {
    check_kind(what, place_kind::group);
    if (scope_too_small(*who, what)) co_return insufficient_scope(what);
    if (belongs_to_place(*who)) co_return for_charts_alone();
    auto const* const id = std::get_if<storage::group_id>(&where);
    auto found = id != nullptr
                     ? co_await from_.groups.find(*id)
                     : co_await from_.groups.find(std::get<std::string>(std::move(where)));
    if (!found && found.error().code == errc::not_found) co_return hidden_from(*who, "group");
    if (!found) co_return std::move(found).error();
    auto place = std::make_shared<group_record const>(std::move(*found));
    role const r = co_await role_in(*who, *place);
    bool const sees = sees_group(*who, *place, r) || co_await leads_somewhere(*who, *place);
    auto const judged = judge_place(*who, what, sees, r);
    if (!judged) co_return judged.error();
    co_return grant(std::move(who), what, {no_project(), std::move(place), no_cluster()}, r);
}

task<result<grant>> policy::authorize_on_cluster(std::shared_ptr<principal const> who,
                                                 permission what, cluster_reference where) {
    check_kind(what, place_kind::cluster);
    if (who->what == kind::anonymous) co_return needs_credentials();
    if (scope_too_small(*who, what)) co_return insufficient_scope(what);
    if (belongs_to_place(*who)) co_return for_charts_alone();
    auto const* const id = std::get_if<storage::cluster_id>(&where);
    auto found = id != nullptr
                     ? co_await from_.clusters.find(*id)
                     : co_await from_.clusters.find(std::get<std::string>(std::move(where)));
    if (!found) co_return std::move(found).error();
    auto place = std::make_shared<cluster_record const>(std::move(*found));
    role const r = co_await role_in(*who, *place);
    if (r < least_role(what)) co_return role_too_small();
    co_return grant(std::move(who), what, {no_project(), no_group(), std::move(place)}, r);
}

result<grant> policy::authorize_on_server(std::shared_ptr<principal const> who,
                                          permission what) const {
    check_kind(what, place_kind::server);
    bool const browses = what == permission::browse;
    if (who->what == kind::anonymous && !browses) return needs_credentials();
    if (belongs_to_place(*who)) return for_charts_alone();
    if (scope_too_small(*who, what)) return insufficient_scope(what);
    bool const administrator = role_by_nature(*who) == role::owner;
    if (what == permission::administer && !administrator)
        return failure(errc::denied, "only administrators may do this");
    return grant(std::move(who), what, {no_project(), no_group(), no_cluster()},
                 administrator ? role::owner : role::none);
}

bool policy::may_see(principal const& who, project_record const& p, role r) noexcept {
    return sees_project(who, p, r);
}

bool policy::may_see(principal const& who, group_record const& g, role r) noexcept {
    return sees_group(who, g, r);
}

task<role> policy::role_in(principal const& who, project_record const& place) {
    if (auto const known = role_by_nature(who)) co_return *known;
    if (bound_elsewhere(who, place)) co_return role::none;
    if (who.what == kind::deploy_token) co_return role_of_deploy_token(who);
    if (who.admin) co_return role::owner;  // a job of an administrator's
    auto const now = time_.now();
    if (auto const kept = cache_.role(place.id, who.user))
        if (!kept->until || *kept->until > now) co_return kept->role;
    auto const loaded_at = cache_.epoch();
    auto const found = co_await from_.members.role_of(place.id, who.user, now);
    cache_.keep_role(place.id, who.user, found, loaded_at);
    co_return found.role;
}

// Asked of few: of strangers to a group that is not for them.
task<bool> policy::leads_somewhere(principal const& who, group_record const& place) {
    if (who.what != kind::user) co_return false;
    auto const now = time_.now();
    for (auto const& m : co_await from_.members.of_user(who.user)) {
        if (m.as.expires && *m.as.expires <= now) continue;
        if (auto const* const id = std::get_if<storage::project_id>(&m.where)) {
            auto const project = co_await from_.projects.find(*id);
            if (project && std::ranges::find(project->groups, place.id) != project->groups.end())
                co_return true;
            continue;
        }
        auto group = co_await from_.groups.find(std::get<storage::group_id>(m.where));
        while (group && group->parent != storage::group_id()) {
            if (group->parent == place.id) co_return true;
            group = co_await from_.groups.find(group->parent);
        }
    }
    co_return false;
}

task<role> policy::role_in(principal const& who, group_record const& place) {
    if (auto const known = role_by_nature(who)) co_return *known;
    auto const found = co_await from_.members.role_of(place.id, who.user, time_.now());
    co_return found.role;
}

task<role> policy::role_in(principal const& who, cluster_record const& place) {
    if (auto const known = role_by_nature(who)) co_return *known;
    role const given = co_await from_.cluster_members.role_of(place.id, who.user);
    if (!place.owner) co_return given;
    auto const inherited = co_await from_.members.role_of(*place.owner, who.user, time_.now());
    co_return std::max(given, inherited.role);
}

}  // namespace pilothouse::auth
