#include "registry/manage_access_tokens.hpp"

#include "base/hex.hpp"
#include "base/random.hpp"
#include "registry/manage_members.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::registry {

namespace {

using auth::permission;
using storage::place_id;

void check(auth::grant const& g) { g.expect({permission::edit_project, permission::own_group}); }

// GitLab's: project_12_bot_2f…
std::string bot_name(place_id const& where) {
    auto const* const group = std::get_if<storage::group_id>(&where);
    auto const number =
        group != nullptr ? group->value : std::get<storage::project_id>(where).value;
    return (group != nullptr ? "group_" : "project_") + std::to_string(number) + "_bot_" +
           to_hex(random_bytes(16));
}

}  // namespace

task<result<manage_access_tokens::issued>> manage_access_tokens::create(auth::grant const& g,
                                                                        wanted w) {
    check(g);
    if (auto const person = co_await check_person(g); !person) co_return person.error();
    if (w.role == storage::role::none || w.role > g.role())
        co_return failure(errc::invalid_argument,
                          "Access level of the token contains permissions not held by the creating "
                          "user");
    auto const where = place_of(g);
    storage::user_record bot;
    bot.username = bot_name(where);
    bot.name = w.name;
    bot.bot_of = where;
    bot.created = time_.now();
    PILOTHOUSE_CO_TRY(bot, co_await from_.users.create(std::move(bot)));

    auth::token_request request;
    request.user = bot.id;
    request.name = std::move(w.name);
    request.description = std::move(w.description);
    request.scopes = std::move(w.scopes);
    request.expires = w.expires;
    auto token = co_await issuer_.issue(g, std::move(request));
    if (!token) {
        (void)co_await from_.users.remove(bot.id, true);
        co_return std::move(token).error();
    }
    // Last, so that what is stopped before has no rights.
    storage::membership const as{w.role, std::nullopt, g.who().user, bot.created};
    PILOTHOUSE_CO_TRY(auto const member, co_await from_.members.set(where, bot.id, as));
    co_return issued{std::move(*token), member.as.role, where};
}

task<std::vector<place_token>> manage_access_tokens::list(auth::grant const& g) {
    check(g);
    std::vector<place_token> all;
    auto const where = place_of(g);
    // By the bots themselves: one whose membership somebody took away still holds a token.
    for (auto const& bot : co_await from_.users.list()) {
        if (bot.bot_of != where) continue;
        auto const member = co_await from_.members.find(where, bot.id);
        storage::token_filter filter;
        filter.kind = storage::token_kind::personal;
        filter.user = bot.id;
        for (auto& t : co_await from_.tokens.list(filter))
            all.push_back({std::move(t), member ? member->as.role : storage::role::none});
    }
    std::ranges::sort(all, {}, [](auto const& t) { return t.token.id; });
    co_return all;
}

task<result<place_token>> manage_access_tokens::find(auth::grant const& g, storage::token_id id) {
    auto all = co_await list(g);
    auto const found = std::ranges::find(all, id, [](auto const& t) { return t.token.id; });
    if (found == all.end()) co_return failure(errc::not_found, "there is no such token");
    co_return std::move(*found);
}

// A token that could make others would outlive its own end.
task<result<void>> manage_access_tokens::check_person(auth::grant const& g) {
    auto const who = co_await from_.users.find(g.who().user);
    if (who && who->bot_of)
        co_return failure(errc::invalid_argument,
                          "User does not have permission to create an access token: it is one");
    co_return result<void>();
}

task<result<manage_access_tokens::issued>> manage_access_tokens::rotate(
    auth::grant const& g, storage::token_id id, std::optional<instant> expires) {
    PILOTHOUSE_CO_TRY(auto old, co_await find(g, id));
    // Whoever rotates a token holds it.
    if (old.role > g.role())
        co_return failure(errc::denied,
                          "Not eligible to rotate token with access level higher than the user");
    PILOTHOUSE_CO_TRY(auto token, co_await issuer_.rotate(g, std::move(old.token), expires));
    co_return issued{std::move(token), old.role, place_of(g)};
}

task<std::optional<place_id>> manage_access_tokens::place_called(place_name place) {
    if (auto const* const number = std::get_if<std::int64_t>(&place.text)) {
        if (place.group) co_return storage::group_id{*number};
        co_return storage::project_id{*number};
    }
    auto const& path = std::get<std::string>(place.text);
    if (place.group) {
        auto const found = co_await from_.groups.find(path);
        if (!found) co_return std::nullopt;
        co_return found->id;
    }
    auto const found = co_await from_.projects.find(path);
    if (!found) co_return std::nullopt;
    co_return found->id;
}

task<result<manage_access_tokens::issued>> manage_access_tokens::rotate_self(
    auth::grant const& g, place_name place, std::optional<instant> expires) {
    g.expect({permission::rotate_token});
    auto const where = co_await place_called(std::move(place));
    auto const bot = co_await from_.users.find(g.who().user);
    if (!where || !bot || bot->bot_of != where)
        co_return failure(errc::not_found, "there is no such token");
    PILOTHOUSE_CO_TRY(auto old, co_await from_.tokens.find(g.who().token));
    PILOTHOUSE_CO_TRY(auto token, co_await issuer_.rotate(g, std::move(old), expires));
    auto const member = co_await from_.members.find(*where, bot->id);
    co_return issued{std::move(token), member ? member->as.role : storage::role::none, *where};
}

task<result<void>> manage_access_tokens::revoke(auth::grant const& g, storage::token_id id) {
    PILOTHOUSE_CO_TRY(auto const found, co_await find(g, id));
    auto const gone = co_await issuer_.revoke(g, storage::token_kind::personal, id, {});
    if (!gone) co_return gone.error();
    auto const all = co_await list(g);
    bool const lives_on = std::ranges::any_of(all, [&](place_token const& t) {
        return t.token.user == found.token.user && t.token.id != id && !t.token.revoked;
    });
    // Of a token that was rotated the successor stays; otherwise the bot goes with all its tokens
    // and rights. A failure leaves one that can do nothing.
    if (!lives_on) (void)co_await from_.users.remove(found.token.user, true);
    co_return result<void>();
}

}  // namespace pilothouse::registry
