// `pilothouse access-token …`
#include "registry/directory_names.hpp"
#include "server/cli/token_words.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <utility>

namespace pilothouse::cli {

namespace {

using auth::permission;

told_token told(registry::place_token t, auth::grant const& g) {
    return {std::move(t.token), "", path_of(g), t.role};
}

// What all of them need: the place, and the right to give rights in it.
class access_token_command : public command {
protected:
    [[nodiscard]] task<result<auth::grant>> right(services& s) {
        return s.in_place(permission::edit_project, permission::own_group, place_);
    }
    [[nodiscard]] static std::string everything_here(auth::grant const& g) {
        return "`pilothouse access-token list " + path_of(g) + "` shows all";
    }

    std::string place_;
    storage::token_id id_;
};

class create_access_token final : public access_token_command {
public:
    void declare(CLI::App& app) override {
        add_place(app, place_)->required();
        app.add_option("--scope", wanted_.scopes, "api, read_api …; may be repeated")
            ->required()
            ->allow_extra_args(false);
        app.add_option("--role", role_, "what it may do there")
            ->check(CLI::IsMember(registry::role_names()))
            ->capture_default_str();
        add_expires(app, expires_, "in 90 days");
        app.add_option("--name", wanted_.name, "what it is for; its bot is called so too")
            ->required()
            ->check(not_empty);
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        wanted_.role = *registry::parse_role(role_);
        if (!expires_.empty()) {
            PILOTHOUSE_CO_TRY(wanted_.expires, parse_end(expires_, s.time.now()));
        }
        PILOTHOUSE_CO_TRY(auto const made, co_await s.access_tokens.create(g, wanted_));
        co_return shown_token(made.token, json, made.role);
    }

private:
    registry::manage_access_tokens::wanted wanted_;
    std::string role_ = "maintainer", expires_;
};

class list_access_tokens final : public access_token_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        add_place(app, place_)->required();
        app.add_flag("--active", active_, "only those that are good now");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        auto const now = s.time.now();
        std::vector<told_token> all;
        for (auto& t : co_await s.access_tokens.list(g))
            if (!active_ || !is_over(t.token, now)) all.push_back(told(std::move(t), g));
        co_return shown_tokens(all, token_columns::access, json);
    }

private:
    bool active_ = false;
};

class show_access_token final : public access_token_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        add_place(app, place_)->required();
        add_number(app, id_.value, "the token's number");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        auto found = co_await s.access_tokens.find(g, id_);
        if (!found) co_return with_hint(std::move(found).error(), everything_here(g));
        co_return shown_token(told(std::move(*found), g), token_columns::access, json);
    }
};

class rotate_access_token final : public access_token_command {
public:
    void declare(CLI::App& app) override {
        add_place(app, place_)->required();
        add_number(app, id_.value, "the token's number");
        add_expires(app, expires_, "in a week");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        std::optional<instant> ends;
        if (!expires_.empty()) {
            PILOTHOUSE_CO_TRY(ends, parse_end(expires_, s.time.now()));
        }
        auto const made = co_await s.access_tokens.rotate(g, id_, ends);
        if (!made) co_return with_hint(made.error(), everything_here(g));
        co_return shown_token(made->token, json, made->role);
    }

private:
    std::string expires_;
};

class revoke_access_token final : public access_token_command {
public:
    void declare(CLI::App& app) override {
        add_place(app, place_)->required();
        add_number(app, id_.value, "the token's number");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        auto found = co_await s.access_tokens.find(g, id_);
        if (!found) co_return with_hint(std::move(found).error(), everything_here(g));
        auto const gone = co_await s.access_tokens.revoke(g, id_);
        if (!gone) co_return with_hint(gone.error(), everything_here(g));
        found->token.revoked = true;
        if (json) co_return output{to_json(told(std::move(*found), g)) + "\n", ""};
        co_return output{"revoked token " + std::to_string(id_.value) + " of " + path_of(g) + "\n",
                         ""};
    }
};

}  // namespace

command_family access_token_commands() {
    return {"access-token",
            "Access tokens: a role in one project or group, of a bot that goes with it.",
            commands_of(
                describe<create_access_token>({"create", "Makes a token and prints it, once.",
                                               "pilothouse access-token create team/charts --name "
                                               "ci --role developer --scope api"}),
                describe<list_access_tokens>({"list",
                                              "Lists the tokens of a place, never their "
                                              "texts.",
                                              "pilothouse access-token list team/charts"}),
                describe<show_access_token>({"show", "Shows one token, never its text.",
                                             "pilothouse access-token show team/charts 3"}),
                describe<rotate_access_token>(
                    {"rotate", "Makes a token in place of another, which ends at once.",
                     "pilothouse access-token rotate team/charts 3 --expires 30d"}),
                describe<revoke_access_token>(
                    {"revoke", "Refuses a token from the next request on, and removes its bot.",
                     "pilothouse access-token revoke team/charts 3"}))};
}

}  // namespace pilothouse::cli
