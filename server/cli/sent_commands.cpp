// `pilothouse sent …`: what commands about clusters, releases and what is deployed by configuration
// ask of the house, with the texts that they read. Not for people: they may change with any
// version.
#include "base/base64.hpp"
#include "base/quantity.hpp"
#include "release/user_values.hpp"
#include "server/cli/command.hpp"
#include "server/cli/sent_deployments.hpp"
#include "server/cli/sent_text.hpp"
#include "server/shapes/release_shapes.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;
using auth::permission;

output told(storage::cluster_record const& c, bool as_json) {
    if (as_json) return {json::serialize(shapes::shape_of(c)) + "\n", ""};
    return {"the cluster " + c.name + " is at " + c.server + "\n",
            "Next: pilothouse cluster check " + c.name + "\n"};
}

class sent_cluster : public command {
protected:
    void declare_access(CLI::App& app) {
        app.add_option("CLUSTER", name_)->required();
        app.add_option("--kubeconfig-text", kubeconfig_);
        app.add_option("--context", context_);
        app.add_option("--allow-namespace", namespaces_);
    }
    [[nodiscard]] result<release::new_cluster> wanted() const {
        PILOTHOUSE_TRY(auto text, take_sent_text(kubeconfig_));
        return release::new_cluster{name_, std::move(text), context_, namespaces_};
    }
    std::string name_, kubeconfig_, context_;
    std::vector<std::string> namespaces_;
};

class add_sent_cluster final : public sent_cluster {
public:
    void declare(CLI::App& app) override {
        declare_access(app);
        app.add_option("--project", project_);
        app.add_option("--group", group_);
    }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await owner(s));
        PILOTHOUSE_CO_TRY(auto what, wanted());
        PILOTHOUSE_CO_TRY(auto const made, co_await s.clusters.add(g, std::move(what)));
        co_return told(made, as_json);
    }

private:
    task<result<auth::grant>> owner(services& s) {
        if (!project_.empty()) co_return co_await s.in_project(permission::own_project, project_);
        if (!group_.empty()) co_return co_await s.in_group(permission::own_group, group_);
        co_return s.administration();
    }
    std::string project_, group_;
};

class edit_sent_cluster final : public sent_cluster {
public:
    void declare(CLI::App& app) override {
        declare_access(app);
        app.add_flag("--allow-any-namespace", any_);
    }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_cluster(permission::manage_cluster, name_));
        std::optional<release::new_cluster> access;
        if (!kubeconfig_.empty()) {
            PILOTHOUSE_CO_TRY(access, wanted());
        }
        std::optional<std::vector<std::string>> namespaces;
        if (any_ || !namespaces_.empty()) namespaces = namespaces_;
        PILOTHOUSE_CO_TRY(auto const edited,
                          co_await s.clusters.edit(g, std::move(access), std::move(namespaces)));
        co_return told(edited, as_json);
    }

private:
    bool any_ = false;
};

// --- releases

class sent_change : public command {
public:
    [[nodiscard]] bool needs_server() const override { return true; }  // that runs what is queued

protected:
    void declare_options(CLI::App& app) {
        app.add_option("--timeout", timeout_);
        app.add_flag("--no-wait", no_wait_);
        app.add_flag("--no-hooks", options_.skip_hooks);
        app.add_flag("--wait-for-jobs", options_.wait_for_jobs);
        app.add_flag("--rollback-on-failure", options_.rollback_on_failure);
        app.add_flag("--force-conflicts", options_.force_conflicts);
        app.add_flag("--namespaced-only", options_.namespaced_only);
    }
    void declare_values(CLI::App& app) {
        app.add_option("--document", documents_);
        app.add_option("--pair", pairs_);
        app.add_option("--version", version_);
        app.add_flag("--reset-values", reset_);
    }
    [[nodiscard]] result<storage::operation_options> options() const {
        auto how = options_;
        how.wait = !no_wait_;
        how.timeout = std::chrono::seconds(0);  // as the server has it
        if (timeout_.empty()) return how;
        constexpr std::array<unit, 4> units = {{{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}}};
        auto const time = parse_quantity(timeout_, units);
        if (!time || *time == 0)
            return failure(errc::invalid_argument, "a timeout is a time like 90s or 5m");
        how.timeout = std::chrono::seconds(*time);
        return how;
    }
    [[nodiscard]] result<release::values_given> values() const {
        release::values_given given;
        for (auto const& sent : documents_) {
            PILOTHOUSE_TRY(auto text, take_sent_text(sent));
            given.documents.push_back(std::move(text));
        }
        for (auto const& sent : pairs_) {
            PILOTHOUSE_TRY(auto const text, take_sent_text(sent));
            auto const pair = text.reveal();
            auto const equals = pair.find('=');
            if (equals == 0 || equals == std::string_view::npos)
                return failure(errc::invalid_argument, "a value is set by KEY=YAML");
            given.pairs.push_back({std::string(pair.substr(0, equals)),
                                   secret(std::string(pair.substr(equals + 1)))});
        }
        return given;
    }
    [[nodiscard]] static output told(storage::begun const& begun) {
        return {json::serialize(shapes::shape_of(begun.operation)) + "\n", ""};
    }

    storage::operation_options options_;
    std::string timeout_, version_;
    bool no_wait_ = false, reset_ = false;
    std::vector<std::string> documents_, pairs_;
};

