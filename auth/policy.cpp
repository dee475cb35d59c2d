#include "auth/policy.hpp"

#include <optional>
#include <utility>

namespace pilothouse::auth {

namespace {

using storage::project_record;
using storage::role;
using storage::visibility;
using kind = principal::kind;
using project_pointer = std::shared_ptr<project_record const>;

// --- the answers

failure needs_credentials() { return {errc::unauthenticated, "sign in with a token"}; }

// Of what is not there and of what the caller must not know of: the very same.
failure hidden_from(principal const& who) {
    if (who.what == kind::anonymous) return needs_credentials();
    return {errc::not_found, "no such project"};
}

// --- scopes

// What a personal token lacks is said before anything is looked at, so it tells nothing of the
// project (gitlab A12). Other kinds are judged by place first.
bool scope_too_small(principal const& who, permission what) noexcept {
    if (who.what != kind::user || has(who.scopes, scope::api)) return false;
    return what != permission::read_chart || !has(who.scopes, scope::read_api);
}

failure insufficient_scope(permission what) {
    return {errc::insufficient_scope, what == permission::read_chart
                                          ? "the token needs the scope api or read_api"
                                          : "the token needs the scope api"};
}

// --- what a caller is to a project

// A token of a project counts in that project alone (G7, A15); elsewhere its holder is a stranger,
// though a known one.
bool bound_elsewhere(principal const& who, project_record const& p) noexcept {
    return (who.what == kind::deploy_token || who.what == kind::job_token) && who.project != p.id;
}

// A person, for `internal` (settled 12): a deploy token is none.
bool is_person(principal const& who, project_record const& p) noexcept {
    return who.what == kind::user || (who.what == kind::job_token && !bound_elsewhere(who, p));
}

// The rights of a deploy token, told as the role that has them too (gitlab 2).
role role_of_deploy_token(principal const& who) noexcept {
    if (has(who.scopes, scope::write_package_registry)) return role::maintainer;
    if (has(who.scopes, scope::read_package_registry)) return role::reporter;
    return role::none;
}

bool sees_project(principal const& who, project_record const& p, role r) noexcept {
    if (r >= role::guest || p.visibility == visibility::public_) return true;
    return p.visibility == visibility::internal && is_person(who, p);
}

role least_role(permission what) noexcept {
    switch (what) {
        case permission::read_chart: return role::none;  // whoever sees the project (G1, G3)
        case permission::push_chart: return role::developer;
        case permission::remove_chart: return role::maintainer;
        case permission::administer: break;
    }
    return role::owner;
}

// The tables of gitlab 1.3 and 1.4, by the rule of thumb F15: who is not known is told to sign in;
// who may not see is told that there is nothing; who sees but may not is told so.
result<void> judge(principal const& who, permission what, project_record const& p, role r) {
    // Who owns the machine needs no right to look after what is archived or switched off.
    if (who.what == kind::local_operator) return result<void>();
    bool const sees = sees_project(who, p, r);
    bool const reads = p.packages_enabled && (sees || p.anyone_can_pull);  // A17
    if (!sees && !reads) return hidden_from(who);
    if (what == permission::read_chart) {
        if (reads) return result<void>();
        return failure(errc::denied, "packages are switched off for this project");  // G11
    }
    if (who.what == kind::anonymous) return needs_credentials();
    if (r < least_role(what)) return failure(errc::denied, "your role does not allow this");
    // The state of a project binds everybody, administrators too: they can change it.
    if (!p.packages_enabled)
        return failure(errc::denied, "packages are switched off for this project");
    if (p.archived) return failure(errc::denied, "the project is archived");  // P12
    return result<void>();
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

// The role where it is known without asking a store.
std::optional<role> known_role(access_cache const& cache, principal const& who,
                               project_record const& p) {
    if (who.what == kind::anonymous) return role::none;
    if (who.what == kind::local_operator) return role::owner;
    if (bound_elsewhere(who, p)) return role::none;
    if (who.what == kind::deploy_token) return role_of_deploy_token(who);
    if (who.admin) return role::owner;  // settled 12
    return cache.role(p.id, who.user);
}

task<role> load_role(storage::member_store& members, access_cache& cache,
                     storage::project_id project, storage::user_id user) {
    auto const loaded_at = cache.epoch();
    role const r = co_await members.role_of(project, user);
    cache.keep_role(project, user, r, loaded_at);
    co_return r;
}

}  // namespace

policy::policy(storage::project_store& projects, storage::member_store& members,
               access_cache& cache)
    : projects_(projects), members_(members), cache_(cache) {}

task<result<grant>> policy::authorize(std::shared_ptr<principal const> who, permission what,
                                      project_reference where) {
    if (what == permission::administer) co_return authorize_administration(std::move(who));
    if (scope_too_small(*who, what)) co_return insufficient_scope(what);
    project_pointer place = cached_project(cache_, where);
    if (place == nullptr) {
        auto loaded = co_await load_project(projects_, cache_, std::move(where));
        if (!loaded && loaded.error().code == errc::not_found) co_return hidden_from(*who);
        if (!loaded) co_return std::move(loaded).error();
        place = std::move(*loaded);
    }
    std::optional<role> r = known_role(cache_, *who, *place);
    if (!r) r = co_await load_role(members_, cache_, place->id, who->user);
    auto const judged = judge(*who, what, *place, *r);
    if (!judged) co_return judged.error();
    co_return grant(std::move(who), what, std::move(place));
}

result<grant> policy::authorize_administration(std::shared_ptr<principal const> who) const {
    static auto const whole_server = std::make_shared<project_record const>();
    if (who->what == kind::anonymous) return needs_credentials();
    if (scope_too_small(*who, permission::administer))
        return insufficient_scope(permission::administer);
    bool const administrator = who->what == kind::user && who->admin;
    if (!administrator && who->what != kind::local_operator)
        return failure(errc::denied, "only administrators may do this");
    return grant(std::move(who), permission::administer, whole_server);
}

}  // namespace pilothouse::auth
