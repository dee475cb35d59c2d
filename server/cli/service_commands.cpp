// `pilothouse service …`
#include "server/cli/command.hpp"
#include "server/cli/command_link.hpp"
#include "server/cli/deploy_words.hpp"
#include "server/cli/followed_deployments.hpp"
#include "server/cli/sent_text.hpp"
#include "server/cli/service_document.hpp"
#include "server/shapes/deploy_shapes.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <utility>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;
using deploy::environment_right;

// --- how they are configured

class add_service_here final : public caller_command {
public:
    void declare(CLI::App& app) override {
        add_environment(app, environment_);
        configuration_.declare(app);
    }
    cli_result run_at_caller(command_link& house, bool as_json) override {
        std::vector<std::string> wanted{"sent", "add-service", environment_};
        if (auto const read = configuration_.append(wanted); !read) return unsent(read.error());
        return ask_house(house, std::move(wanted), as_json);
    }

private:
    std::string environment_;
    service_arguments configuration_;
};

class edit_service_here final : public caller_command {
public:
    void declare(CLI::App& app) override {
        add_service(app, service_);
        configuration_.declare(app);
        app.add_flag("--reset-values", reset_, "none but those that are named now");
    }
    cli_result run_at_caller(command_link& house, bool as_json) override {
        std::vector<std::string> wanted{"sent", "edit-service", service_};
        auto const unchanged = wanted.size();
        if (configuration_.has_file()) wanted.emplace_back("--anew");
        if (reset_) wanted.emplace_back("--reset-values");
        if (auto const read = configuration_.append(wanted); !read) return unsent(read.error());
        if (wanted.size() == unchanged)
            return {2, "", "pilothouse: nothing is to be changed: name a FILE, or what changes\n"};
        return ask_house(house, std::move(wanted), as_json);
    }

private:
    std::string service_;
    service_arguments configuration_;
    bool reset_ = false;
};

class list_services final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override { add_environment(app, environment_); }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const a,
                          co_await s.to_environment(environment_right::see, environment_));
        PILOTHOUSE_CO_TRY(auto const all, co_await s.configured_services.list(a));
        if (as_json) co_return output{json::serialize(shapes::shape_of(all)) + "\n", ""};
        co_return output{table_of(all), ""};
    }

private:
    std::string environment_;
};

// --- how they are

class service_command : public command {
public:
    void declare(CLI::App& app) override { add_service(app, service_); }

protected:
    std::string service_;
};

class show_service final : public service_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const a, co_await s.to_service(environment_right::see, service_));
        PILOTHOUSE_CO_TRY(auto const found, co_await s.configured_services.find(a));
        if (as_json) co_return output{json::serialize(shapes::shape_of(found)) + "\n", ""};
        co_return output{table_of(std::vector{found}) + "\n" + details_of(found.configuration), ""};
    }
};

class show_status final : public service_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const a, co_await s.to_service(environment_right::see, service_));
        PILOTHOUSE_CO_TRY(auto const view, co_await s.deployments.look(a));
        if (as_json) co_return output{json::serialize(shapes::shape_of(view)) + "\n", ""};
        auto text = table_of(std::vector{view});
        if (auto const fault = shapes::fault_of(view); !fault.empty()) text += "\n" + fault + "\n";
        co_return output{std::move(text), ""};
    }
};

class show_deployments final : public service_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        service_command::declare(app);
        app.add_option("--limit", limit_, "how many at most")
            ->type_name("NUMBER")
            ->check(CLI::Range(std::size_t{1}, storage::deployments_max))
            ->capture_default_str();
    }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const a, co_await s.to_service(environment_right::see, service_));
        auto const all = co_await s.deployments.history(a, limit_);
        if (as_json) co_return output{json::serialize(shapes::shape_of(all)) + "\n", ""};
        co_return output{table_of(all), ""};
    }

private:
    std::size_t limit_ = 20;
};

class diff_service final : public service_command {
public:
    void declare(CLI::App& app) override {
        service_command::declare(app);
        auto* const version =
            app.add_option("--version", version_, "of its chart [as it is configured]")
                ->check(not_empty);
        app.add_option("--deployment", deployment_, "what an earlier dry run found: its UUID")
            ->check(not_empty)
            ->excludes(version);
    }
    task<result<output>> run(services& s, bool as_json) override {
        if (!deployment_.empty()) co_return co_await earlier(s, as_json);
        PILOTHOUSE_CO_TRY(auto const a, co_await s.to_service(environment_right::deploy, service_));
        auto const run = co_await s.deployments.dry_run(a, version_);
        if (!run) co_return with_way_out(run.error(), service_);
        auto told = shown(*run, as_json);
        auto const now = co_await s.deployments.look(a);
        if (now && now->status.state == deploy::service_state::stopped)
            told.err = "Its workloads are stopped; a deployment starts them.\n";
        co_return told;
    }

private:
    static output shown(storage::deployment_record const& run, bool as_json) {
        return {as_json ? run.result + "\n" : difference_for_people(run.result), ""};
    }
    task<result<output>> earlier(services& s, bool as_json) {
        PILOTHOUSE_CO_TRY(auto const a, co_await s.to_service(environment_right::deploy, service_));
        PILOTHOUSE_CO_TRY(auto const run, co_await s.deployments.deployment(a, deployment_));
        if (run.result.empty())
            co_return failure(errc::wrong_state, "that deployment was no dry run");
        co_return shown(run, as_json);
    }

