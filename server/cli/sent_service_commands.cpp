#include "server/cli/sent_deployments.hpp"

#include "server/cli/deploy_words.hpp"
#include "server/cli/sent_text.hpp"
#include "server/cli/service_document.hpp"
#include "server/shapes/deploy_shapes.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;
using deploy::environment_right;
using deploy::service_view;

class sent_configuration : public command {
protected:
    void declare_documents(CLI::App& app) { app.add_option("--document", sent_); }
    [[nodiscard]] result<std::vector<secret>> documents() const {
        std::vector<secret> all;
        for (auto const& sent : sent_) {
            PILOTHOUSE_TRY(auto text, take_sent_text(sent));
            all.push_back(std::move(text));
        }
        return all;
    }
    [[nodiscard]] static output told(deploy::configured_service const& c, bool as_json) {
        if (as_json) return {json::serialize(shapes::shape_of(c)) + "\n", ""};
        if (c.view.status.configuration == deploy::freshness::up_to_date)
            return {table_of(std::vector{c}), ""};
        auto next = "Next: pilothouse service deploy " + c.view.service.uuid + " --watch\n";
        return {table_of(std::vector{c}), std::move(next)};
    }

private:
    std::vector<std::string> sent_;
};

// In the words of who used the flags.
failure with_flags(failure why) {
    for (auto const& [place, flag] :
         {std::pair("source: is missing", "--repository, --chart and --version say it"),
          std::pair("helm_repository.repository: is missing", "--repository says it"),
          std::pair("chart_name: is missing", "--chart says it"),
          std::pair("chart_version: is missing", "--version says it")})
        if (why.detail.ends_with(place)) return {why.code, why.detail + "; " + flag};
    return why;
}

class add_sent_service final : public sent_configuration {
public:
    void declare(CLI::App& app) override {
        app.add_option("ENV", environment_)->required();
        declare_documents(app);
    }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const a,
                          co_await s.to_environment(environment_right::manage, environment_));
        PILOTHOUSE_CO_TRY(auto all, documents());
        PILOTHOUSE_CO_TRY(auto whole, co_await whole_document(s, std::move(all)));
        auto const made = co_await s.configured_services.create(a, std::move(whole));
        if (!made) co_return with_flags(made.error());
        co_return told(*made, as_json);
    }

private:
    std::string environment_;
};

// What an edit names in one list of pairs is not to lose against another list's older word.
void make_room(deploy::values_override& present, secret const& edit) {
    boost::system::error_code bad;
    auto const document = json::parse(edit.reveal(), bad);
    if (bad) return;  // YAML: a whole document, which says all itself
    std::set<std::string> named;
    for (std::string const list : {"set", "set_string", "set_json"}) {
        auto const* const pairs = document.find_pointer("/values_override/" + list, bad);
        if (pairs == nullptr || !pairs->is_array()) continue;
        for (auto const& pair : pairs->get_array())
            if (pair.is_array() && !pair.get_array().empty() && pair.at(0).is_string())
                named.emplace(pair.at(0).get_string());
    }
    for (auto* const list : {&present.set, &present.set_string, &present.set_json})
        std::erase_if(*list, [&](auto const& pair) { return named.contains(pair.first); });
}

class edit_sent_service final : public sent_configuration {
public:
    void declare(CLI::App& app) override {
        app.add_option("SERVICE", service_)->required();
        app.add_flag("--anew", anew_);
        app.add_flag("--reset-values", reset_);
        declare_documents(app);
    }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const a, co_await s.to_service(environment_right::manage, service_));
        PILOTHOUSE_CO_TRY(auto all, documents());
        if (!anew_) {
            PILOTHOUSE_CO_TRY(auto present, co_await s.configured_services.find(a));
            auto& values = present.configuration.values;
            if (reset_) values = {};
            for (auto const& text : all) make_room(values, text);
            all.insert(all.begin(), deploy::configuration_text(present.configuration));
        }
        PILOTHOUSE_CO_TRY(auto whole, co_await whole_document(s, std::move(all)));
        auto const edited = co_await s.configured_services.edit(a, std::move(whole));
        if (!edited) co_return with_way_out(edited.error(), service_);
        co_return told(*edited, as_json);
    }

private:
    std::string service_;
    bool anew_ = false, reset_ = false;
};

// --- what is asked of services: each answers with the operation to follow, if there is one

json::object nothing_to_follow(deploy::service_access const& a, std::string_view told) {
    return {{"id", a.service.uuid},
            {"name", a.service.name},
            {"operation_id", nullptr},
            {"told", told}};
}

