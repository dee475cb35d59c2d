#include "server/gitlab/user_handlers.hpp"

#include "server/gitlab/browsing.hpp"
#include "server/gitlab/shapes.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace pilothouse::gitlab {

namespace {

json::object shown_user(storage::user_record const& u, rest_request const& r) {
    return r.grant().administrates() ? full_user(u, r.site) : basic_user(u, r.site);
}

// What the house says of the whole is GitLab's word on one field.
http::response cannot_save_user(failure const& f) {
    if (f.detail == "email is invalid") return model_error("email", "is invalid");
    return model_error(f.detail.starts_with("a user name") ? "username" : "name", f.detail);
}

}  // namespace

rest_result user_handlers::version(rest_request&) {
    co_return shown(200, json::object{{"version", uses_.version}, {"revision", "pilothouse"}});
}

rest_result user_handlers::metadata(rest_request&) {
    co_return shown(200, json::object{{"version", uses_.version},
                                      {"revision", "pilothouse"},
                                      {"kas", json::object{{"enabled", false},
                                                           {"externalUrl", nullptr},
                                                           {"externalK8sProxyUrl", nullptr},
                                                           {"version", nullptr}}},
                                      {"enterprise", false}});
}

rest_result user_handlers::me(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const user, co_await uses_.users.find(r.grant(), r.grant().who().user));
    co_return shown(200, full_user(user, r.site));
}

rest_result user_handlers::list(rest_request& r) {
    auto const page = page_of(r);
    auto const username = r.asked.text("username");
    auto const search = r.asked.text("search");
    bool const blocked = r.asked.flag("blocked").value_or(false);
    bool const active = r.asked.flag("active").value_or(false);
    bool const admins = r.asked.flag("admins").value_or(false) && r.grant().administrates();
    auto const order =
        r.asked.word("order_by", {"id", "name", "username", "created_at", "updated_at"});
    bool const ascending = r.asked.word("sort", {"asc", "desc"}) == "asc";
    if (auto const good = r.asked.verdict(); !good) co_return good.error();

    auto all = co_await uses_.users.list(r.grant());
    std::erase_if(all, [&](storage::user_record const& u) {
        bool const exact =
            !username || (contains(u.username, *username) && u.username.size() == username->size());
        bool const found = !search || contains(u.username, *search) || contains(u.name, *search) ||
                           (r.grant().administrates() && u.email == *search);
        return !exact || !found || (blocked && !u.blocked) || (active && u.blocked) ||
               (admins && !u.admin);
    });
    auto const by = order.value_or("id");
    std::ranges::sort(all, [&](auto const& a, auto const& b) {
        if (by == "name" && a.name != b.name) return a.name < b.name;
        if (by == "username") return a.username < b.username;
        return a.id < b.id;
    });
    if (!ascending) std::ranges::reverse(all);
    co_return paged(r, page, all, [&r](auto const& u) { return shown_user(u, r); });
}

rest_result user_handlers::create(rest_request& r) {
    registry::new_user wanted;
    r.asked.require({"email", "name", "username"});
    bool const secret = r.asked.has("password") || r.asked.flag("reset_password").value_or(false) ||
                        r.asked.flag("force_random_password").value_or(false);
    if (!secret)
        r.asked.complain(
            "password, reset_password, force_random_password are missing, at least one parameter "
            "must be provided");
    wanted.email = r.asked.text("email").value_or("");
    wanted.name = r.asked.text("name").value_or("");
    wanted.username = r.asked.text("username").value_or("");
    wanted.admin = r.asked.flag("admin").value_or(false);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const made = co_await uses_.users.create(r.grant(), std::move(wanted));
    if (!made && made.error().code == errc::invalid_argument)
        co_return cannot_save_user(made.error());
    if (!made) co_return made.error();
    co_return shown(201, full_user(*made, r.site));
}

task<result<storage::user_record>> user_handlers::named(rest_request& r) {
    auto const number = number_in(r.path(0));
    if (!number) co_return failure(errc::not_found, "there is no such user");
    co_return co_await uses_.users.find(r.grant(), storage::user_id{*number});
}

rest_result user_handlers::show(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const user, co_await named(r));
    co_return shown(200, shown_user(user, r));
}

rest_result user_handlers::edit(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const user, co_await named(r));
    registry::user_changes changes;
    changes.username = r.asked.text("username");
    changes.name = r.asked.text("name");
    changes.email = r.asked.text("email");
    changes.admin = r.asked.flag("admin");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    if (changes.name && changes.name->empty()) co_return blank_name();
    auto const edited = co_await uses_.users.edit(r.grant(), user.id, std::move(changes));
    if (!edited && edited.error().code == errc::invalid_argument)
        co_return cannot_save_user(edited.error());
    if (!edited) co_return edited.error();
    co_return shown(200, full_user(*edited, r.site));
}

rest_result user_handlers::remove(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const user, co_await named(r));
    bool const forced = r.asked.flag("hard_delete").value_or(false);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const gone = co_await uses_.users.remove(r.grant(), user.id, forced);
    if (!gone && gone.error().code == errc::conflict)
        co_return failure(errc::conflict,
                          "User cannot be removed while is the sole-owner of a group");
    if (!gone) co_return gone.error();
    co_return no_content();
}

rest_result user_handlers::block(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const user, co_await named(r));
    if (user.blocked) co_return shown(201, nullptr);
    PILOTHOUSE_CO_TRY(auto const edited,
                      co_await uses_.users.set_blocked(r.grant(), user.id, true));
    co_return shown(201, edited.blocked);
}

rest_result user_handlers::unblock(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const user, co_await named(r));
    if (!user.blocked) co_return shown(201, false);
    PILOTHOUSE_CO_TRY(auto const edited,
                      co_await uses_.users.set_blocked(r.grant(), user.id, false));
    co_return shown(201, !edited.blocked);
}

}  // namespace pilothouse::gitlab
