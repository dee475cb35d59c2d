#include "server/gitlab/member_handlers.hpp"

#include "server/gitlab/browsing.hpp"
#include "server/gitlab/shapes.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace pilothouse::gitlab {

namespace {

using storage::member_record;
using storage::role;

// GitLab has one more between guest and reporter, which reads packages as a guest does.
role role_asked(parameters& asked) {
    constexpr std::array levels = {10, 15, 20, 30, 40, 50};
    asked.require({"access_level"});
    auto const level = asked.integer("access_level");
    if (!level) return role::none;
    if (std::ranges::find(levels, *level) == levels.end()) {
        asked.complain("access_level does not have a valid value");
        return role::none;
    }
    return *level == 15 ? role::guest : static_cast<role>(*level);
}

constexpr std::size_t users_at_once = 100;

// Numbers, or names; several with commas between them.
std::vector<std::string> users_asked(parameters& asked, bool by_number) {
    std::string const key = by_number ? "user_id" : "username";
    auto const text = asked.text(key);
    if (!text) return {};
    if (text->find(',') == std::string::npos) {
        if (!by_number) return {*text};
        auto const one = asked.integer(key);
        return one ? std::vector{std::to_string(*one)} : std::vector<std::string>();
    }
    auto users = asked.list(key);
    std::ranges::sort(users);
    auto const twice = std::ranges::unique(users);
    users.erase(twice.begin(), twice.end());
    bool const numbers = std::ranges::all_of(users, [](auto const& u) {
        return u.find_first_not_of("0123456789") == std::string::npos && u.size() <= 18;
    });
    if ((by_number && !numbers) || users.empty()) asked.complain(key + " is invalid");
    if (users.size() > users_at_once) asked.complain("Too many users specified (limit is 100)");
    return users;
}

result<storage::user_id> user_in_path(rest_request& r) {
    auto const number = number_in(r.path(1));
    if (!number) return failure(errc::invalid_argument, "user_id is invalid");
    return storage::user_id{*number};
}

// What the model refuses, where GitLab says it.
http::response refused(failure const& f) {
    bool const of_date = f.detail.starts_with("cannot be a date");
    return model_error(of_date ? "expires_at" : "access_level", f.detail);
}

// Who works here is not for the street, and that of a private group not for whoever works in one of
// its projects alone.
result<void> check_reader(auth::grant const& g) {
    if (g.who().what == auth::principal::kind::anonymous)
        return failure(errc::unauthenticated, "sign in with a token");
    bool const private_group = auth::place_of(g.what()) == auth::place_kind::group &&
                               g.group().visibility == storage::visibility::private_;
    if (private_group && g.role() == role::none)
        return failure(errc::denied, "only members of a private group see who they are");
    return {};
}

failure last_owner() { return {errc::denied, "the last owner of a group stays"}; }

}  // namespace

rest_result member_handlers::listed(rest_request& r, bool inherited) {
    auto const page = page_of(r);
    auto const query = r.asked.text("query");
    auto const users = r.asked.list("user_ids");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    if (auto const good = check_reader(r.grant()); !good) co_return good.error();
    auto all = co_await uses_.members.list(r.grant(), inherited);
    std::erase_if(all, [&](member_record const& m) {
        bool const wanted =
            users.empty() ||
            std::ranges::find(users, std::to_string(m.user.id.value)) != users.end();
        bool const found =
            !query || contains(m.user.username, *query) || contains(m.user.name, *query);
        return !wanted || !found;
    });
    std::ranges::sort(all, {}, [](auto const& m) { return m.user.id; });
    co_return paged(r, page, all, [&r](auto const& m) { return member_shape(m, r.site); });
}

rest_result member_handlers::list(rest_request& r) { return listed(r, false); }
rest_result member_handlers::list_all(rest_request& r) { return listed(r, true); }

rest_result member_handlers::show(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const user, user_in_path(r));
    if (auto const good = check_reader(r.grant()); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const member, co_await uses_.members.find(r.grant(), user));
    co_return shown(200, member_shape(member, r.site));
}

rest_result member_handlers::show_effective(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const user, user_in_path(r));
    if (auto const good = check_reader(r.grant()); !good) co_return good.error();
    auto const all = co_await uses_.members.list(r.grant(), true);
    auto const found = std::ranges::find(all, user, [](auto const& m) { return m.user.id; });
    if (found == all.end()) co_return failure(errc::not_found, "there is no such member");
    co_return shown(200, member_shape(*found, r.site));
}

