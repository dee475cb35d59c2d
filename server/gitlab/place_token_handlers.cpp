// Access tokens and deploy tokens of projects and groups.
#include "server/gitlab/shapes.hpp"
#include "server/gitlab/token_handlers.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::gitlab {

namespace {

using storage::token_kind;
using storage::token_record;

bool of_group(auth::grant const& g) { return auth::place_of(g.what()) == auth::place_kind::group; }

json::object shape_of(token_record const& t, storage::role role, storage::place_id const& where,
                      instant now) {
    auto const* const group = std::get_if<storage::group_id>(&where);
    auto o = personal_token(t, now);
    o["access_level"] = static_cast<int>(role);
    o["resource_type"] = group != nullptr ? "group" : "project";
    o["resource_id"] = group != nullptr ? group->value : std::get<storage::project_id>(where).value;
    return o;
}

json::object shape_of(token_record const& t, storage::role role, auth::grant const& g,
                      instant now) {
    return shape_of(t, role, registry::place_of(g), now);
}

http::response bad_scopes() { return validation_error("scopes does not have a valid value"); }

result<storage::token_id> token_in_path(rest_request& r) {
    auto const number = number_in(r.path(1));
    if (!number) return failure(errc::not_found, "there is no such token");
    return storage::token_id{*number};
}

bool of_place(token_record const& t, auth::grant const& g) {
    if (t.kind != token_kind::deploy) return false;
    return of_group(g) ? t.group == g.group().id : t.project == g.project().id;
}

failure no_such_access_token(auth::grant const& g) {
    return {errc::not_found, std::string(of_group(g) ? no_group_token : no_project_token)};
}

// In GitLab's words where it is not there.
failure reworded(failure f, auth::grant const& g) {
    return f.code == errc::not_found ? no_such_access_token(g) : std::move(f);
}

}  // namespace

rest_result access_token_handlers::create(rest_request& r) {
    registry::manage_access_tokens::wanted w;
    r.asked.require({"name", "scopes"});
    w.name = r.asked.text("name").value_or("");
    w.description = r.asked.text("description").value_or("");
    w.scopes = r.asked.list("scopes");
    w.expires = r.asked.time("expires_at");
    auto const level = r.asked.word("access_level", {"10", "15", "20", "30", "40", "50"});
    if (level)
        w.role =
            *level == "15" ? storage::role::guest : static_cast<storage::role>(std::stoi(*level));
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const made = co_await uses_.access_tokens.create(r.grant(), std::move(w));
    if (!made && made.error().detail.starts_with("unknown scope")) co_return bad_scopes();
    if (!made && made.error().code == errc::invalid_argument)
        co_return failure(errc::invalid_request, made.error().detail);
    if (!made) co_return made.error();
    auto shape = shape_of(made->token.record, made->role, r.grant(), uses_.time.now());
    shape["token"] = made->token.text.reveal();
    co_return shown(201, shape);
}

rest_result access_token_handlers::list(rest_request& r) {
    auto const page = page_of(r);
    auto const revoked = r.asked.flag("revoked");
    auto const state = r.asked.word("state", {"active", "inactive"});
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto all = co_await uses_.access_tokens.list(r.grant());
    auto const now = uses_.time.now();
    std::erase_if(all, [&](registry::place_token const& p) {
        bool const active = !p.token.revoked && (!p.token.expires || *p.token.expires > now);
        return (revoked && p.token.revoked != *revoked) ||
               (state && (*state == "active") != active);
    });
    co_return paged(r, page, all,
                    [&](auto const& p) { return shape_of(p.token, p.role, r.grant(), now); });
}

rest_result access_token_handlers::show(rest_request& r) {
    auto const id = token_in_path(r);
    if (!id) co_return reworded(id.error(), r.grant());
    auto const found = co_await uses_.access_tokens.find(r.grant(), *id);
    if (!found) co_return reworded(found.error(), r.grant());
    co_return shown(200, shape_of(found->token, found->role, r.grant(), uses_.time.now()));
}

rest_result access_token_handlers::rotate(rest_request& r) {
    auto const id = token_in_path(r);
    if (!id) co_return reworded(id.error(), r.grant());
    auto const expires = r.asked.time("expires_at");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const made = co_await uses_.access_tokens.rotate(r.grant(), *id, expires);
    if (!made && made.error().code == errc::conflict)
        co_return failure(errc::invalid_request, "Token already revoked");
    if (!made) co_return reworded(made.error(), r.grant());
    auto shape = shape_of(made->token.record, made->role, r.grant(), uses_.time.now());
    shape["token"] = made->token.text.reveal();
    co_return shown(200, shape);
}

