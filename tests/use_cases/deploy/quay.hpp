// The use cases of the deploy API over a yard.
#pragma once

#include "base/uuid.hpp"
#include "deploy/access.hpp"
#include "deploy/configure_services.hpp"
#include "deploy/deploy_parts.hpp"
#include "deploy/deploy_services.hpp"
#include "deploy/manage_environments.hpp"
#include "deploy/place_uuids.hpp"
#include "deploy/several_services.hpp"
#include "tests/use_cases/release/yard.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <memory>
#include <string>
#include <utility>

namespace pilothouse::tests {

struct quay : yard {
    deploy::deploy_parts docks{faulty.environments(),
                               faulty.services(),
                               faulty.deployments(),
                               faulty.projects(),
                               faulty.channels(),
                               parts,
                               change,
                               read,
                               diff};
    deploy::access access_here{docks};
    deploy::manage_environments environments{docks};
    deploy::configure_services configure{docks};
    deploy::deploy_services deploying{docks};
    deploy::several_services together{docks};

    quay() { parts.looks = &looks; }

    // Environment `staging` in the namespace `web`.
    storage::environment_record environment(std::string name = "staging",
                                            std::string name_space = "web") {
        deploy::new_environment wanted;
        wanted.name = std::move(name);
        wanted.cluster = std::string("dev");
        wanted.name_space = std::move(name_space);
        auto made = run_to_end(
            environments.create(grant(auth::permission::edit_project), std::move(wanted)));
        REQUIRE(made);
        return *std::move(made);
    }
    deploy::environment_access in(
        storage::environment_record const& e,
        deploy::environment_right what = deploy::environment_right::manage) {
        return run_to_end(access_here.to_environment(auth::local_operator(), what, e.uuid)).value();
    }
    deploy::service_access of(std::string uuid) {
        return run_to_end(access_here.to_service(auth::local_operator(),
                                                 deploy::environment_right::manage,
                                                 std::move(uuid)))
            .value();
    }
    std::string channel_uuid(std::string name = "stable") {
        auto const found = run_to_end(stores->channels().find(project.id, std::move(name)));
        return numbered_uuid(deploy::uuid_of_channel, found ? found->id.value : 999);
    }
    // Of the chart `demo`; its one value is planted.
    boost::json::object document(std::string const& version = "1.0.0",
                                 std::string const& name = "shop") {
        boost::json::array values;
        values.emplace_back(boost::json::array{"db.password", planted});
        return {
            {"name", name},
            {"auto_deploy", false},
            {"source",
             {{"helm_repository",
               {{"repository", channel_uuid()},
                {"chart_name", "demo"},
                {"chart_version", version}}}}},
            {"arguments", boost::json::array()},
            {"values_override", {{"set", std::move(values)}}},
        };
    }
    static secret text(boost::json::object const& o) { return secret(boost::json::serialize(o)); }
    result<deploy::configured_service> try_create(boost::json::object const& o) {
        if (home.uuid.empty()) home = environment();
        return run_to_end(configure.create(in(home), text(o)));
    }
    // A service of demo 1.0.0, which is pushed.
    std::string service() {
        push_demo();
        auto const made = try_create(document());
        REQUIRE(made);
        return made->view.service.uuid;
    }
    result<deploy::service_view> try_deploy(std::string const& uuid, std::string version = "") {
        return run_to_end(deploying.deploy(of(uuid), std::move(version)));
    }
    // Until what is under way has ended.
    void work() {
        run_until([this] {
            auto const c = run_to_end(stores->operations().count());
            return c.queued + c.running == 0;
        });
    }
    std::string deployed(std::string const& uuid) {
        REQUIRE(try_deploy(uuid));
        work();
        return state(uuid);
    }
    // "DEPLOYED UP_TO_DATE"; the failure's name where it cannot be seen.
    std::string state(std::string const& uuid) {
        auto const a = run_to_end(
            access_here.to_service(auth::local_operator(), deploy::environment_right::see, uuid));
        if (!a) return std::string(name_of(a.error().code));
        auto const seen = run_to_end(deploying.look(*a));
        if (!seen) return std::string(name_of(seen.error().code));
        return std::string(name_of(seen->status.state)) + " " +
               std::string(name_of(seen->status.configuration));
    }
    deploy::service_view view(std::string const& uuid) {
        return run_to_end(deploying.look(of(uuid))).value();
    }

    storage::environment_record home;  // of try_create()
};

}  // namespace pilothouse::tests