    std::string version_, deployment_;
};

// --- what is asked of them

class ask_service : public caller_command {
public:
    // `sent`: the command that asks the house.
    explicit ask_service(std::string sent) : sent_(std::move(sent)) {}

    [[nodiscard]] bool needs_server() const override { return true; }  // that runs what is queued
    void declare(CLI::App& app) override {
        add_service(app, service_);
        add_watch(app, watch_);
    }
    cli_result run_at_caller(command_link& house, bool as_json) override {
        std::vector<std::string> wanted{"sent", sent_, service_};
        append(wanted);
        if (sent_ == "cancel-service")
            return ask_to_cancel(house, std::move(wanted), watch_, as_json);
        return ask_for_deployments(house, std::move(wanted), watch_, as_json);
    }

protected:
    virtual void append(std::vector<std::string>&) const {}

    std::string service_;

private:
    std::string sent_;
    bool watch_ = false;
};

class deploy_service final : public ask_service {
public:
    deploy_service() : ask_service("deploy-service") {}
    void declare(CLI::App& app) override {
        ask_service::declare(app);
        app.add_option("--version", version_,
                       "of its chart: from now on the configured one [as it is configured]")
            ->check(not_empty);
    }

private:
    void append(std::vector<std::string>& to) const override {
        if (!version_.empty()) to.insert(to.end(), {"--version", version_});
    }

    std::string version_;
};

class uninstall_service final : public ask_service {
public:
    uninstall_service() : ask_service("uninstall-service") {}
    void declare(CLI::App& app) override {
        ask_service::declare(app);
        add_yes(app, yes_);
    }
    std::optional<std::string> question() const override {
        if (yes_) return std::nullopt;
        return "This removes the release of " + service_ + " and its objects from the cluster.";
    }
    std::vector<std::string> look_first() const override { return {"service", "show", service_}; }

private:
    bool yes_ = false;
};

class remove_service final : public ask_service {
public:
    remove_service() : ask_service("remove-service") {}
    [[nodiscard]] bool needs_server() const override { return !leave_release_; }
    void declare(CLI::App& app) override {
        ask_service::declare(app);
        app.add_flag("--leave-release", leave_release_, "what is in the cluster stays there");
        add_yes(app, yes_);
    }
    std::optional<std::string> question() const override {
        if (yes_) return std::nullopt;
        return "This removes the service " + service_ +
               (leave_release_ ? "; its release stays in the cluster."
                               : ", and its release from the cluster.");
    }
    std::vector<std::string> look_first() const override { return {"service", "show", service_}; }

private:
    void append(std::vector<std::string>& to) const override {
        if (leave_release_) to.emplace_back("--leave-release");
    }

    bool leave_release_ = false, yes_ = false;
};

}  // namespace

command_family service_commands() {
    return {
        "service", "Helm services: charts configured in environments, and deployed from there.",
        commands_of(
            describe<add_service_here>(
                {"add", "Configures a service; nothing is deployed yet.",
                 "pilothouse service add shop/web/staging --name api --repository "
                 "fleet/charts/stable --chart hello --version '^1.2'"}),
            describe<list_services>({"list", "Lists the services of an environment.",
                                     "pilothouse service list shop/web/staging"}),
            describe<show_service>({"show",
                                    "Shows one service; with --json whole, with its values.",
                                    "pilothouse service show shop/web/staging/api --json"}),
            describe<edit_service_here>(
                {"edit", "Changes what is named of a service, or with a FILE all of it.",
                 "pilothouse service edit shop/web/staging/api --set replicas=3"}),
            describe<show_status>({"status", "Says how a service is, and why it is not well.",
                                   "pilothouse service status shop/web/staging/api"}),
            describe<show_deployments>({"history",
                                        "Lists what was asked of a service, the newest first.",
                                        "pilothouse service history shop/web/staging/api"}),
            describe<deploy_service>({"deploy",
                                      "Installs or updates a service as it is configured.",
                                      "pilothouse service deploy shop/web/staging/api --watch"}),
            describe<diff_service>({"diff", "Shows what a deployment would change.",
                                    "pilothouse service diff shop/web/staging/api"}),
            describe<ask_service>({"stop", "Scales a service's workloads to zero.",
                                   "pilothouse service stop shop/web/staging/api --watch"},
                                  "stop-service"),
            describe<ask_service>({"restart", "Restarts a service's workloads.",
                                   "pilothouse service restart shop/web/staging/api --watch"},
                                  "restart-service"),
            describe<uninstall_service>(
                {"uninstall", "Removes a service's release; the service stays configured.",
                 "pilothouse service uninstall shop/web/staging/api --yes"}),
            describe<ask_service>({"cancel", "Cancels what is under way of a service.",
                                   "pilothouse service cancel shop/web/staging/api"},
                                  "cancel-service"),
            describe<remove_service>({"remove", "Removes a service, with its release.",
                                      "pilothouse service remove shop/web/staging/api --yes"}))};
}

}  // namespace pilothouse::cli
