// `pilothouse user …`
#include "server/cli/command.hpp"
#include "server/cli/json_words.hpp"
#include "server/cli/table.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace pilothouse::cli {

namespace {

std::string yes_or_no(bool b) { return b ? "yes" : "no"; }

class create_user final : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("NAME", wanted_.username, "letters, digits, '_', '-' and '.'")->required();
        app.add_flag("--admin", wanted_.admin, "may do everything, everywhere");
        app.add_option("--name", wanted_.name, "for people")->check(not_empty);
        app.add_option("--email", wanted_.email, "an address")->check(not_empty);
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        PILOTHOUSE_CO_TRY(auto const user, co_await s.users.create(g, wanted_));
        if (json) co_return output{to_json(user) + "\n", ""};
        co_return output{
            "made the user " + user.username + "\n",
            "Next: pilothouse token create --user " + user.username + " --scope api\n"};
    }

private:
    registry::new_user wanted_;
};

class list_users final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        auto const users = co_await s.users.list(g);
        if (json) co_return output{to_json(users) + "\n", ""};
        std::vector<std::vector<std::string>> rows;
        for (auto const& u : users)
            rows.push_back(
                {std::to_string(u.id.value), u.username, yes_or_no(u.admin), yes_or_no(u.blocked)});
        co_return output{table({"ID", "NAME", "ADMIN", "BLOCKED"}, rows), ""};
    }
};

class block_user final : public command {
public:
    explicit block_user(bool blocked) : blocked_(blocked) {}
    void declare(CLI::App& app) override { app.add_option("NAME", name_, "the user")->required(); }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        PILOTHOUSE_CO_TRY(auto const known, co_await s.user(name_));
        PILOTHOUSE_CO_TRY(auto const user, co_await s.users.set_blocked(g, known.id, blocked_));
        if (json) co_return output{to_json(user) + "\n", ""};
        co_return output{user.username + (user.blocked ? " is blocked\n" : " is not blocked\n"),
                         ""};
    }

private:
    bool blocked_;
    std::string name_;
};

}  // namespace

command_family user_commands() {
    return {"user", "People who may hold tokens.",
            commands_of(describe<create_user>(
                            {"create", "Makes a user.", "pilothouse user create alice --admin"}),
                        describe<list_users>({"list", "Lists all users.", "pilothouse user list"}),
                        describe<block_user>({"block", "Refuses all tokens of a user from now on.",
                                              "pilothouse user block alice"},
                                             true),
                        describe<block_user>({"unblock", "Takes the tokens of a user again.",
                                              "pilothouse user unblock alice"},
                                             false))};
}

}  // namespace pilothouse::cli
