// `pilothouse protection …`
#include "registry/directory_names.hpp"
#include "server/cli/command.hpp"
#include "server/cli/json_words.hpp"
#include "server/cli/table.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace pilothouse::cli {

namespace {

using auth::permission;
using storage::protection_rule;
using storage::role;

// In place of a role: the rule asks for nothing.
constexpr char const* no_role = "none";

std::vector<std::string> levels() { return {no_role, "maintainer", "owner", "admin"}; }

// Of what passed the parser; empty: none was named.
std::optional<role> level_named(std::string const& word) {
    if (word.empty()) return std::nullopt;
    if (word == no_role) return role::none;
    return word == "admin" ? role::admin : *registry::parse_role(word);
}

std::string shown_level(role r) {
    return r == role::none ? "as usual" : std::string(registry::name_of(r));
}

std::string rule_table(std::vector<protection_rule> const& rules) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& r : rules)
        rows.push_back(
            {std::to_string(r.id.value), r.pattern, shown_level(r.push), shown_level(r.remove)});
    return table({"ID", "PATTERN", "PUSH TAKES", "REMOVAL TAKES"}, rows);
}

output shown(protection_rule const& r, bool json) {
    return {json ? to_json(r) + "\n" : rule_table({r}), ""};
}

class protection_command : public command {
protected:
    [[nodiscard]] task<result<auth::grant>> right(services& s) {
        return s.in_project(permission::edit_project, project_);
    }
    static void add_levels(CLI::App& app, std::string& push, std::string& remove) {
        add_choice(app, "--push", push, "the least role that pushes such charts", levels());
        add_choice(app, "--remove", remove, "the least role that removes them", levels());
    }
    // Of the grant's project.
    [[nodiscard]] static result<protection_rule> find(auth::grant const& g, std::int64_t id) {
        auto const& rules = g.project().protections;
        auto const found =
            std::ranges::find(rules, storage::protection_id{id}, &protection_rule::id);
        if (found != rules.end()) return *found;
        return failure(errc::not_found, "there is no such rule; `pilothouse protection list " +
                                            g.project().path + "` shows all");
    }

    std::string project_, push_, remove_;
    std::int64_t id_ = 0;
};

class add_protection final : public protection_command {
public:
    void declare(CLI::App& app) override {
        add_project(app, project_);
        app.add_option("PATTERN", pattern_, "names of charts: prod-* for all that begin so")
            ->required()
            ->check(not_empty);
        auto* const levels = app.add_option_group("levels", "at least one");
        add_levels(*levels, push_, remove_);
        levels->require_option(1, 0);
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        protection_rule rule;
        rule.pattern = pattern_;
        rule.push = level_named(push_).value_or(role::none);
        rule.remove = level_named(remove_).value_or(role::none);
        PILOTHOUSE_CO_TRY(auto const made, co_await s.protections.add(g, rule));
        co_return shown(made, json);
    }

private:
    std::string pattern_;
};

class list_protections final : public protection_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override { add_project(app, project_); }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        auto const& rules = g.project().protections;
        co_return output{json ? to_json(rules) + "\n" : rule_table(rules), ""};
    }
};

class edit_protection final : public protection_command {
public:
    void declare(CLI::App& app) override {
        add_project(app, project_);
        add_number(app, id_, "the rule's number");
        auto* const changes = app.add_option_group("changes", "at least one");
        changes->add_option("--pattern", pattern_, "names of charts")->check(not_empty);
        add_levels(*changes, push_, remove_);
        changes->require_option(1, 0);
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        PILOTHOUSE_CO_TRY(auto const rule, find(g, id_));
        registry::protection_changes changes;
        if (!pattern_.empty()) changes.pattern = pattern_;
        changes.push = level_named(push_);
        changes.remove = level_named(remove_);
        PILOTHOUSE_CO_TRY(auto const edited, co_await s.protections.edit(g, rule.id, changes));
        co_return shown(edited, json);
    }

private:
    std::string pattern_;
};

class remove_protection final : public protection_command {
public:
    void declare(CLI::App& app) override {
        add_project(app, project_);
        add_number(app, id_, "the rule's number");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        PILOTHOUSE_CO_TRY(auto const rule, find(g, id_));
        auto const gone = co_await s.protections.remove(g, rule.id);
        if (!gone) co_return gone.error();
        if (json) co_return output{to_json(rule) + "\n", ""};
        co_return output{rule.pattern + " of " + g.project().path + " is not protected any more\n",
                         ""};
    }
};

}  // namespace

command_family protection_commands() {
    return {"protection", "Protection rules: charts that take a higher role to push or remove.",
            commands_of(
                describe<add_protection>({"add", "Protects the charts whose name fits a pattern.",
                                          "pilothouse protection add team/charts prod-* --push "
                                          "owner"}),
                describe<list_protections>({"list", "Lists the rules of a project.",
                                            "pilothouse protection list team/charts"}),
                describe<edit_protection>({"edit", "Changes a rule.",
                                           "pilothouse protection edit team/charts 3 --push "
                                           "maintainer"}),
                describe<remove_protection>(
                    {"remove", "Removes a rule.", "pilothouse protection remove team/charts 3"}))};
}

}  // namespace pilothouse::cli