output shown_differences(std::vector<release::object_difference> const& all, bool as_json) {
    if (as_json) return {json::serialize(shapes::shape_of(all)) + "\n", ""};
    std::string text;
    for (auto const& d : all)
        text += std::string(shapes::word_of(d.what)) + " " + d.kind + " " +
                (d.name_space.empty() ? "" : d.name_space + "/") + d.name + "\n" + d.text;
    return {text.empty() ? "nothing would change\n" : std::move(text), ""};
}

class sent_install final : public sent_change {
public:
    [[nodiscard]] bool needs_server() const override { return !dry_run_; }
    void declare(CLI::App& app) override {
        app.add_option("CLUSTER", cluster_)->required();
        app.add_option("VERSION", what_.version)->required();
        app.add_option("--name", what_.name);
        app.add_option("--namespace", what_.name_space);
        app.add_flag("--dry-run", dry_run_);
        declare_options(app);
        declare_values(app);
    }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(what_.options, options());
        PILOTHOUSE_CO_TRY(what_.values, values());
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_cluster(permission::use_cluster, cluster_));
        if (dry_run_) {
            PILOTHOUSE_CO_TRY(auto const all, co_await s.diff_release.install(g, what_));
            co_return shown_differences(all, as_json);
        }
        PILOTHOUSE_CO_TRY(auto const begun, co_await s.change_release.install(g, what_));
        co_return told(begun);
    }

private:
    bool dry_run_ = false;
    std::string cluster_;
    release::install_request what_;
};

class sent_update : public sent_change {
public:
    void declare(CLI::App& app) override {
        app.add_option("RELEASE", release_)->required();
        declare_options(app);
        declare_values(app);
    }
    task<result<output>> run(services& s, bool as_json) override {
        release::update_request what;
        PILOTHOUSE_CO_TRY(what.options, options());
        PILOTHOUSE_CO_TRY(what.values, values());
        what.version = version_;
        what.reset_values = reset_;
        PILOTHOUSE_CO_TRY(auto const found,
                          co_await s.of_release(permission::use_cluster, release_));
        what.release = found.record.id;
        co_return co_await ask(s, found.grant, std::move(what), as_json);
    }

protected:
    virtual task<result<output>> ask(services& s, auth::grant const& g,
                                     release::update_request what, bool) {
        PILOTHOUSE_CO_TRY(auto const begun, co_await s.change_release.update(g, std::move(what)));
        co_return told(begun);
    }

private:
    std::string release_;
};

class sent_diff final : public sent_update {
public:
    [[nodiscard]] bool needs_server() const override { return false; }

private:
    task<result<output>> ask(services& s, auth::grant const& g, release::update_request what,
                             bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const all, co_await s.diff_release.update(g, what));
        PILOTHOUSE_CO_TRY(bool const leaves, co_await s.diff_release.leaves_definitions(g, what));
        auto told = shown_differences(all, as_json);
        if (leaves)
            told.err =
                "The chart's crds/ are not compared: Helm makes them with the first install alone, "
                "and never updates them.\n";
        co_return told;
    }
};

// What needs nothing but the release, and how long to wait.
template <auto Ask>
class sent_alone final : public sent_change {
public:
    void declare(CLI::App& app) override {
        app.add_option("RELEASE", release_)->required();
        declare_options(app);
    }
    task<result<output>> run(services& s, bool) override {
        release::release_request what;
        PILOTHOUSE_CO_TRY(what.options, options());
        PILOTHOUSE_CO_TRY(auto const found,
                          co_await s.of_release(permission::use_cluster, release_));
        what.release = found.record.id;
        PILOTHOUSE_CO_TRY(auto const begun,
                          co_await (s.change_release.*Ask)(found.grant, std::move(what)));
        co_return told(begun);
    }

private:
    std::string release_;
};

using sent_uninstall = sent_alone<&release::change_release::uninstall>;
using sent_stop = sent_alone<&release::change_release::stop>;
using sent_restart = sent_alone<&release::change_release::restart>;

class sent_rollback final : public sent_change {
public:
    void declare(CLI::App& app) override {
        app.add_option("RELEASE", release_)->required();
        app.add_option("--to", revision_);
        declare_options(app);
    }
    task<result<output>> run(services& s, bool) override {
        release::rollback_request what;
        PILOTHOUSE_CO_TRY(what.options, options());
        PILOTHOUSE_CO_TRY(auto const found,
                          co_await s.of_release(permission::use_cluster, release_));
        what.release = found.record.id;
        what.revision = revision_;
        PILOTHOUSE_CO_TRY(auto const begun,
                          co_await s.change_release.rollback(found.grant, std::move(what)));
        co_return told(begun);
    }

private:
    std::string release_;
    int revision_ = 0;
};

}  // namespace

command_family sent_commands() {
    auto commands = commands_of(
        describe<add_sent_cluster>({"add-cluster", "", ""}),
        describe<edit_sent_cluster>({"edit-cluster", "", ""}),
        describe<sent_install>({"install", "", ""}), describe<sent_update>({"update", "", ""}),
        describe<sent_uninstall>({"uninstall", "", ""}),
        describe<sent_rollback>({"rollback", "", ""}), describe<sent_stop>({"stop", "", ""}),
        describe<sent_restart>({"restart", "", ""}), describe<sent_diff>({"diff", "", ""}));
    std::ranges::move(sent_service_commands(), std::back_inserter(commands));
    std::ranges::move(sent_environment_commands(), std::back_inserter(commands));
    return {"sent", "", std::move(commands)};
}

}  // namespace pilothouse::cli