rest_result access_token_handlers::rotate_self(rest_request& r, bool of_group) {
    auto const expires = r.asked.time("expires_at");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    registry::manage_access_tokens::place_name place{of_group, r.path(0)};
    if (auto const number = number_in(r.path(0))) place.text = *number;
    auto const made =
        co_await uses_.access_tokens.rotate_self(r.grant(), std::move(place), expires);
    if (!made && made.error().code == errc::not_found)
        co_return failure(errc::not_found,
                          std::string(of_group ? no_group_token : no_project_token));
    if (!made) co_return made.error();
    auto shape = shape_of(made->token.record, made->role, made->where, uses_.time.now());
    shape["token"] = made->token.text.reveal();
    co_return shown(200, shape);
}

rest_result access_token_handlers::rotate_self_of_project(rest_request& r) {
    return rotate_self(r, false);
}
rest_result access_token_handlers::rotate_self_of_group(rest_request& r) {
    return rotate_self(r, true);
}

rest_result access_token_handlers::revoke(rest_request& r) {
    auto const id = token_in_path(r);
    if (!id) co_return reworded(id.error(), r.grant());
    auto const gone = co_await uses_.access_tokens.revoke(r.grant(), *id);
    if (!gone) co_return reworded(gone.error(), r.grant());
    co_return no_content();
}

rest_result deploy_token_handlers::list_every(rest_request& r) {
    auto const page = page_of(r);
    bool const active = r.asked.flag("active").value_or(false);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    storage::token_filter filter;
    filter.kind = token_kind::deploy;
    auto all = co_await uses_.tokens.list(r.grant(), filter);
    auto const now = uses_.time.now();
    if (active)
        std::erase_if(all, [now](token_record const& t) {
            return t.revoked || (t.expires && *t.expires <= now);
        });
    co_return paged(r, page, all, [now](auto const& t) { return deploy_token(t, now); });
}

rest_result deploy_token_handlers::create(rest_request& r) {
    auth::token_request wanted;
    wanted.kind = token_kind::deploy;
    r.asked.require({"name", "scopes"});
    wanted.name = r.asked.text("name").value_or("");
    wanted.username = r.asked.text("username").value_or("");
    wanted.scopes = r.asked.list("scopes");
    wanted.expires = r.asked.time("expires_at");
    wanted.endless = true;
    wanted.project = r.grant().project().id;
    wanted.group = r.grant().group().id;
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const made = co_await uses_.tokens.issue(r.grant(), std::move(wanted));
    if (!made && made.error().detail.starts_with("unknown scope")) co_return bad_scopes();
    if (!made) co_return made.error();
    auto shape = deploy_token(made->record, uses_.time.now());
    shape["token"] = made->text.reveal();
    co_return shown(201, shape);
}

rest_result deploy_token_handlers::list(rest_request& r) {
    auto const page = page_of(r);
    bool const active = r.asked.flag("active").value_or(false);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    storage::token_filter filter;
    filter.kind = token_kind::deploy;
    filter.project = r.grant().project().id;
    filter.group = r.grant().group().id;
    auto all = co_await uses_.tokens.list(r.grant(), filter);
    auto const now = uses_.time.now();
    std::erase_if(all, [&](token_record const& t) {
        return t.revoked || (active && t.expires && *t.expires <= now);
    });
    co_return paged(r, page, all, [now](auto const& t) { return deploy_token(t, now); });
}

task<result<token_record>> deploy_token_handlers::named(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const id, token_in_path(r));
    auto found = co_await uses_.tokens.find(r.grant(), id);
    if (!found || !of_place(*found, r.grant()) || found->revoked)
        co_return failure(errc::not_found, "there is no such token");
    co_return std::move(*found);
}

rest_result deploy_token_handlers::show(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const token, co_await named(r));
    co_return shown(200, deploy_token(token, uses_.time.now()));
}

rest_result deploy_token_handlers::revoke(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const token, co_await named(r));
    auto const gone = co_await uses_.tokens.revoke(r.grant(), token_kind::deploy, token.id, {});
    if (!gone) co_return gone.error();
    co_return no_content();
}

}  // namespace pilothouse::gitlab
