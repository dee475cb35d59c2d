#include "server/cli/sent_deployments.hpp"
#include "server/shapes/deploy_shapes.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <optional>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;
using deploy::environment_right;

// Answers with each service that it concerns, and the operation to follow or what refused it.
class sent_to_all : public command {
public:
    [[nodiscard]] bool needs_server() const override { return true; }  // that runs what is queued
    void declare(CLI::App& app) override { app.add_option("ENV", environment_)->required(); }
    task<result<output>> run(services& s, bool) override {
        PILOTHOUSE_CO_TRY(auto const a,
                          co_await s.to_environment(environment_right::deploy, environment_));
        PILOTHOUSE_CO_TRY(auto const all, co_await ask(s.together, a));
        json::array told;
        for (auto const& one : all) told.push_back(shape_of(one));
        co_return output{json::serialize(told) + "\n", ""};
    }

protected:
    [[nodiscard]] virtual task<result<deploy::told_services>> ask(
        deploy::several_services& together, deploy::environment_access const& a) = 0;

private:
    static json::object shape_of(deploy::told_service const& one) {
        if (one.refused)
            return {{"id", one.view.service.uuid},
                    {"name", one.view.service.name},
                    {"operation_id", nullptr},
                    {"refused", one.refused->detail}};
        auto told = shapes::shape_of(one.view);
        // Behind what is under way: its operation begins when its turn comes.
        if (!one.view.lined_up.empty()) told["waiting_deployment"] = one.view.lined_up.back().uuid;
        return told;
    }

    std::string environment_;
};

class sent_deploy_all final : public sent_to_all {
    task<result<deploy::told_services>> ask(deploy::several_services& together,
                                            deploy::environment_access const& a) override {
        co_return co_await together.deploy(a, std::nullopt);
    }
};

class sent_stop_all final : public sent_to_all {
    task<result<deploy::told_services>> ask(deploy::several_services& together,
                                            deploy::environment_access const& a) override {
        co_return co_await together.stop(a, std::nullopt);
    }
};

class sent_uninstall_all final : public sent_to_all {
    task<result<deploy::told_services>> ask(deploy::several_services& together,
                                            deploy::environment_access const& a) override {
        co_return co_await together.uninstall(a, std::nullopt);
    }
};

class sent_cancel_all final : public sent_to_all {
    task<result<deploy::told_services>> ask(deploy::several_services& together,
                                            deploy::environment_access const& a) override {
        auto all = co_await together.cancel(a);
        // As `service cancel` has it.
        if (all && all->empty())
            co_return failure(errc::wrong_state, "nothing of this environment is under way");
        co_return all;
    }
};

}  // namespace

std::vector<described_command> sent_environment_commands() {
    return commands_of(describe<sent_deploy_all>({"deploy-environment", "", ""}),
                       describe<sent_stop_all>({"stop-environment", "", ""}),
                       describe<sent_uninstall_all>({"uninstall-environment", "", ""}),
                       describe<sent_cancel_all>({"cancel-environment", "", ""}));
}

}  // namespace pilothouse::cli
