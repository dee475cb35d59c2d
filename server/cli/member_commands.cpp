// `pilothouse member …`
#include "registry/directory_names.hpp"
#include "server/cli/command.hpp"
#include "server/cli/json_words.hpp"
#include "server/cli/table.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace pilothouse::cli {

namespace {

void add_project(CLI::App& app, std::string& text) {
    app.add_option("PROJECT", text, "its path, or its number")->required();
}

class add_member final : public command {
public:
    void declare(CLI::App& app) override {
        add_project(app, project_);
        app.add_option("USER", user_, "a user's name")->required();
        app.add_option("--role", role_, "what the member may do")
            ->required()
            ->check(CLI::IsMember(registry::role_names()));
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        PILOTHOUSE_CO_TRY(auto const project, co_await s.project(project_));
        PILOTHOUSE_CO_TRY(auto const user, co_await s.user(user_));
        auto const role = *registry::parse_role(role_);
        auto const done = co_await s.members.set(g, project.id, user.id, role);
        if (!done) co_return done.error();
        if (json) co_return output{to_json(storage::member_record{user, role}) + "\n", ""};
        co_return output{user.username + " is " + role_ + " of " + project.path + "\n", ""};
    }

private:
    std::string project_, user_, role_;
};

class list_members final : public command {
public:
    void declare(CLI::App& app) override { add_project(app, project_); }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        PILOTHOUSE_CO_TRY(auto const project, co_await s.project(project_));
        auto const members = co_await s.members.list(g, project.id);
        if (json) co_return output{to_json(members) + "\n", ""};
        std::vector<std::vector<std::string>> rows;
        for (auto const& m : members)
            rows.push_back({m.user.username, std::string(registry::name_of(m.role)),
                            m.user.blocked ? "blocked" : ""});
        co_return output{table({"USER", "ROLE", "STATE"}, rows), ""};
    }

private:
    std::string project_;
};

class remove_member final : public command {
public:
    void declare(CLI::App& app) override {
        add_project(app, project_);
        app.add_option("USER", user_, "a member's user name")->required();
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        PILOTHOUSE_CO_TRY(auto const project, co_await s.project(project_));
        PILOTHOUSE_CO_TRY(auto const user, co_await s.user(user_));
        auto const done = co_await s.members.remove(g, project.id, user.id);
        if (!done)
            co_return with_hint(done.error(),
                                "`pilothouse member list " + project.path + "` shows all");
        if (json)
            co_return output{to_json(storage::member_record{user, storage::role::none}) + "\n", ""};
        co_return output{user.username + " is no member of " + project.path + " any more\n", ""};
    }

private:
    std::string project_, user_;
};

}  // namespace

command_family member_commands() {
    return {"member", "Who has which role in a project.",
            commands_of(
                describe<add_member>({"add", "Gives a user a role, or another one.",
                                      "pilothouse member add team/charts alice --role developer"}),
                describe<list_members>({"list", "Lists the members of a project.",
                                        "pilothouse member list team/charts"}),
                describe<remove_member>({"remove", "Takes a user's role away.",
                                         "pilothouse member remove team/charts alice"}))};
}

}  // namespace pilothouse::cli
