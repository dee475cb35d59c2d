// `pilothouse environment …`
#include "server/cli/command.hpp"
#include "server/cli/deploy_words.hpp"
#include "server/cli/followed_deployments.hpp"
#include "server/shapes/deploy_shapes.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <utility>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;
using auth::permission;
using deploy::environment_right;
using storage::environment_record;

std::vector<std::string> modes() {
    std::vector<std::string> all;
    for (auto const mode :
         {storage::environment_mode::development, storage::environment_mode::preview,
          storage::environment_mode::production, storage::environment_mode::staging})
        all.emplace_back(storage::name_of(mode));
    return all;
}

void add_mode(CLI::App& app, std::string& mode, char const* help) {
    add_choice(app, "--mode", mode, help, modes());
}

output shown(environment_record const& e, bool as_json) {
    return {as_json ? json::serialize(shapes::shape_of(e)) + "\n" : table_of({e}), ""};
}

class make_environment final : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("NAME", wanted_.name, "what it is called in its project")
            ->required()
            ->check(not_empty);
        app.add_option("--project", project_, "a project's path, or its number")
            ->required()
            ->check(not_empty);
        app.add_option("--cluster", cluster_, "a cluster's name")->required()->check(not_empty);
        app.add_option("-n,--namespace", wanted_.name_space,
                       "of the cluster, for this environment alone [made of project and name]")
            ->check(not_empty);
        add_mode(app, mode_, "what it is for; a note for people [development]");
    }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_project(permission::edit_project, project_));
        wanted_.cluster = cluster_;
        wanted_.mode = storage::environment_mode_named(mode_).value_or(wanted_.mode);
        auto const created = co_await s.environments.create(g, wanted_);
        if (!created) co_return with_hint(created.error(), "`pilothouse cluster list` shows all");
        auto const& made = *created;
        auto told = shown(made, as_json);
        if (!as_json)
            told.err = "Next: pilothouse service add " + made.uuid +
                       " --name NAME --repository GROUP/PROJECT/CHANNEL --chart CHART --version "
                       "VERSION\n";
        co_return told;
    }

private:
    deploy::new_environment wanted_;
    std::string project_, cluster_, mode_;
};

class list_environments final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        app.add_option("--project", project_, "only of this one: its path, or its number")
            ->check(not_empty);
    }
    task<result<output>> run(services& s, bool as_json) override {
        std::vector<environment_record> all;
        if (!project_.empty()) {
            PILOTHOUSE_CO_TRY(auto const g,
                              co_await s.in_project(permission::read_project, project_));
            all = co_await s.environments.list(g);
        } else {
            PILOTHOUSE_CO_TRY(auto const g, s.on_server(permission::browse));
            for (auto const& seen : co_await s.places.projects(g)) {
                // May have gone since.
                auto const in = co_await s.in_project(permission::read_project, seen.place.path);
                if (!in) continue;
                for (auto& e : co_await s.environments.list(*in)) all.push_back(std::move(e));
            }
        }
        if (as_json) co_return output{json::serialize(shapes::shape_of(all)) + "\n", ""};
        co_return output{table_of(all), ""};
    }

private:
    std::string project_;
};

class environment_command : public command {
public:
    void declare(CLI::App& app) override { add_environment(app, environment_); }

protected:
    std::string environment_;
};

class show_environment final : public environment_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const a,
                          co_await s.to_environment(environment_right::see, environment_));
        co_return shown(a.environment, as_json);
    }
};

class edit_environment final : public environment_command {
public:
    void declare(CLI::App& app) override {
        environment_command::declare(app);
        app.add_option("--name", name_, "another name; its namespace stays")->check(not_empty);
        add_mode(app, mode_, "what it is for");
    }
    task<result<output>> run(services& s, bool as_json) override {
        deploy::environment_changes changes;
        if (!name_.empty()) changes.name = name_;
        changes.mode = storage::environment_mode_named(mode_);
        if (!changes.name && !changes.mode)
            co_return failure(errc::invalid_argument,
                              "nothing is to be changed: name --name or --mode");
        PILOTHOUSE_CO_TRY(auto const a,
                          co_await s.to_environment(environment_right::manage, environment_));
        PILOTHOUSE_CO_TRY(auto const edited, co_await s.environments.edit(a, std::move(changes)));
        co_return shown(edited, as_json);
    }

private:
    std::string name_, mode_;
};

