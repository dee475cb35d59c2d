// `pilothouse member …`
#include "base/ascii.hpp"
#include "registry/directory_names.hpp"
#include "server/cli/command.hpp"
#include "server/cli/json_words.hpp"
#include "server/cli/table.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <utility>

namespace pilothouse::cli {

namespace {

using auth::permission;

std::string member_table(std::vector<storage::member_record> const& members) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& m : members)
        rows.push_back({m.user.username, std::string(registry::name_of(m.as.role)),
                        m.as.expires ? to_rfc3339(*m.as.expires).substr(0, 10) : "never",
                        m.user.blocked ? "blocked" : ""});
    return table({"USER", "ROLE", "ENDS", "STATE"}, rows);
}

output shown(storage::member_record const& m, bool json) {
    return {json ? to_json(m) + "\n" : member_table({m}), ""};
}

std::string everybody_here(auth::grant const& g) {
    return "`pilothouse member list " + path_of(g) + "` shows all";
}

// Who belongs to a private group is not for whoever works in one of its projects alone.
result<void> check_reader(auth::grant const& g) {
    bool const private_group = auth::place_of(g.what()) == auth::place_kind::group &&
                               g.group().visibility == storage::visibility::private_;
    if (!private_group || g.role() != storage::role::none) return {};
    return failure(errc::denied, "only members of a private group see who they are");
}

class add_member final : public command {
public:
    void declare(CLI::App& app) override {
        add_place(app, place_)->required();
        app.add_option("USER", user_, "a user's name")->required();
        app.add_option("--role", role_, "what the member may do")
            ->required()
            ->check(CLI::IsMember(registry::role_names()));
        add_expires(app, expires_, "never");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_place(permission::edit_project,
                                                            permission::own_group, place_));
        PILOTHOUSE_CO_TRY(auto const user, co_await s.user(user_));
        registry::manage_members::wanted w{user.id, *registry::parse_role(role_), std::nullopt};
        if (!expires_.empty()) {
            PILOTHOUSE_CO_TRY(w.expires, parse_end(expires_, s.time.now()));
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
        add_place(app, place_)->required();
        app.add_flag("--all", inherited_, "those of the groups above, too");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_place(permission::read_project,
                                                            permission::read_group, place_));
        if (auto const may = check_reader(g); !may) co_return may.error();
        auto const members = co_await s.members.list(g, inherited_);
        if (json) co_return output{to_json(members) + "\n", ""};
        co_return output{member_table(members), ""};
    }

private:
    std::string place_;
    bool inherited_ = false;
};

class show_member final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        add_place(app, place_)->required();
        app.add_option("USER", user_, "a member's user name")->required();
        app.add_flag("--all", inherited_, "what is inherited from the groups above, too");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_place(permission::read_project,
                                                            permission::read_group, place_));
        if (auto const may = check_reader(g); !may) co_return may.error();
        auto const members = co_await s.members.list(g, inherited_);
        auto const is_meant = [this](storage::member_record const& m) {
            return ascii::equal_ignoring_case(m.user.username, user_);
        };
        auto const found = std::ranges::find_if(members, is_meant);
        if (found != members.end()) co_return shown(*found, json);
        co_return failure(errc::not_found, "there is no such member here; " + everybody_here(g));
    }

private:
    std::string place_, user_;
    bool inherited_ = false;
};

class edit_member final : public command {
public:
    void declare(CLI::App& app) override {
        add_place(app, place_)->required();
        app.add_option("USER", user_, "a member's user name")->required();
        auto* const changes = app.add_option_group("changes", "at least one");
        add_choice(*changes, "--role", role_, "what the member may do", registry::role_names());
        add_expires(*changes, expires_, "as it is; never: no end");
        changes->require_option(1, 0);
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_place(permission::edit_project,
                                                            permission::own_group, place_));
        PILOTHOUSE_CO_TRY(auto const user, co_await s.user(user_));
        auto const before = co_await s.members.find(g, user.id);
        if (!before) co_return with_hint(before.error(), everybody_here(g));
        registry::manage_members::wanted w{user.id, before->as.role, before->as.expires};
        if (!role_.empty()) w.role = *registry::parse_role(role_);
        if (expires_ == "never") {
            w.expires.reset();
        } else if (!expires_.empty()) {
            PILOTHOUSE_CO_TRY(w.expires, parse_end(expires_, s.time.now()));
        }
        PILOTHOUSE_CO_TRY(auto const edited, co_await s.members.set(g, w));
        co_return shown(edited, json);
    }

private:
    std::string place_, user_, role_, expires_;  // empty: stays
};

class remove_member final : public command {
public:
    void declare(CLI::App& app) override {
        add_place(app, place_)->required();
        app.add_option("USER", user_, "a member's user name")->required();
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(
            auto g, co_await s.in_place(permission::read_project, permission::read_group, place_));
        PILOTHOUSE_CO_TRY(auto const user, co_await s.user(user_));
        bool const leaves = user.id == g.who().user;  // everybody may
        if (!leaves) {
            PILOTHOUSE_CO_TRY(
                g, co_await s.in_place(permission::edit_project, permission::own_group, place_));
        }
        auto const done = co_await s.members.remove(g, user.id);
        if (!done) co_return with_hint(done.error(), everybody_here(g));
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
    return {"member", "Who has which role in a project or group.",
            commands_of(
                describe<add_member>({"add", "Gives a user a role, or another one.",
                                      "pilothouse member add team/charts alice --role developer"}),
                describe<list_members>({"list", "Lists the members of a project or group.",
                                        "pilothouse member list team/charts"}),
                describe<show_member>({"show", "Shows one member.",
                                       "pilothouse member show team/charts alice --all"}),
                describe<edit_member>({"edit", "Changes a member's role, or its end.",
                                       "pilothouse member edit team/charts alice --expires 30d"}),
                describe<remove_member>({"remove", "Takes a user's role away.",
                                         "pilothouse member remove team/charts alice"}))};
}

}  // namespace pilothouse::cli
