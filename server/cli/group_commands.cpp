// `pilothouse group …`
#include "registry/directory_names.hpp"
#include "server/cli/command.hpp"
#include "server/cli/json_words.hpp"
#include "server/cli/table.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace pilothouse::cli {

namespace {

using auth::permission;
using storage::group_record;

std::string group_table(std::vector<group_record> const& groups) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& g : groups)
        rows.push_back({std::to_string(g.id.value), g.path,
                        std::string(registry::name_of(g.visibility)), g.name,
                        g.description.substr(0, g.description.find('\n'))});
    return table({"ID", "PATH", "VISIBILITY", "NAME", "DESCRIPTION"}, rows);
}

output shown(group_record const& g, bool json) {
    return {json ? to_json(g) + "\n" : group_table({g}), ""};
}

void add_path(CLI::App& app, std::string& path) {
    app.add_option("PATH", path, "the group, or group/sub")->required()->check(not_empty);
}

class create_group final : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("PATH", path_, "group, or group/sub within a group that is there")
            ->required();
        app.add_option("--visibility", visibility_, "who may know of it")
            ->check(CLI::IsMember(registry::visibility_names()))
            ->capture_default_str();
        app.add_option("--name", wanted_.name, "for people [the path's last word]")
            ->check(not_empty);
        app.add_option("--description", wanted_.description, "what it is for");
    }
    task<result<output>> run(services& s, bool json) override {
        wanted_.visibility = *registry::parse_visibility(visibility_);
        auto const slash = path_.rfind('/');
        wanted_.path = path_.substr(slash + 1);  // npos + 1: all of it
        if (wanted_.name.empty()) wanted_.name = wanted_.path;
        if (slash == std::string::npos) {
            PILOTHOUSE_CO_TRY(auto const g, s.administration());
            PILOTHOUSE_CO_TRY(auto const made, co_await s.groups.create(g, wanted_));
            co_return shown(made, json);
        }
        auto const above = path_.substr(0, slash);
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_group(permission::manage_group, above));
        PILOTHOUSE_CO_TRY(auto const made, co_await s.groups.create(g, wanted_));
        co_return shown(made, json);
    }

private:
    group_record wanted_;
    std::string path_, visibility_ = "private";
};

class list_groups final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        auto* const in =
            app.add_option("GROUP", in_, "only those that lie in this one")->check(not_empty);
        app.add_flag("--all", deep_, "those further down, too")->needs(in);
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.on_server(permission::browse));
        group_record above;
        if (!in_.empty()) {
            PILOTHOUSE_CO_TRY(auto const here, co_await s.in_group(permission::read_group, in_));
            above = here.group();
        }
        std::vector<group_record> groups;
        for (auto& [group, role, member] : co_await s.places.groups(g)) {
            bool const lies_here =
                deep_ ? group.path.starts_with(above.path + '/') : group.parent == above.id;
            if (in_.empty() || lies_here) groups.push_back(std::move(group));
        }
        co_return output{json ? to_json(groups) + "\n" : group_table(groups), ""};
    }

private:
    std::string in_;
    bool deep_ = false;
};

class show_group final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override { add_path(app, path_); }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_group(permission::read_group, path_));
        co_return shown(g.group(), json);
    }

private:
    std::string path_;
};

class edit_group final : public command {
public:
    void declare(CLI::App& app) override {
        add_path(app, path_);
        auto* const changes = app.add_option_group("changes", "at least one");
        changes
            ->add_option("--path", new_word_,
                         "another last word of the path; all that lies in it moves along")
            ->check(not_empty);
        changes->add_option("--name", name_, "for people")->check(not_empty);
        add_text(*changes, "--description", changes_.description, "what it is for");
        add_choice(*changes, "--visibility", visibility_, "who may know of it",
                   registry::visibility_names());
        changes->require_option(1, 0);
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_group(permission::own_group, path_));
        if (!new_word_.empty()) changes_.path = new_word_;
        if (!name_.empty()) changes_.name = name_;
        changes_.visibility = registry::parse_visibility(visibility_);
        PILOTHOUSE_CO_TRY(auto const edited, co_await s.groups.edit(g, changes_));
        co_return shown(edited, json);
    }

private:
    registry::group_changes changes_;
    std::string path_, new_word_, name_, visibility_;  // empty: stays
};

class delete_group final : public command {
public:
    void declare(CLI::App& app) override {
        add_path(app, path_);
        add_yes(app, yes_);
    }
    std::optional<std::string> question() const override {
        if (yes_) return std::nullopt;
        return "This removes the group " + path_ +
               " with all its groups and projects, and their charts, members and tokens.";
    }
    std::vector<std::string> look_first() const override { return {"group", "show", path_}; }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_group(permission::own_group, path_));
        auto const& group = g.group();
        auto const removed = co_await s.groups.remove(g);
        if (!removed) co_return removed.error();
        if (json) co_return output{to_json(group) + "\n", ""};
        co_return output{"removed the group " + group.path + "\n",
                         "Next: pilothouse gc, to free the disk space of its charts\n"};
    }

private:
    std::string path_;
    bool yes_ = false;
};

}  // namespace

command_family group_commands() {
    return {
        "group", "Groups: folders of projects and of further groups.",
        commands_of(
            describe<create_group>({"create", "Makes a group, at the top or in another one.",
                                    "pilothouse group create team/backend --visibility internal"}),
            describe<list_groups>({"list", "Lists the groups that you see, or those of a group.",
                                   "pilothouse group list"}),
            describe<show_group>(
                {"show", "Shows one group.", "pilothouse group show team/backend"}),
            describe<edit_group>({"edit", "Changes a group.",
                                  "pilothouse group edit team/backend --visibility public"}),
            describe<delete_group>({"delete", "Removes a group and all that lies in it.",
                                    "pilothouse group delete team/backend --yes"}))};
}

}  // namespace pilothouse::cli