class sent_deployment : public command {
public:
    [[nodiscard]] bool needs_server() const override { return true; }  // that runs what is queued
    void declare(CLI::App& app) override { app.add_option("SERVICE", service_)->required(); }
    task<result<output>> run(services& s, bool) override {
        PILOTHOUSE_CO_TRY(auto const a, co_await s.to_service(right(), service_));
        auto const asked = co_await ask(s, a);
        if (!asked) co_return with_way_out(asked.error(), service_);
        co_return output{json::serialize(*asked) + "\n", ""};
    }

protected:
    [[nodiscard]] virtual environment_right right() const { return environment_right::deploy; }
    [[nodiscard]] virtual task<result<json::object>> ask(services& s,
                                                         deploy::service_access const& a) = 0;

private:
    std::string service_;
};

class sent_deploy final : public sent_deployment {
public:
    void declare(CLI::App& app) override {
        sent_deployment::declare(app);
        app.add_option("--version", version_);
    }

private:
    task<result<json::object>> ask(services& s, deploy::service_access const& a) override {
        PILOTHOUSE_CO_TRY(auto const v, co_await s.deployments.deploy(a, version_));
        auto told = shapes::shape_of(v);
        // Behind what is under way: its operation begins when its turn comes.
        if (!v.lined_up.empty()) told["waiting_deployment"] = v.lined_up.back().uuid;
        co_return told;
    }

    std::string version_;
};

class sent_service_stop final : public sent_deployment {
    task<result<json::object>> ask(services& s, deploy::service_access const& a) override {
        PILOTHOUSE_CO_TRY(auto const v, co_await s.deployments.stop(a));
        co_return shapes::shape_of(v);
    }
};

class sent_service_restart final : public sent_deployment {
    task<result<json::object>> ask(services& s, deploy::service_access const& a) override {
        auto const v = co_await s.deployments.restart(a);
        if (v) co_return shapes::shape_of(*v);
        auto const now = co_await s.deployments.look(a);
        if (now && now->status.state == deploy::service_state::stopped)
            co_return failure(v.error().code, "it is stopped: deploy it to start it");
        co_return v.error();
    }
};

class sent_service_uninstall final : public sent_deployment {
    task<result<json::object>> ask(services& s, deploy::service_access const& a) override {
        PILOTHOUSE_CO_TRY(auto const v, co_await s.deployments.uninstall(a));
        if (!v) co_return nothing_to_follow(a, "nothing is installed");
        co_return shapes::shape_of(*v);
    }
};

class sent_cancel final : public sent_deployment {
    task<result<json::object>> ask(services& s, deploy::service_access const& a) override {
        PILOTHOUSE_CO_TRY(auto const v, co_await s.deployments.cancel(a));
        auto told = shapes::shape_of(v);
        // Whoever asked for it, and through whichever door.
        if (v.operation) told["operation_id"] = v.operation->id;
        co_return told;
    }
};

class sent_remove final : public sent_deployment {
public:
    [[nodiscard]] bool needs_server() const override { return !leave_release_; }
    void declare(CLI::App& app) override {
        sent_deployment::declare(app);
        app.add_flag("--leave-release", leave_release_);
    }

private:
    environment_right right() const override { return environment_right::manage; }
    task<result<json::object>> ask(services& s, deploy::service_access const& a) override {
        auto const removed = co_await s.deployments.remove(a, leave_release_);
        if (!removed) co_return removed.error();
        // It goes when its release is uninstalled, or is gone by now.
        auto const v = co_await s.deployments.look(a);
        bool const goes = v && v->last && v->last->kind == storage::deployment_kind::remove;
        if (!goes) co_return nothing_to_follow(a, "is removed");
        co_return shapes::shape_of(*v);
    }

    bool leave_release_ = false;
};

}  // namespace

std::vector<described_command> sent_service_commands() {
    return commands_of(describe<add_sent_service>({"add-service", "", ""}),
                       describe<edit_sent_service>({"edit-service", "", ""}),
                       describe<sent_deploy>({"deploy-service", "", ""}),
                       describe<sent_service_stop>({"stop-service", "", ""}),
                       describe<sent_service_restart>({"restart-service", "", ""}),
                       describe<sent_service_uninstall>({"uninstall-service", "", ""}),
                       describe<sent_cancel>({"cancel-service", "", ""}),
                       describe<sent_remove>({"remove-service", "", ""}));
}

}  // namespace pilothouse::cli
