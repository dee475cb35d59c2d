// `pilothouse project …`
#include "registry/directory_names.hpp"
#include "server/cli/command.hpp"
#include "server/cli/json_words.hpp"
#include "server/cli/table.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace pilothouse::cli {

namespace {

using storage::project_record;

std::string state_of(project_record const& p) {
    std::string state = p.archived ? "archived" : "";
    if (!p.packages_enabled) state += state.empty() ? "packages off" : ", packages off";
    return state;
}

std::string table_of(std::vector<project_record> const& projects) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& p : projects)
        rows.push_back({std::to_string(p.id.value), p.path,
                        std::string(registry::name_of(p.visibility)),
                        p.anyone_can_pull ? "yes" : "no",
                        std::string(registry::name_of(p.duplicates)), state_of(p)});
    return table({"ID", "PATH", "VISIBILITY", "ANYONE CAN PULL", "DUPLICATES", "STATE"}, rows);
}

output shown(project_record const& p, bool json) {
    return {json ? to_json(p) + "\n" : table_of({p}), ""};
}

void add_visibility(CLI::App& app, std::string& text) {
    app.add_option("--visibility", text, "who may read")
        ->check(CLI::IsMember(registry::visibility_names()));
}

void add_duplicates(CLI::App& app, std::string& text) {
    app.add_option("--duplicates", text, "other content under a published version")
        ->check(CLI::IsMember(registry::duplicates_names()));
}

class create_project final : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("PATH", wanted_.path, "group/name, or deeper")->required();
        add_visibility(app, visibility_);
        add_duplicates(app, duplicates_);
        app.add_flag("--anyone-can-pull", wanted_.anyone_can_pull,
                     "everybody may read its charts, whatever its visibility");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        wanted_.visibility = *registry::parse_visibility(visibility_);
        wanted_.duplicates = *registry::parse_duplicates(duplicates_);
        PILOTHOUSE_CO_TRY(auto const made, co_await s.projects.create(g, wanted_));
        co_return shown(made, json);
    }

private:
    project_record wanted_;
    std::string visibility_ = "private";
    std::string duplicates_ = "refuse";
};

class list_projects final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.administration());
        std::vector<project_record> projects;
        for (auto& [project, role, member] : co_await s.places.projects(g))
            projects.push_back(std::move(project));
        co_return output{json ? to_json(projects) + "\n" : table_of(projects), ""};
    }
};

class show_project final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        app.add_option("PATH", path_, "the project, or its number")->required();
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const project, co_await s.project(path_));
        co_return shown(project, json);
    }

private:
    std::string path_;
};

class edit_project final : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("PATH", path_, "the project, or its number")->required();
        auto* const changes = app.add_option_group("changes", "at least one");
        add_visibility(*changes, visibility_);
        add_duplicates(*changes, duplicates_);
        auto const add_choice = [&](char const* name, std::string& text, char const* help,
                                    std::vector<std::string> const& choice) {
            changes->add_option(name, text, help)->check(CLI::IsMember(choice));
        };
        std::vector<std::string> const yes_no = {"true", "false"};
        add_choice("--anyone-can-pull", anyone_can_pull_, "everybody may read its charts", yes_no);
        add_choice("--archived", archived_, "no change to its charts", yes_no);
        add_choice("--package-registry", packages_, "charts are served at all",
                   {"enabled", "disabled"});
        changes->require_option(1, 0);
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g,
                          co_await s.in_project(auth::permission::own_project, path_));
        registry::project_changes changes;
        changes.visibility = registry::parse_visibility(visibility_);
        changes.duplicates = registry::parse_duplicates(duplicates_);
        if (!anyone_can_pull_.empty()) changes.anyone_can_pull = anyone_can_pull_ == "true";
        if (!archived_.empty()) changes.archived = archived_ == "true";
        if (!packages_.empty()) changes.packages_enabled = packages_ == "enabled";
        PILOTHOUSE_CO_TRY(auto const edited, co_await s.projects.edit(g, changes));
        co_return shown(edited, json);
    }

private:
    std::string path_;
    std::string visibility_, duplicates_, anyone_can_pull_, archived_, packages_;  // empty: stays
};

class delete_project final : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("PATH", path_, "the project, or its number")->required();
        app.add_flag("--yes", yes_, "do not ask");
    }
    std::optional<std::string> question() const override {
        if (yes_) return std::nullopt;
        return "This removes the project " + path_ + " with all its charts, members and tokens.";
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g,
                          co_await s.in_project(auth::permission::own_project, path_));
        auto const& project = g.project();
        auto const removed = co_await s.projects.remove(g);
        if (!removed) co_return removed.error();
        if (json) co_return output{to_json(project) + "\n", ""};
        co_return output{"removed the project " + project.path + "\n",
                         "Next: pilothouse gc, to free the disk space of its charts\n"};
    }

private:
    std::string path_;
    bool yes_ = false;
};

}  // namespace

command_family project_commands() {
    return {"project", "Projects: who may read them, and what may be pushed.",
            commands_of(
                describe<create_project>({"create", "Makes a project in a group.",
                                          "pilothouse project create team/charts --visibility "
                                          "public"}),
                describe<list_projects>({"list", "Lists all projects.", "pilothouse project list"}),
                describe<show_project>(
                    {"show", "Shows one project.", "pilothouse project show team/charts"}),
                describe<edit_project>({"edit", "Changes a project.",
                                        "pilothouse project edit team/charts --archived=true"}),
                describe<delete_project>({"delete", "Removes a project and all that is in it.",
                                          "pilothouse project delete team/charts --yes"}))};
}

}  // namespace pilothouse::cli
