#include "registry/manage_users.hpp"

#include "base/plain_text.hpp"
#include "registry/path_rules.hpp"

#include <utility>

namespace pilothouse::registry {

namespace {

using auth::permission;
using storage::user_record;

auth::audited thing(user_record const& u) { return {"User", u.id.value, u.username}; }

failure oneself() { return {errc::denied, "nobody can do this to the own account"}; }

result<void> check_email(std::string_view email) {
    auto const at = email.find('@');
    bool const good = at != std::string_view::npos && at > 0 && at + 1 < email.size() &&
                      email.size() <= 255 && email.find_first_of(" <>,") == email.npos &&
                      check_text("", email, 255, text_shape::one_line);
    if (email.empty() || good) return {};
    return failure(errc::invalid_argument, "email is invalid");
}

result<void> check_name(std::string_view name) {
    return check_text("a name", name, 255, text_shape::one_line);
}

}  // namespace

task<result<user_record>> manage_users::create(auth::grant const& g, new_user wanted) {
    g.expect({permission::administer});
    if (auto const good = check_user_name(wanted.username); !good) co_return good.error();
    if (auto const good = check_email(wanted.email); !good) co_return good.error();
    if (auto const good = check_name(wanted.name); !good) co_return good.error();
    user_record user;
    user.username = std::move(wanted.username);
    user.name = std::move(wanted.name);
    user.email = std::move(wanted.email);
    user.admin = wanted.admin;
    user.created = time_.now();
    PILOTHOUSE_CO_TRY(auto made, co_await users_.create(std::move(user)));
    co_await audit_.note(g, "user_created", thing(made), made.admin ? "administrator" : "");
    co_return made;
}

task<result<user_record>> manage_users::edit(auth::grant const& g, storage::user_id id,
                                             user_changes changes) {
    g.expect({permission::administer});
    if (changes.username) {
        if (auto const good = check_user_name(*changes.username); !good) co_return good.error();
    }
    if (auto const good = check_email(changes.email.value_or("")); !good) co_return good.error();
    if (auto const good = check_name(changes.name.value_or("")); !good) co_return good.error();
    auto const change = [&](user_record& user) -> result<void> {
        if (changes.admin == false && user.admin && g.who().user == id) return oneself();
        user.username = changes.username.value_or(user.username);
        user.name = changes.name.value_or(user.name);
        user.email = changes.email.value_or(user.email);
        user.admin = changes.admin.value_or(user.admin);
        return {};
    };
    PILOTHOUSE_CO_TRY(auto edited, co_await users_.edit(id, change));
    co_await audit_.note(g, "user_updated", thing(edited), edited.admin ? "administrator" : "");
    co_return edited;
}

task<result<user_record>> manage_users::set_blocked(auth::grant const& g, storage::user_id id,
                                                    bool blocked) {
    g.expect({permission::administer});
    auto const change = [&](user_record& user) -> result<void> {
        if (blocked && g.who().user == id) return oneself();
        user.blocked = blocked;
        return {};
    };
    PILOTHOUSE_CO_TRY(auto edited, co_await users_.edit(id, change));
    co_await audit_.note(g, blocked ? "user_blocked" : "user_unblocked", thing(edited));
    co_return edited;
}

task<result<void>> manage_users::remove(auth::grant const& g, storage::user_id id, bool forced) {
    g.expect({permission::administer});
    PILOTHOUSE_CO_TRY(auto const user, co_await users_.find(id));
    if (g.who().user == id) co_return oneself();
    if (auto const gone = co_await users_.remove(id, forced); !gone) co_return gone.error();
    co_await audit_.note(g, "user_removed", thing(user));
    co_return result<void>();
}

task<result<user_record>> manage_users::find(auth::grant const& g, storage::user_id id) {
    g.expect({permission::administer, permission::be_somebody});
    co_return co_await users_.find(id);
}

task<result<user_record>> manage_users::find(auth::grant const& g, std::string username) {
    g.expect({permission::administer, permission::be_somebody});
    co_return co_await users_.find(std::move(username));
}

task<std::vector<user_record>> manage_users::list(auth::grant const& g) {
    g.expect({permission::administer, permission::be_somebody});
    auto all = co_await users_.list();
    std::erase_if(all, [](auto const& u) { return u.bot_of.has_value(); });
    co_return all;
}

}  // namespace pilothouse::registry
