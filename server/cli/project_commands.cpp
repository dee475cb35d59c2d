// `pilothouse project …`
#include "base/quantity.hpp"
#include "registry/directory_names.hpp"
#include "registry/width_rule.hpp"
#include "server/cli/command.hpp"
#include "server/cli/json_words.hpp"
#include "server/cli/table.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace pilothouse::cli {

namespace {

using storage::project_record;

std::string state_of(project_record const& p) {
    std::string state = p.archived ? "archived" : "";
    if (!p.packages_enabled) state += state.empty() ? "packages off" : ", packages off";
    return state;
}

std::string project_table(std::vector<project_record> const& projects) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& p : projects)
        rows.push_back({std::to_string(p.id.value), p.path,
                        std::string(registry::name_of(p.visibility)),
                        p.anyone_can_pull ? "yes" : "no",
                        std::string(registry::name_of(p.duplicates)), state_of(p)});
    return table({"ID", "PATH", "VISIBILITY", "ANYONE CAN PULL", "DUPLICATES", "STATE"}, rows);
}

output shown(project_record const& p, bool json) {
    return {json ? to_json(p) + "\n" : project_table({p}), ""};
}

std::string of(std::string const& used, std::string const& limit) {
    return limit.empty() ? used + ", no limit" : used + " of " + limit;
}

// The project, and below it what it holds.
task<output> shown_full(services& s, auth::grant const& g, project_record const& p, bool json) {
    if (!registry::shows_quota(g)) co_return shown(p, json);
    auto const [use, quota] = co_await s.read_quota(g);
    if (json) co_return output{to_json(p, {use, quota}) + "\n", ""};
    auto const versions =
        of(std::to_string(use.versions), quota.versions == 0 ? "" : std::to_string(quota.versions));
    auto const bytes = of(storage::bytes_in_words(use.bytes),
                          quota.bytes == 0 ? "" : storage::bytes_in_words(quota.bytes));
    co_return output{project_table({p}) + "\nVersions: " + versions + "\nArchives: " + bytes + "\n",
                     ""};
}

// "default", or a number of this size; no text: no change.
result<std::optional<registry::quota_change>> quota_asked(std::string const& text) {
    using answer = std::optional<registry::quota_change>;
    if (text.empty()) return answer();
    if (text == "default") return answer(registry::quota_change());
    auto const number = parse_bytes(text);
    if (number && *number <= registry::quota_max) return answer(std::in_place, number);
    return failure(errc::invalid_argument,
                   "a quota is a whole number (of bytes also as 10GiB), 0 for no limit, or "
                   "`default` for what the settings say");
}

void add_visibility(CLI::App& app, std::string& text) {
    app.add_option("--visibility", text, "who may read")
        ->check(CLI::IsMember(registry::visibility_names()))
        ->capture_default_str();
}

void add_duplicates(CLI::App& app, std::string& text) {
    app.add_option("--duplicates", text, "other content under a published version")
        ->check(CLI::IsMember(registry::duplicates_names()))
        ->capture_default_str();
}

class create_project final : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("PATH", wanted_.path, "group/name, or deeper")->required();
        add_visibility(app, visibility_);
        add_duplicates(app, duplicates_);
        app.add_flag("--anyone-can-pull", wanted_.anyone_can_pull,
                     "everybody may read its charts, whatever its visibility");
        app.add_option("--name", wanted_.name, "for people [the path's last word]")
            ->check(not_empty);
        app.add_option("--description", wanted_.description, "what it is for");
    }
    task<result<output>> run(services& s, bool json) override {
        wanted_.visibility = *registry::parse_visibility(visibility_);
        wanted_.duplicates = *registry::parse_duplicates(duplicates_);
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        PILOTHOUSE_CO_TRY(auto const made, co_await s.projects.create(g, wanted_));
        PILOTHOUSE_CO_TRY(auto const there,
                          co_await s.in_project(auth::permission::read_project, made.path));
        co_return co_await shown_full(s, there, made, json);
    }

private:
    // Administrators make it with the groups that are missing; others in one that is there.
    task<result<auth::grant>> right(services& s) {
        auto const anywhere = s.administration();
        if (s.here() || (!anywhere && anywhere.error().code != errc::denied)) co_return anywhere;
        auto const slash = wanted_.path.rfind('/');
        if (slash == std::string::npos)
            co_return failure(errc::invalid_argument, "a project lies in a group: GROUP/NAME");
        auto group = wanted_.path.substr(0, slash);
        auto in_group = co_await s.in_group(auth::permission::fill_group, std::move(group));
        if (in_group) wanted_.path.erase(0, slash + 1);
        if (in_group || !anywhere || in_group.error().code != errc::not_found) co_return in_group;
        constexpr auto new_group = storage::visibility::private_;
        auto const fits = registry::check_width(wanted_.visibility, new_group);
        if (!fits) co_return fits.error();
        co_return anywhere;
    }

    project_record wanted_;
    std::string visibility_ = "private";
    std::string duplicates_ = "refuse";
};

class list_projects final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        auto* const in =
            app.add_option("GROUP", in_, "only those that lie in this group")->check(not_empty);
        app.add_flag("--all", deep_, "those in the groups further down, too")->needs(in);
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, s.on_server(auth::permission::browse));
        storage::group_id above;
        if (!in_.empty()) {
            PILOTHOUSE_CO_TRY(auto const here,
                              co_await s.in_group(auth::permission::read_group, in_));
            above = here.group().id;
        }
        std::vector<project_record> projects;
        for (auto& [project, role, member] : co_await s.places.projects(g))
            if (in_.empty() || lies_in(project, above)) projects.push_back(std::move(project));
        co_return output{json ? to_json(projects) + "\n" : project_table(projects), ""};
    }

