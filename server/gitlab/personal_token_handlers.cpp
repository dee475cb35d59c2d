#include "server/gitlab/browsing.hpp"
#include "server/gitlab/shapes.hpp"
#include "server/gitlab/token_handlers.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::gitlab {

namespace {

using storage::token_kind;
using storage::token_record;

// Of other people's tokens, nobody hears whether they are there.
failure not_yours() { return {errc::unauthenticated, "this is not your token"}; }

bool mine_or_any(rest_request const& r, token_record const& t) {
    return r.grant().administrates() || t.user == r.grant().who().user;
}

failure revoked_already() { return {errc::invalid_request, "Token already revoked"}; }

}  // namespace

rest_result personal_token_handlers::create(rest_request& r) {
    auth::token_request wanted;
    r.asked.require({"name", "scopes"});
    wanted.name = r.asked.text("name").value_or("");
    wanted.description = r.asked.text("description").value_or("");
    wanted.scopes = r.asked.list("scopes");
    wanted.expires = r.asked.time("expires_at");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const number = number_in(r.path(0));
    if (!number) co_return failure(errc::not_found, "there is no such user");
    PILOTHOUSE_CO_TRY(auto const user,
                      co_await uses_.users.find(r.grant(), storage::user_id{*number}));
    wanted.user = user.id;
    auto const made = co_await uses_.tokens.issue(r.grant(), std::move(wanted));
    if (!made && made.error().detail.starts_with("unknown scope"))
        co_return validation_error("scopes does not have a valid value");
    if (!made) co_return made.error();
    auto shape = personal_token(made->record, uses_.time.now());
    shape["token"] = made->text.reveal();
    co_return shown(201, shape);
}

rest_result personal_token_handlers::list(rest_request& r) {
    auto const page = page_of(r);
    auto const user = r.asked.integer("user_id");
    auto const search = r.asked.text("search");
    auto const revoked = r.asked.flag("revoked");
    auto const state = r.asked.word("state", {"active", "inactive"});
    auto const after = r.asked.time("created_after");
    auto const before = r.asked.time("created_before");
    auto const sort = r.asked.text("sort");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const& who = r.grant().who();
    if (user && *user != who.user.value && !r.grant().administrates()) co_return not_yours();

    storage::token_filter filter;
    filter.kind = token_kind::personal;
    if (user) filter.user = {*user};
    if (!r.grant().administrates()) filter.user = who.user;
    auto all = co_await uses_.tokens.list(r.grant(), filter);
    auto const now = uses_.time.now();
    std::erase_if(all, [&](token_record const& t) {
        bool const active = !t.revoked && (!t.expires || *t.expires > now);
        return (search && !contains(t.name, *search)) || (revoked && t.revoked != *revoked) ||
               (state && (*state == "active") != active) || (after && t.created < *after) ||
               (before && t.created > *before);
    });
    if (sort == "name_asc" || sort == "name_desc")
        std::ranges::sort(all, [](auto const& a, auto const& b) {
            return a.name != b.name ? a.name < b.name : a.id < b.id;
        });
    if (sort && sort->ends_with("_desc")) std::ranges::reverse(all);
    co_return paged(r, page, all, [now](auto const& t) { return personal_token(t, now); });
}

task<result<token_record>> personal_token_handlers::named(rest_request& r) {
    bool const administrates = r.grant().administrates();
    auto const number = number_in(r.path(0));
    if (!number) co_return failure(errc::not_found, "there is no such token");
    auto found = co_await uses_.tokens.find(r.grant(), storage::token_id{*number});
    bool const there = found && found->kind == token_kind::personal && mine_or_any(r, *found);
    if (there) co_return std::move(*found);
    if (!administrates) co_return not_yours();
    co_return failure(errc::not_found, "there is no such token");
}

rest_result personal_token_handlers::show(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const token, co_await named(r));
    co_return shown(200, personal_token(token, uses_.time.now()));
}

rest_result personal_token_handlers::rotated(rest_request& r, token_record old) {
    auto const expires = r.asked.time("expires_at");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const made = co_await uses_.tokens.rotate(r.grant(), std::move(old), expires);
    if (!made && made.error().code == errc::conflict) co_return revoked_already();
    if (!made) co_return made.error();
    auto shape = personal_token(made->record, uses_.time.now());
    shape["token"] = made->text.reveal();
    co_return shown(200, shape);
}

rest_result personal_token_handlers::rotate(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto old, co_await named(r));
    co_return co_await rotated(r, std::move(old));
}

rest_result personal_token_handlers::revoke(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const token, co_await named(r));
    auto const gone = co_await uses_.tokens.revoke(r.grant(), token_kind::personal, token.id, {});
    if (!gone) co_return gone.error();
    co_return no_content();
}

rest_result personal_token_handlers::show_self(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const token,
                      co_await uses_.tokens.find(r.grant(), r.grant().who().token));
    co_return shown(200, personal_token(token, uses_.time.now()));
}

rest_result personal_token_handlers::rotate_self(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto old, co_await uses_.tokens.find(r.grant(), r.grant().who().token));
    co_return co_await rotated(r, std::move(old));
}

rest_result personal_token_handlers::revoke_self(rest_request& r) {
    auto const gone =
        co_await uses_.tokens.revoke(r.grant(), token_kind::personal, r.grant().who().token, {});
    if (!gone) co_return gone.error();
    co_return no_content();
}

}  // namespace pilothouse::gitlab