rest_result member_handlers::add(rest_request& r) {
    registry::manage_members::wanted w;
    w.role = role_asked(r.asked);
    w.expires = r.asked.time("expires_at");
    auto const given = [&r](auto key) { return r.asked.has(key) && !r.asked.is_empty(key); };
    bool const by_number = given("user_id"), by_name = given("username");
    if (!by_number && !by_name)
        r.asked.complain("user_id, username are missing, exactly one parameter must be provided");
    if (by_number && by_name) r.asked.complain("user_id, username are mutually exclusive");
    std::vector<std::string> users;
    if (by_number != by_name) users = users_asked(r.asked, by_number);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    if (users.size() > 1) co_return co_await add_several(r, users, by_number, w);

    auto const made = co_await add_one(r, users.front(), by_number, w);
    if (!made && made.error().code == errc::invalid_argument) co_return refused(made.error());
    if (!made) co_return made.error();
    co_return shown(201, member_shape(*made, r.site));
}

task<result<member_record>> member_handlers::add_one(rest_request& r, std::string user,
                                                     bool by_number,
                                                     registry::manage_members::wanted w) {
    PILOTHOUSE_CO_TRY(auto const looking,
                      uses_.policy.authorize_on_server(r.x.who, auth::permission::be_somebody));
    auto const id = number_in(user);
    if (by_number && !id) co_return failure(errc::not_found, "there is no such user");
    auto const found = by_number ? co_await uses_.users.find(looking, storage::user_id{*id})
                                 : co_await uses_.users.find(looking, user);
    if (!found) co_return failure(errc::not_found, "there is no such user");
    w.user = found->id;
    if (co_await uses_.members.find(r.grant(), w.user))
        co_return failure(errc::conflict, "Member already exists");
    co_return co_await uses_.members.set(r.grant(), w);
}

// GitLab's: whoever can be added is, and the answer names the others.
rest_result member_handlers::add_several(rest_request& r, std::vector<std::string> users,
                                         bool by_number, registry::manage_members::wanted w) {
    json::object refusals;
    for (auto const& user : users) {
        auto const made = co_await add_one(r, user, by_number, w);
        if (made) continue;
        bool const gone = made.error().code == errc::not_found;
        refusals[user] = gone ? "User not found" : made.error().detail;
    }
    if (refusals.empty()) co_return shown(201, json::object{{"status", "success"}});
    co_return shown(201, json::object{{"status", "error"}, {"message", std::move(refusals)}});
}

rest_result member_handlers::edit(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const user, user_in_path(r));
    registry::manage_members::wanted w;
    w.user = user;
    w.role = role_asked(r.asked);
    w.expires = r.asked.time("expires_at");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const before, co_await uses_.members.find(r.grant(), user));
    if (!w.expires && !r.asked.is_empty("expires_at")) w.expires = before.as.expires;
    auto const edited = co_await uses_.members.set(r.grant(), w);
    if (!edited && edited.error().code == errc::invalid_argument) co_return refused(edited.error());
    if (!edited && edited.error().code == errc::conflict) co_return last_owner();
    if (!edited) co_return edited.error();
    co_return shown(200, member_shape(*edited, r.site));
}

// The route asks for the right to look, for everybody may leave. That takes more than a token that
// reads; to take somebody else's role away, more than a look.
task<result<auth::grant>> member_handlers::to_remove(rest_request& r, storage::user_id user) {
    using auth::permission;
    auto const& who = r.x.who;
    PILOTHOUSE_CO_TRY(auto const changing,
                      uses_.policy.authorize_on_server(who, permission::be_oneself));
    if (changing.who().user == user) co_return r.grant();
    auto allowed = auth::place_of(r.grant().what()) == auth::place_kind::group
                       ? co_await uses_.policy.authorize_in_group(who, permission::own_group,
                                                                  r.grant().group().id)
                       : co_await uses_.policy.authorize(who, permission::edit_project,
                                                         r.grant().project().id);
    if (allowed) allowed->came_from(r.x.peer);
    co_return allowed;
}

rest_result member_handlers::remove(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const user, user_in_path(r));
    PILOTHOUSE_CO_TRY(auto const allowed, co_await to_remove(r, user));
    auto const gone = co_await uses_.members.remove(allowed, user);
    if (!gone && gone.error().code == errc::conflict) co_return last_owner();
    if (!gone) co_return gone.error();
    co_return no_content();
}

}  // namespace pilothouse::gitlab
