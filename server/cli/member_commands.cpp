// `pilothouse member …`
#include "registry/directory_names.hpp"
#include "server/cli/command.hpp"
#include "server/cli/json_words.hpp"
#include "server/cli/table.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace pilothouse::cli {

namespace {

using auth::permission;

void add_place(CLI::App& app, std::string& text) {
    app.add_option("PROJECT", text, "a project's path or number, or a group's path")->required();
}

std::string const& path_of(auth::grant const& g) {
    return g.project().path.empty() ? g.group().path : g.project().path;
}

class add_member final : public command {
public:
    void declare(CLI::App& app) override {
        add_place(app, place_);
        app.add_option("USER", user_, "a user's name")->required();
        app.add_option("--role", role_, "what the member may do")
            ->required()
            ->check(CLI::IsMember(registry::role_names()));
        app.add_option("--expires", expires_, "a date, or an RFC 3339 time [never]")
            ->check(not_empty);
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_place(permission::edit_project,
                                                            permission::own_group, place_));
        PILOTHOUSE_CO_TRY(auto const user, co_await s.user(user_));
        registry::manage_members::wanted w{user.id, *registry::parse_role(role_), std::nullopt};
        if (!expires_.empty()) {
            PILOTHOUSE_CO_TRY(w.expires, auth::parse_expiry(expires_));
        }
        PILOTHOUSE_CO_TRY(auto const made, co_await s.members.set(g, w));
        if (json) co_return output{to_json(made) + "\n", ""};
        co_return output{user.username + " is " + role_ + " of " + path_of(g) + "\n", ""};
    }

private:
    std::string place_, user_, role_, expires_;
};

class list_members final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        add_place(app, place_);
        app.add_flag("--all", inherited_, "those of the groups above, too");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_place(permission::read_project,
                                                            permission::read_group, place_));
        auto const members = co_await s.members.list(g, inherited_);
        if (json) co_return output{to_json(members) + "\n", ""};
        std::vector<std::vector<std::string>> rows;
        for (auto const& m : members)
            rows.push_back({m.user.username, std::string(registry::name_of(m.as.role)),
                            m.as.expires ? to_rfc3339(*m.as.expires).substr(0, 10) : "never",
                            m.user.blocked ? "blocked" : ""});
        co_return output{table({"USER", "ROLE", "ENDS", "STATE"}, rows), ""};
    }

private:
    std::string place_;
    bool inherited_ = false;
};

class remove_member final : public command {
public:
    void declare(CLI::App& app) override {
        add_place(app, place_);
        app.add_option("USER", user_, "a member's user name")->required();
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_place(permission::edit_project,
                                                            permission::own_group, place_));
        PILOTHOUSE_CO_TRY(auto const user, co_await s.user(user_));
        auto const done = co_await s.members.remove(g, user.id);
        if (!done)
            co_return with_hint(done.error(),
                                "`pilothouse member list " + path_of(g) + "` shows all");
        if (json)
            co_return output{
                to_json(storage::member_record{user, {}, registry::place_of(g)}) + "\n", ""};
        co_return output{user.username + " is no member of " + path_of(g) + " any more\n", ""};
    }

private:
    std::string place_, user_;
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