class remove_environment final : public environment_command {
public:
    void declare(CLI::App& app) override {
        environment_command::declare(app);
        add_yes(app, yes_);
    }
    std::optional<std::string> question() const override {
        if (yes_) return std::nullopt;
        return "This removes the environment " + environment_ +
               "; its namespace stays in the cluster.";
    }
    std::vector<std::string> look_first() const override {
        return {"environment", "show", environment_};
    }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const a,
                          co_await s.to_environment(environment_right::manage, environment_));
        auto const removed = co_await s.environments.remove(a);
        if (!removed) co_return removed.error();
        if (as_json)
            co_return output{json::serialize(json::object{{"id", a.environment.uuid}}) + "\n", ""};
        co_return output{"removed the environment " + a.environment.name + "\n", ""};
    }

private:
    bool yes_ = false;
};

class show_statuses final : public environment_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const a,
                          co_await s.to_environment(environment_right::see, environment_));
        PILOTHOUSE_CO_TRY(auto const all, co_await s.deployments.look(a));
        if (as_json) co_return output{json::serialize(shapes::shape_of(all)) + "\n", ""};
        co_return output{table_of(all), ""};
    }
};

// --- asked of all services

class ask_all_services final : public caller_command {
public:
    // `sent`: the command that asks the house. `doing`: what is asked before it is done; empty:
    // nothing is.
    ask_all_services(std::string sent, std::string doing)
        : sent_(std::move(sent)), doing_(std::move(doing)) {}

    [[nodiscard]] bool needs_server() const override { return true; }  // that runs what is queued
    void declare(CLI::App& app) override {
        add_environment(app, environment_);
        add_watch(app, watch_);
        if (!doing_.empty()) add_yes(app, yes_);
    }
    std::optional<std::string> question() const override {
        if (doing_.empty() || yes_) return std::nullopt;
        return "This " + doing_ + " " + environment_ + ".";
    }
    std::vector<std::string> look_first() const override {
        return {"environment", "show", environment_};
    }
    cli_result run_at_caller(command_link& house, bool as_json) override {
        if (sent_ == "cancel-environment")
            return ask_to_cancel(house, {"sent", sent_, environment_}, watch_, as_json);
        return ask_for_deployments(house, {"sent", sent_, environment_}, watch_, as_json);
    }

private:
    std::string sent_, doing_, environment_;
    bool watch_ = false, yes_ = false;
};

}  // namespace

command_family environment_commands() {
    return {
        "environment", "Environments: namespaces of clusters that a project deploys into.",
        commands_of(
            describe<make_environment>(
                {"add", "Makes an environment of a project, in a cluster.",
                 "pilothouse environment add staging --project shop/web --cluster prod"}),
            describe<list_environments>({"list", "Lists the environments that you see.",
                                         "pilothouse environment list --project shop/web"}),
            describe<show_environment>(
                {"show", "Shows one environment.", "pilothouse environment show shop/web/staging"}),
            describe<edit_environment>(
                {"edit", "Changes an environment's name or mode.",
                 "pilothouse environment edit shop/web/staging --mode production"}),
            describe<remove_environment>({"remove", "Removes an environment without services.",
                                          "pilothouse environment remove shop/web/staging --yes"}),
            describe<show_statuses>({"status", "Says how each service of an environment is.",
                                     "pilothouse environment status shop/web/staging"}),
            describe<ask_all_services>(
                {"deploy", "Deploys all services of an environment, as they are configured.",
                 "pilothouse environment deploy shop/web/staging --watch"},
                "deploy-environment", ""),
            describe<ask_all_services>({"stop", "Scales the workloads of all services to zero.",
                                        "pilothouse environment stop shop/web/staging --watch"},
                                       "stop-environment", ""),
            describe<ask_all_services>(
                {"uninstall", "Uninstalls all services; they stay configured.",
                 "pilothouse environment uninstall shop/web/staging --yes"},
                "uninstall-environment",
                "removes the releases of all services from the cluster, of the environment"),
            describe<ask_all_services>({"cancel", "Cancels what is under way in an environment.",
                                        "pilothouse environment cancel shop/web/staging"},
                                       "cancel-environment", ""))};
}

}  // namespace pilothouse::cli
