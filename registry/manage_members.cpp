#include "registry/manage_members.hpp"

#include "registry/directory_names.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace pilothouse::registry {

namespace {

using auth::permission;
using storage::member_record;
using storage::role;

auth::audited thing(member_record const& m) { return {"User", m.user.id.value, m.user.username}; }

failure beyond_own_role() {
    return {errc::denied, "nobody gives or takes a role above the own one"};
}

// Whoever may change may look.
void expect_reading(auth::grant const& g) {
    g.expect({permission::read_project, permission::read_group, permission::edit_project,
              permission::own_project, permission::own_group});
}

std::string capitalised(std::string_view word) {
    std::string text(word);
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

}  // namespace

storage::place_id place_of(auth::grant const& g) noexcept {
    if (auth::place_of(g.what()) == auth::place_kind::group) return g.group().id;
    return g.project().id;
}

// GitLab's rule and sentence.
task<result<void>> manage_members::check_inherited(storage::place_id where, wanted const& w) {
    auto const now = time_.now();
    member_record const* highest = nullptr;
    auto const all = co_await members_.list(where, true);
    for (auto const& m : all) {
        bool const counts =
            m.user.id == w.user && m.where != where && (!m.as.expires || *m.as.expires > now);
        if (counts && (highest == nullptr || m.as.role > highest->as.role)) highest = &m;
    }
    if (highest == nullptr || highest->as.role <= w.role) co_return result<void>();
    auto const group = co_await groups_.find(std::get<storage::group_id>(highest->where));
    co_return failure(errc::invalid_argument, "should be greater than or equal to " +
                                                  capitalised(name_of(highest->as.role)) +
                                                  " inherited membership from group " +
                                                  (group ? group->name : ""));
}

task<result<member_record>> manage_members::set(auth::grant const& g, wanted w) {
    g.expect({permission::edit_project, permission::own_project, permission::own_group});
    if (w.role == role::none)
        co_return failure(errc::invalid_argument, "a member has a role; without one, remove it");
    auto const now = time_.now();
    if (w.expires && *w.expires <= now)
        co_return failure(errc::invalid_argument, "cannot be a date in the past");
    auto const where = place_of(g);
    auto const before = co_await members_.find(where, w.user);
    if (w.role > g.role() || (before && before->as.role > g.role())) co_return beyond_own_role();
    if (auto const good = co_await check_inherited(where, w); !good) co_return good.error();
    storage::membership const as{w.role, w.expires, g.who().user, now};
    PILOTHOUSE_CO_TRY(auto made, co_await members_.set(where, w.user, as));
    co_await audit_.note(g, before ? "member_updated" : "member_created", thing(made),
                         "role: " + std::string(name_of(w.role)));
    co_return made;
}

task<result<void>> manage_members::remove(auth::grant const& g, storage::user_id user) {
    g.expect({permission::edit_project, permission::own_project, permission::own_group,
              permission::read_project, permission::read_group});
    auto const where = place_of(g);
    PILOTHOUSE_CO_TRY(auto const member, co_await members_.find(where, user));
    bool const oneself = g.who().user == user;
    if (!oneself && auth::only_reads(g.what())) co_return beyond_own_role();
    if (!oneself && member.as.role > g.role()) co_return beyond_own_role();
    if (auto const gone = co_await members_.remove(where, user); !gone) co_return gone.error();
    co_await audit_.note(g, "member_destroyed", thing(member));
    co_return result<void>();
}

task<result<member_record>> manage_members::find(auth::grant const& g, storage::user_id user) {
    expect_reading(g);
    co_return co_await members_.find(place_of(g), user);
}

task<std::vector<member_record>> manage_members::list(auth::grant const& g, bool inherited) {
    expect_reading(g);
    auto all = co_await members_.list(place_of(g), inherited);
    auto const now = time_.now();
    std::erase_if(all, [now](auto const& m) { return m.as.expires && *m.as.expires <= now; });
    // By user, the highest role first: the rest of each user's goes.
    auto const same = std::ranges::unique(all, {}, [](auto const& m) { return m.user.id; });
    all.erase(same.begin(), same.end());
    co_return all;
}

}  // namespace pilothouse::registry
