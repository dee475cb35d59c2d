// `pilothouse deploy-token …`, `pilothouse job-token …`
#include "server/cli/token_words.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace pilothouse::cli {

namespace {

using namespace std::chrono_literals;
using auth::permission;
using storage::token_kind;
using storage::token_record;

// --- deploy tokens, of projects and groups

bool lies_in(token_record const& t, auth::grant const& g) {
    if (t.kind != token_kind::deploy) return false;
    return g.group().id != storage::group_id() ? t.group == g.group().id
                                               : t.project == g.project().id;
}

// In the place alone, whatever the number.
task<result<token_record>> find_deploy_token(services& s, auth::grant g, storage::token_id id) {
    auto found = co_await s.tokens.find(g, id);
    if (found && lies_in(*found, g)) co_return found;
    if (!found && found.error().code != errc::not_found) co_return std::move(found).error();
    co_return failure(errc::not_found, "there is no such token; `pilothouse deploy-token list " +
                                           path_of(g) + "` shows all");
}

class create_deploy_token final : public command {
public:
    void declare(CLI::App& app) override {
        add_place(app, place_)->required();
        app.add_option("--scope", request_.scopes,
                       "read_package_registry, write_package_registry …; may be repeated")
            ->required()
            ->allow_extra_args(false);
        add_expires(app, expires_, "in 90 days");
        app.add_option("--name", request_.name, "what it is for");
        app.add_option("--username", request_.username,
                       "shown to people; any one works [deploy-token]");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_place(permission::edit_project,
                                                            permission::own_group, place_));
        request_.kind = token_kind::deploy;
        request_.project = g.project().id;
        request_.group = g.group().id;
        if (!expires_.empty()) {
            PILOTHOUSE_CO_TRY(request_.expires, parse_end(expires_, s.time.now()));
        }
        PILOTHOUSE_CO_TRY(auto const token, co_await s.tokens.issue(g, request_));
        co_return shown_token(token, json);
    }

private:
    auth::token_request request_;
    std::string place_, expires_;
};

class list_deploy_tokens final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        add_place(app, place_)->check(not_empty);
        app.add_flag("--active", active_, "only those that are good now");
    }
    task<result<output>> run(services& s, bool json) override {
        storage::token_filter filter;
        filter.kind = token_kind::deploy;
        if (place_.empty()) {
            PILOTHOUSE_CO_TRY(auto const g, s.administration());
            auto tokens = co_await s.tokens.list(g, filter);
            leave_out(tokens, s.time.now());
            auto const told = co_await with_owners(s, g, std::move(tokens));
            co_return shown_tokens(told, token_columns::deploy, json);
        }
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_place(permission::edit_project,
                                                            permission::manage_group, place_));
        filter.project = g.project().id;
        filter.group = g.group().id;
        auto tokens = co_await s.tokens.list(g, filter);
        leave_out(tokens, s.time.now());
        std::vector<told_token> told;
        for (auto& t : tokens) told.push_back({std::move(t), "", path_of(g)});
        co_return shown_tokens(told, token_columns::deploy, json);
    }

private:
    void leave_out(std::vector<token_record>& tokens, instant now) const {
        if (active_) std::erase_if(tokens, [now](auto const& t) { return is_over(t, now); });
    }

    std::string place_;
    bool active_ = false;
};

class show_deploy_token final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        add_place(app, place_)->required();
        add_number(app, id_.value, "the token's number");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_place(permission::edit_project,
                                                            permission::manage_group, place_));
        PILOTHOUSE_CO_TRY(auto token, co_await find_deploy_token(s, g, id_));
        told_token const told{std::move(token), "", path_of(g)};
        co_return shown_token(told, token_columns::deploy, json);
    }

private:
    std::string place_;
    storage::token_id id_;
};

