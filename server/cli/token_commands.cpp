// `pilothouse token …`, `pilothouse deploy-token …`, `pilothouse job-token …`
#include "server/cli/command.hpp"
#include "server/cli/json_words.hpp"
#include "server/cli/table.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <utility>

namespace pilothouse::cli {

namespace {

using storage::token_kind;
using storage::token_record;

// Thirty days: longer than any job, short enough to forget one.
constexpr std::int64_t job_seconds_max = 30 * 24 * 60 * 60;

std::string joined(std::vector<std::string> const& words) {
    std::string text;
    for (auto const& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::string time_or(std::optional<instant> const& t, char const* otherwise) {
    return t ? to_rfc3339(std::chrono::floor<std::chrono::seconds>(*t)).substr(0, 19) + "Z"
             : otherwise;
}

// Only the token itself on standard output, so that `TOKEN=$(pilothouse token create …)` works.
output shown(auth::issued_token const& t, bool json) {
    if (json) return {to_json(t) + "\n", ""};
    std::string about = "Token " + std::to_string(t.record.id.value) + ", good until " +
                        time_or(t.record.expires, "it is revoked");
    if (!t.record.scopes.empty()) about += ", scopes: " + joined(t.record.scopes);
    if (!t.record.username.empty()) about += ", user name: " + t.record.username;
    return {std::string(t.text.reveal()) + "\n",
            about + ".\nIt is shown this once: keep it in a safe place.\n"};
}

class create_personal_token final : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("--user", user_, "whose token it is to be")->required();
        app.add_option("--scope", request_.scopes, "api, read_api …; may be repeated")
            ->required()
            ->allow_extra_args(false);
        app.add_option("--expires", expires_, "a date, or an RFC 3339 time [in 90 days]")
            ->check(not_empty);
        app.add_option("--name", request_.name, "what it is for");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        PILOTHOUSE_CO_TRY(auto const user, co_await s.user(user_));
        request_.kind = token_kind::personal;
        request_.user = user.id;
        if (!expires_.empty()) {
            PILOTHOUSE_CO_TRY(request_.expires, auth::parse_expiry(expires_));
        }
        PILOTHOUSE_CO_TRY(auto const token, co_await s.tokens.issue(g, request_));
        co_return shown(token, json);
    }

private:
    auth::token_request request_;
    std::string user_, expires_;
};

class create_deploy_token final : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("PROJECT", project_, "its path, or its number")->required();
        app.add_option("--scope", request_.scopes,
                       "read_package_registry, write_package_registry …; may be repeated")
            ->required()
            ->allow_extra_args(false);
        app.add_option("--expires", expires_, "a date, or an RFC 3339 time [in 90 days]")
            ->check(not_empty);
        app.add_option("--name", request_.name, "what it is for");
        app.add_option("--username", request_.username, "shown to people; any one works");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        PILOTHOUSE_CO_TRY(auto const project, co_await s.project(project_));
        request_.kind = token_kind::deploy;
        request_.project = project.id;
        if (!expires_.empty()) {
            PILOTHOUSE_CO_TRY(request_.expires, auth::parse_expiry(expires_));
        }
        PILOTHOUSE_CO_TRY(auto const token, co_await s.tokens.issue(g, request_));
        co_return shown(token, json);
    }

private:
    auth::token_request request_;
    std::string project_, expires_;
};

class create_job_token final : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("--project", project_, "its path, or its number")->required();
        app.add_option("--user", user_, "whose rights the job has")->required();
        app.add_option("--ttl", seconds_, "its life in seconds [3600]")
            ->check(CLI::Range(std::int64_t{1}, job_seconds_max));
        app.add_option("--name", request_.name, "what it is for");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        PILOTHOUSE_CO_TRY(auto const project, co_await s.project(project_));
        PILOTHOUSE_CO_TRY(auto const user, co_await s.user(user_));
        request_.kind = token_kind::job;
        request_.project = project.id;
        request_.user = user.id;
        if (seconds_ != 0) request_.expires = s.time.now() + std::chrono::seconds(seconds_);
        PILOTHOUSE_CO_TRY(auto const token, co_await s.tokens.issue(g, request_));
        co_return shown(token, json);
    }