private:
    [[nodiscard]] bool lies_in(project_record const& p, storage::group_id above) const {
        if (!deep_) return p.groups.back() == above;
        return std::ranges::find(p.groups, above) != p.groups.end();
    }

    std::string in_;
    bool deep_ = false;
};

class show_project final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        app.add_option("PATH", path_, "the project, or its number")->required();
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g,
                          co_await s.in_project(auth::permission::read_project, path_));
        co_return co_await shown_full(s, g, g.project(), json);
    }

private:
    std::string path_;
};

class edit_project final : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("PATH", path_, "the project, or its number")->required();
        auto* const changes = app.add_option_group("changes", "at least one");
        changes->add_option("--path", new_word_, "another last word of the path")->check(not_empty);
        changes->add_option("--name", name_, "for people")->check(not_empty);
        add_text(*changes, "--description", description_, "what it is for");
        add_visibility(*changes, visibility_);
        add_duplicates(*changes, duplicates_);
        add_choice(*changes, "--anyone-can-pull", anyone_can_pull_,
                   "everybody may read its charts");
        add_choice(*changes, "--archived", archived_, "no change to its charts");
        add_choice(*changes, "--package-registry", packages_, "charts are served at all",
                   {"enabled", "disabled"});
        changes->add_option("--quota-bytes", quota_bytes_,
                            "what its archives may take together, as 10GiB; 0: no limit; default: "
                            "as the settings say");
        changes->add_option("--quota-versions", quota_versions_,
                            "how many versions it may hold; 0: no limit; default: as the settings "
                            "say");
        changes->require_option(1, 0);
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g,
                          co_await s.in_project(auth::permission::edit_project, path_));
        registry::project_changes changes;
        PILOTHOUSE_CO_TRY(changes.quota_bytes, quota_asked(quota_bytes_));
        PILOTHOUSE_CO_TRY(changes.quota_versions, quota_asked(quota_versions_));
        if (!new_word_.empty()) changes.path = new_word_;
        if (!name_.empty()) changes.name = name_;
        changes.description = description_;
        changes.visibility = registry::parse_visibility(visibility_);
        changes.duplicates = registry::parse_duplicates(duplicates_);
        if (!anyone_can_pull_.empty()) changes.anyone_can_pull = anyone_can_pull_ == "true";
        if (!archived_.empty()) changes.archived = archived_ == "true";
        if (!packages_.empty()) changes.packages_enabled = packages_ == "enabled";
        if (auto const fits = co_await check_fits(s, g, changes); !fits) co_return fits.error();
        PILOTHOUSE_CO_TRY(auto const edited, co_await s.projects.edit(g, changes));
        co_return co_await shown_full(s, g, edited, json);
    }

private:
    // As the HTTP API has it; who owns the machine knows what he does.
    static task<result<void>> check_fits(services& s, auth::grant g,
                                         registry::project_changes changes) {
        bool const widens = changes.visibility && *changes.visibility > g.project().visibility;
        if (s.here() || !widens || g.role() < storage::role::owner) co_return result<void>();
        auto const groups = co_await s.places.all_groups();
        auto const group = groups.find(g.project().groups.back());
        if (group == groups.end()) co_return result<void>();
        co_return registry::check_width(*changes.visibility, group->second.visibility);
    }

    std::string path_;
    std::optional<std::string> description_;
    std::string new_word_, name_, visibility_, duplicates_;  // empty: stays
    std::string anyone_can_pull_, archived_, packages_;      // the same
    std::string quota_bytes_, quota_versions_;               // the same
};

class archive_project final : public command {
public:
    explicit archive_project(bool archived) : archived_(archived) {}
    void declare(CLI::App& app) override {
        app.add_option("PATH", path_, "the project, or its number")->required();
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g,
                          co_await s.in_project(auth::permission::own_project, path_));
        registry::project_changes changes;
        changes.archived = archived_;
        PILOTHOUSE_CO_TRY(auto const edited, co_await s.projects.edit(g, changes));
        co_return shown(edited, json);
    }

private:
    bool archived_;
    std::string path_;
};

class delete_project final : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("PATH", path_, "the project, or its number")->required();
        add_yes(app, yes_);
    }
    std::optional<std::string> question() const override {
        if (yes_) return std::nullopt;
        return "This removes the project " + path_ + " with all its charts, members and tokens.";
    }
    std::vector<std::string> look_first() const override { return {"project", "show", path_}; }
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
                describe<list_projects>({"list",
                                         "Lists the projects that you see, or those of a group.",
                                         "pilothouse project list"}),
                describe<show_project>(
                    {"show", "Shows one project.", "pilothouse project show team/charts"}),
                describe<edit_project>({"edit", "Changes a project.",
                                        "pilothouse project edit team/charts --archived=true"}),
                describe<archive_project>({"archive", "Lets nobody change its charts any more.",
                                           "pilothouse project archive team/charts"},
                                          true),
                describe<archive_project>(
                    {"unarchive", "Takes that back.", "pilothouse project unarchive team/charts"},
                    false),
                describe<delete_project>({"delete", "Removes a project and all that is in it.",
                                          "pilothouse project delete team/charts --yes"}))};
}

}  // namespace pilothouse::cli