class revoke_deploy_token final : public command {
public:
    void declare(CLI::App& app) override {
        add_place(app, place_)->required();
        add_number(app, id_.value, "the token's number");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_place(permission::edit_project,
                                                            permission::own_group, place_));
        PILOTHOUSE_CO_TRY(auto const token, co_await find_deploy_token(s, g, id_));
        PILOTHOUSE_CO_TRY(auto const revoked,
                          co_await s.tokens.revoke(g, token.kind, id_, g.project().id));
        if (json) co_return output{to_json(revoked) + "\n", ""};
        co_return output{"revoked token " + std::to_string(id_.value) + "\n", ""};
    }

private:
    std::string place_;
    storage::token_id id_;
};

// --- job tokens

// Thirty days: longer than any job, short enough to forget one.
constexpr duration_range job_life{1s, std::chrono::days(30)};

class create_job_token final : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("--project", project_, "its path, or its number")->required();
        app.add_option("--user", user_, "whose rights the job has")->required();
        add_duration(app, "--ttl", life_, "its life: seconds, or 90s, 15m, 12h, 30d [1h]",
                     job_life);
        app.add_option("--name", request_.name, "what it is for");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        PILOTHOUSE_CO_TRY(auto const project, co_await s.project(project_));
        PILOTHOUSE_CO_TRY(auto const user, co_await s.user(user_));
        request_.kind = token_kind::job;
        request_.project = project.id;
        request_.user = user.id;
        if (life_ != 0s) request_.expires = s.time.now() + life_;
        PILOTHOUSE_CO_TRY(auto const token, co_await s.tokens.issue(g, request_));
        co_return shown_token(token, json);
    }

private:
    auth::token_request request_;
    std::string project_, user_;
    std::chrono::seconds life_{0};
};

class list_job_tokens final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override { add_project(app, project_); }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        PILOTHOUSE_CO_TRY(auto const project, co_await s.project(project_));
        storage::token_filter filter;
        filter.kind = token_kind::job;
        filter.project = project.id;
        auto tokens = co_await s.tokens.list(g, filter);
        auto const told = co_await with_owners(s, g, std::move(tokens));
        co_return shown_tokens(told, token_columns::job, json);
    }

private:
    std::string project_;
};

class revoke_job_token final : public command {
public:
    void declare(CLI::App& app) override { add_number(app, id_.value, "the token's number"); }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        storage::project_id const any;
        auto const revoked = co_await s.tokens.revoke(g, token_kind::job, id_, any);
        if (!revoked)
            co_return with_hint(revoked.error(), "`pilothouse job-token list PROJECT` shows all");
        if (json) co_return output{to_json(*revoked) + "\n", ""};
        co_return output{"revoked token " + std::to_string(id_.value) + "\n", ""};
    }

private:
    storage::token_id id_;
};

}  // namespace

command_family deploy_token_commands() {
    return {
        "deploy-token", "Deploy tokens: rights in one project or group, of nobody.",
        commands_of(
            describe<create_deploy_token>({"create", "Makes a token and prints it, once.",
                                           "pilothouse deploy-token create team/charts "
                                           "--scope read_package_registry"}),
            describe<list_deploy_tokens>({"list",
                                          "Lists tokens, of one place or all; never their texts.",
                                          "pilothouse deploy-token list team/charts"}),
            describe<show_deploy_token>({"show", "Shows one token, never its text.",
                                         "pilothouse deploy-token show team/charts 3"}),
            describe<revoke_deploy_token>({"revoke", "Refuses a token from the next request on.",
                                           "pilothouse deploy-token revoke team/charts 3"}))};
}

command_family job_token_commands() {
    return {"job-token", "Job tokens: a user's rights in one project, for a short time.",
            commands_of(
                describe<create_job_token>(
                    {"create", "Makes a token and prints it, once.",
                     "pilothouse job-token create --project team/charts --user alice --ttl 10m"}),
                describe<list_job_tokens>({"list", "Lists tokens, never their texts.",
                                           "pilothouse job-token list team/charts"}),
                describe<revoke_job_token>({"revoke", "Refuses a token from the next request on.",
                                            "pilothouse job-token revoke 3"}))};
}

}  // namespace pilothouse::cli