private:
    auth::token_request request_;
    std::string project_, user_;
    std::int64_t seconds_ = 0;
};

class list_tokens final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    explicit list_tokens(token_kind kind) : kind_(kind) {}
    void declare(CLI::App& app) override {
        if (kind_ == token_kind::personal)
            app.add_option("--user", user_, "only this user's")->check(not_empty);
        else
            app.add_option("PROJECT", project_, "its path, or its number")->required();
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        storage::token_filter filter;
        filter.kind = kind_;
        if (!user_.empty()) {
            PILOTHOUSE_CO_TRY(auto const user, co_await s.user(user_));
            filter.user = user.id;
        }
        if (!project_.empty()) {
            PILOTHOUSE_CO_TRY(auto const project, co_await s.project(project_));
            filter.project = project.id;
        }
        auto const tokens = co_await s.tokens.list(g, filter);
        if (json) co_return output{to_json(tokens) + "\n", ""};
        std::vector<std::vector<std::string>> rows;
        for (token_record const& t : tokens)
            rows.push_back({std::to_string(t.id.value), t.name, joined(t.scopes),
                            t.revoked ? "revoked" : time_or(t.expires, "never"),
                            time_or(t.last_used, "never")});
        co_return output{table({"ID", "NAME", "SCOPES", "ENDS", "LAST USED"}, rows), ""};
    }

private:
    token_kind kind_;
    std::string user_, project_;
};

class revoke_token final : public command {
public:
    explicit revoke_token(token_kind kind) : kind_(kind) {}
    void declare(CLI::App& app) override {
        if (kind_ == token_kind::deploy)
            app.add_option("PROJECT", project_, "its path, or its number")->required();
        app.add_option("ID", id_.value, "the token's number")->required();
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        storage::project_id place;
        if (!project_.empty()) {
            PILOTHOUSE_CO_TRY(auto const project, co_await s.project(project_));
            place = project.id;
        }
        auto const revoked = co_await s.tokens.revoke(g, kind_, id_, place);
        if (!revoked) co_return with_hint(revoked.error(), "the `list` beside it shows all");
        if (json) co_return output{to_json(*revoked) + "\n", ""};
        co_return output{"revoked token " + std::to_string(id_.value) + "\n", ""};
    }

private:
    token_kind kind_;
    std::string project_;
    storage::token_id id_;
};

}  // namespace

command_family token_commands() {
    return {
        "token", "Personal access tokens: a user's rights, or less.",
        commands_of(describe<create_personal_token>(
                        {"create", "Makes a token and prints it, once.",
                         "pilothouse token create --user alice --scope api --expires 2027-01-31"}),
                    describe<list_tokens>({"list", "Lists tokens, never their texts.",
                                           "pilothouse token list --user alice"},
                                          token_kind::personal),
                    describe<revoke_token>({"revoke", "Refuses a token from the next request on.",
                                            "pilothouse token revoke 3"},
                                           token_kind::personal))};
}

command_family deploy_token_commands() {
    return {
        "deploy-token", "Deploy tokens: rights in one project, of nobody.",
        commands_of(describe<create_deploy_token>({"create", "Makes a token and prints it, once.",
                                                   "pilothouse deploy-token create team/charts "
                                                   "--scope read_package_registry"}),
                    describe<list_tokens>({"list", "Lists tokens, never their texts.",
                                           "pilothouse deploy-token list team/charts"},
                                          token_kind::deploy),
                    describe<revoke_token>({"revoke", "Refuses a token from the next request on.",
                                            "pilothouse deploy-token revoke team/charts 3"},
                                           token_kind::deploy))};
}

command_family job_token_commands() {
    return {"job-token", "Job tokens: a user's rights in one project, for a short time.",
            commands_of(
                describe<create_job_token>(
                    {"create", "Makes a token and prints it, once.",
                     "pilothouse job-token create --project team/charts --user alice --ttl 600"}),
                describe<list_tokens>({"list", "Lists tokens, never their texts.",
                                       "pilothouse job-token list team/charts"},
                                      token_kind::job),
                describe<revoke_token>({"revoke", "Refuses a token from the next request on.",
                                        "pilothouse job-token revoke 3"},
                                       token_kind::job))};
}

}  // namespace pilothouse::cli
