// `pilothouse token …`
#include "server/cli/token_words.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <utility>

namespace pilothouse::cli {

namespace {

using storage::token_kind;
using storage::token_record;

constexpr std::string_view all_hint = "`pilothouse token list` shows all";

// Of other people's tokens, nobody hears whether they are there.
failure not_yours() { return {errc::denied, "this is not your token"}; }

// A personal token by its number; those of other kinds are not there. Administrators': any;
// others': their own.
task<result<token_record>> find_personal_token(services& s, auth::grant g, storage::token_id id) {
    auto found = co_await s.tokens.find(g, id);
    bool const mine = found && found->kind == token_kind::personal && found->user == g.who().user;
    if (!mine && !g.administrates()) co_return not_yours();
    if (found && found->kind != token_kind::personal)
        co_return failure(errc::not_found, "there is no such token; " + std::string(all_hint));
    if (!found) co_return with_hint(std::move(found).error(), all_hint);
    co_return found;
}

class create_personal_token final : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("--user", user_, "whose token it is to be")->required();
        app.add_option("--scope", request_.scopes, "api, read_api …; may be repeated")
            ->required()
            ->allow_extra_args(false);
        add_expires(app, expires_, "in 90 days");
        app.add_option("--name", request_.name, "what it is for");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        PILOTHOUSE_CO_TRY(auto const user, co_await s.user(user_));
        request_.kind = token_kind::personal;
        request_.user = user.id;
        if (!expires_.empty()) {
            PILOTHOUSE_CO_TRY(request_.expires, parse_end(expires_, s.time.now()));
        }
        PILOTHOUSE_CO_TRY(auto const token, co_await s.tokens.issue(g, request_));
        co_return shown_token(token, json);
    }

private:
    auth::token_request request_;
    std::string user_, expires_;
};

class list_personal_tokens final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        app.add_option("--user", user_, "only this user's")->check(not_empty);
        app.add_flag("--active", active_, "only those that are good now");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.on_server(auth::permission::be_somebody));
        storage::token_filter filter;
        filter.kind = token_kind::personal;
        if (!g.administrates()) filter.user = g.who().user;
        if (!user_.empty()) {
            PILOTHOUSE_CO_TRY(auto const user, co_await s.user(user_));
            if (!g.administrates() && user.id != g.who().user) co_return not_yours();
            filter.user = user.id;
        }
        auto tokens = co_await s.tokens.list(g, filter);
        auto const now = s.time.now();
        if (active_) std::erase_if(tokens, [now](auto const& t) { return is_over(t, now); });
        auto const told = co_await with_owners(s, g, std::move(tokens));
        co_return shown_tokens(told, token_columns::personal, json);
    }

private:
    std::string user_;
    bool active_ = false;
};

class show_personal_token final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override { add_number(app, id_.value, "the token's number"); }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.on_server(auth::permission::be_somebody));
        PILOTHOUSE_CO_TRY(auto const found, co_await find_personal_token(s, g, id_));
        std::vector<token_record> one{found};
        auto const told = co_await with_owners(s, g, std::move(one));
        co_return shown_token(told.front(), token_columns::personal, json);
    }

private:
    storage::token_id id_;
};

class rotate_personal_token final : public command {
public:
    void declare(CLI::App& app) override {
        add_number(app, id_.value, "the token's number");
        add_expires(app, expires_, "in a week");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.on_server(auth::permission::be_oneself));
        PILOTHOUSE_CO_TRY(auto old, co_await find_personal_token(s, g, id_));
        std::optional<instant> ends;
        if (!expires_.empty()) {
            PILOTHOUSE_CO_TRY(ends, parse_end(expires_, s.time.now()));
        }
        PILOTHOUSE_CO_TRY(auto const token, co_await s.tokens.rotate(g, std::move(old), ends));
        co_return shown_token(token, json);
    }

private:
    storage::token_id id_;
    std::string expires_;
};

class revoke_personal_token final : public command {
public:
    void declare(CLI::App& app) override { add_number(app, id_.value, "the token's number"); }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.on_server(auth::permission::be_oneself));
        PILOTHOUSE_CO_TRY(auto const found, co_await find_personal_token(s, g, id_));
        storage::project_id const any;
        auto const revoked = co_await s.tokens.revoke(g, token_kind::personal, found.id, any);
        if (!revoked) co_return with_hint(revoked.error(), all_hint);
        if (json) co_return output{to_json(*revoked) + "\n", ""};
        co_return output{"revoked token " + std::to_string(id_.value) + "\n", ""};
    }

private:
    storage::token_id id_;
};

}  // namespace

command_family token_commands() {
    return {
        "token", "Personal access tokens: a user's rights, or less.",
        commands_of(
            describe<create_personal_token>(
                {"create", "Makes a token and prints it, once.",
                 "pilothouse token create --user alice --scope api --expires 2027-01-31"}),
            describe<list_personal_tokens>(
                {"list", "Lists tokens, never their texts.", "pilothouse token list --user alice"}),
            describe<show_personal_token>(
                {"show", "Shows one token, never its text.", "pilothouse token show 3"}),
            describe<rotate_personal_token>(
                {"rotate", "Makes a token in place of another, which ends at once.",
                 "pilothouse token rotate 3 --expires 30d"}),
            describe<revoke_personal_token>({"revoke", "Refuses a token from the next request on.",
                                             "pilothouse token revoke 3"}))};
}

}  // namespace pilothouse::cli
