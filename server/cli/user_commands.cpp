// `pilothouse user …`
#include "server/cli/command.hpp"
#include "server/cli/json_words.hpp"
#include "server/cli/table.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <utility>

namespace pilothouse::cli {

namespace {

using storage::user_record;

std::string yes_or_no(bool b) { return b ? "yes" : "no"; }

std::string user_table(std::vector<user_record> const& users) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& u : users)
        rows.push_back({std::to_string(u.id.value), u.username, u.name, u.email, yes_or_no(u.admin),
                        yes_or_no(u.blocked)});
    return table({"ID", "USER", "NAME", "EMAIL", "ADMIN", "BLOCKED"}, rows);
}

// What everybody may know of everybody, and administrators of all.
output shown(std::vector<user_record> const& users, auth::grant const& g, bool json) {
    if (g.administrates()) return {json ? to_json(users) + "\n" : user_table(users), ""};
    if (json) return {to_public_json(users) + "\n", ""};
    std::vector<std::vector<std::string>> rows;
    for (auto const& u : users)
        rows.push_back({std::to_string(u.id.value), u.username, u.name, yes_or_no(u.blocked)});
    return {table({"ID", "USER", "NAME", "BLOCKED"}, rows), ""};
}

output shown(user_record const& user, auth::grant const& g, bool json) {
    if (!json) return shown(std::vector{user}, g, json);
    return {(g.administrates() ? to_json(user) : to_public_json(user)) + "\n", ""};
}

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
    void declare(CLI::App& app) override {
        app.add_flag("--admins", admins_, "only administrators");
        app.add_flag("--blocked", blocked_, "only those that are blocked");
    }
    task<result<output>> run(services& s, bool json) override {
        auto const right = admins_ ? auth::permission::administer : auth::permission::be_somebody;
        PILOTHOUSE_CO_TRY(auto const g, s.on_server(right));
        auto users = co_await s.users.list(g);
        std::erase_if(users, [this](user_record const& u) {
            return (admins_ && !u.admin) || (blocked_ && !u.blocked);
        });
        co_return shown(users, g, json);
    }

private:
    bool admins_ = false;
    bool blocked_ = false;
};

class show_user final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override { app.add_option("NAME", name_, "the user")->required(); }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.on_server(auth::permission::be_somebody));
        PILOTHOUSE_CO_TRY(auto const user, co_await s.user(name_));
        co_return shown(user, g, json);
    }

private:
    std::string name_;
};

class edit_user final : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("NAME", name_, "the user")->required();
        auto* const changes = app.add_option_group("changes", "at least one");
        changes->add_option("--username", username_, "another name to log in by")->check(not_empty);
        changes->add_option("--name", title_, "for people")->check(not_empty);
        add_text(*changes, "--email", changes_.email, "an address; an empty word: none");
        add_choice(*changes, "--admin", admin_, "may do everything, everywhere");
        changes->require_option(1, 0);
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        PILOTHOUSE_CO_TRY(auto const known, co_await s.user(name_));
        if (!username_.empty()) changes_.username = username_;
        if (!title_.empty()) changes_.name = title_;
        if (!admin_.empty()) changes_.admin = admin_ == "true";
        PILOTHOUSE_CO_TRY(auto const user, co_await s.users.edit(g, known.id, changes_));
        co_return output{json ? to_json(user) + "\n" : user_table({user}), ""};
    }

private:
    registry::user_changes changes_;
    std::string name_, username_, title_, admin_;  // empty: stays
};

class delete_user final : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("NAME", name_, "the user")->required();
        app.add_flag("--force", forced_, "also the last owner of a group");
        add_yes(app, yes_);
    }
    std::optional<std::string> question() const override {
        if (yes_) return std::nullopt;
        return "This removes the user " + name_ + " with all memberships and tokens.";
    }
    std::vector<std::string> look_first() const override { return {"user", "show", name_}; }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        PILOTHOUSE_CO_TRY(auto const user, co_await s.user(name_));
        auto const gone = co_await s.users.remove(g, user.id, forced_);
        if (!gone && gone.error().code == errc::conflict)
            co_return failure(errc::conflict, user.username +
                                                  " is the last owner of a group: give it another "
                                                  "one by `pilothouse member add GROUP USER --role "
                                                  "owner`, or add --force");
        if (!gone) co_return gone.error();
        if (json) co_return output{to_json(user) + "\n", ""};
        co_return output{"removed the user " + user.username + "\n", ""};
    }

private:
    std::string name_;
    bool forced_ = false;
    bool yes_ = false;
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
    return {
        "user", "People who may hold tokens.",
        commands_of(describe<create_user>(
                        {"create", "Makes a user.", "pilothouse user create alice --admin"}),
                    describe<list_users>({"list", "Lists users.", "pilothouse user list"}),
                    describe<show_user>({"show", "Shows one user.", "pilothouse user show alice"}),
                    describe<edit_user>(
                        {"edit", "Changes a user.", "pilothouse user edit alice --admin=true"}),
                    describe<delete_user>({"delete", "Removes a user, with memberships and tokens.",
                                           "pilothouse user delete alice --yes"}),
                    describe<block_user>({"block", "Refuses all tokens of a user from now on.",
                                          "pilothouse user block alice"},
                                         true),
                    describe<block_user>({"unblock", "Takes the tokens of a user again.",
                                          "pilothouse user unblock alice"},
                                         false))};
}

}  // namespace pilothouse::cli
