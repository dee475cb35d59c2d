// What a Helm service is seen as: the mapping of contracts: releases 3.5, row by row.
#include "deploy/service_status.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

namespace pilothouse::tests::status_test {

using namespace pilothouse::deploy;
using storage::deployment_kind;
using storage::deployment_outcome;
using storage::operation_kind;
using storage::operation_state;
using storage::release_status;

namespace {

// A service of configuration 2, of which `deployed` is in force.
struct scene {
    service_facts facts{2, 0, 0, {}, {}, {}};

    scene& asked(deployment_kind kind, deployment_outcome outcome = deployment_outcome::none) {
        facts.last.emplace();
        facts.last->kind = kind;
        facts.last->operation = "o1";
        facts.last->outcome = outcome;
        return *this;
    }
    scene& operation(operation_kind kind, operation_state state, std::string id = "o1") {
        facts.operation.emplace();
        facts.operation->id = std::move(id);
        facts.operation->kind = kind;
        facts.operation->state = state;
        return *this;
    }
    scene& failed(errc code = errc::timed_out) {
        facts.operation->error = storage::operation_error{code, "so it is"};
        return *this;
    }
    scene& release(release_status status) {
        facts.release.emplace();
        facts.release->status = status;
        return *this;
    }
    scene& in_force(int configuration) {
        facts.deployed = configuration;
        return *this;
    }
    // What the last deploy here left, and what is there now.
    scene& revisions(int deployed, int now) {
        facts.deployed_revision = deployed;
        facts.release->revision = now;
        return *this;
    }
    // "STATE ACTION/STATUS FRESHNESS"
    [[nodiscard]] std::string shown() const {
        auto const s = status_of(facts);
        return std::string(name_of(s.state)) + " " + std::string(name_of(s.action)) + "/" +
               std::string(name_of(s.how)) + " " + std::string(name_of(s.configuration));
    }
};

constexpr auto deploys = deployment_kind::deploy;
constexpr auto install = operation_kind::install;
constexpr auto update = operation_kind::update;
constexpr auto rollback = operation_kind::rollback;
constexpr auto uninstall = operation_kind::uninstall;
constexpr auto queued = operation_state::queued;
constexpr auto running = operation_state::running;
constexpr auto cancelling = operation_state::cancelling;
constexpr auto done = operation_state::done;

}  // namespace

TEST_CASE("never deployed") { CHECK(scene().shown() == "READY UNKNOWN/NEVER NEVER_DEPLOYED"); }

TEST_CASE("an install, from its queue to its end") {
    scene s;
    s.asked(deploys).release(release_status::pending_install);
    CHECK(s.operation(install, queued).shown() == "DEPLOYMENT_QUEUED DEPLOY/QUEUED NEVER_DEPLOYED");
    CHECK(s.operation(install, running).shown() == "DEPLOYING DEPLOY/ONGOING NEVER_DEPLOYED");
    CHECK(s.operation(install, cancelling).shown() == "CANCELING DEPLOY/CANCELING NEVER_DEPLOYED");
    s.operation(install, done).release(release_status::deployed).in_force(2);
    CHECK(s.shown() == "DEPLOYED DEPLOY/SUCCESS UP_TO_DATE");
    CHECK(s.in_force(1).shown() == "DEPLOYED DEPLOY/SUCCESS OUT_OF_DATE");
}

TEST_CASE("an update, from its queue to its end") {
    scene s;
    s.asked(deploys).release(release_status::pending_upgrade).in_force(1);
    CHECK(s.operation(update, queued).shown() == "DEPLOYMENT_QUEUED DEPLOY/QUEUED OUT_OF_DATE");
    CHECK(s.operation(update, running).shown() == "DEPLOYING DEPLOY/ONGOING OUT_OF_DATE");
    s.operation(update, done).failed().release(release_status::deployed);
    CHECK(s.shown() == "DEPLOYMENT_ERROR DEPLOY/ERROR OUT_OF_DATE");  // it was rolled back
    s.release(release_status::failed);
    CHECK(s.shown() == "DEPLOYMENT_ERROR DEPLOY/ERROR OUT_OF_DATE");
    s.operation(update, done).failed(errc::cancelled);
    CHECK(s.shown() == "CANCELED DEPLOY/CANCELED OUT_OF_DATE");
}

TEST_CASE("a deploy that changed nothing leaves what is in force") {
    scene s;
    s.asked(deploys).release(release_status::deployed).in_force(2).revisions(3, 3);
    s.operation(update, done).failed(errc::cancelled);
    CHECK(s.shown() == "CANCELED DEPLOY/CANCELED UP_TO_DATE");
    CHECK(s.in_force(1).shown() == "CANCELED DEPLOY/CANCELED OUT_OF_DATE");
    s.in_force(2).operation(update, done).failed();
    CHECK(s.shown() == "DEPLOYMENT_ERROR DEPLOY/ERROR UP_TO_DATE");
    CHECK(s.revisions(3, 5).shown() == "DEPLOYMENT_ERROR DEPLOY/ERROR OUT_OF_DATE");  // rolled back
    s.release(release_status::failed).revisions(3, 4).operation(update, done).failed();
    CHECK(s.shown() == "DEPLOYMENT_ERROR DEPLOY/ERROR OUT_OF_DATE");
    s.operation(update, done).failed(errc::cancelled);
    CHECK(s.shown() == "CANCELED DEPLOY/CANCELED OUT_OF_DATE");
}

TEST_CASE("where Helm's history began anew the newest operation says what is in force") {
    scene s;
    s.asked(deploys).release(release_status::deployed).in_force(2).revisions(40, 2);
    s.operation(update, done);
    CHECK(s.shown() == "DEPLOYED DEPLOY/SUCCESS UP_TO_DATE");
    s.operation(update, done, "o2");
    CHECK(s.shown() == "DEPLOYED DEPLOY/SUCCESS OUT_OF_DATE");
}

TEST_CASE("a restart and a stop forget nothing that another door did") {
    scene s;
    s.asked(deployment_kind::restart).release(release_status::deployed).in_force(2);
    s.operation(operation_kind::restart, done).revisions(3, 4);
    CHECK(s.shown() == "RESTARTED RESTART/SUCCESS OUT_OF_DATE");
    CHECK(s.revisions(3, 3).shown() == "RESTARTED RESTART/SUCCESS UP_TO_DATE");
    s.operation(operation_kind::restart, done).failed();
    CHECK(s.shown() == "RESTART_ERROR RESTART/ERROR UP_TO_DATE");
    s.asked(deployment_kind::stop).operation(operation_kind::stop, done).revisions(3, 4);
    CHECK(s.shown() == "STOPPED STOP/SUCCESS OUT_OF_DATE");
}

TEST_CASE("what is just being begun is under way before its operation is there") {
    scene s;
    s.facts.beginning = deploys;
    CHECK(s.shown() == "DEPLOYMENT_QUEUED DEPLOY/QUEUED NEVER_DEPLOYED");
    s.asked(deploys, deployment_outcome::success).release(release_status::deployed).in_force(2);
    s.operation(install, done);
    CHECK(s.shown() == "DEPLOYMENT_QUEUED DEPLOY/QUEUED OUT_OF_DATE");
    s.facts.beginning = deployment_kind::uninstall;
    CHECK(s.shown() == "DELETE_QUEUED DELETE/QUEUED UP_TO_DATE");
    s.facts.beginning = deployment_kind::stop;
    CHECK(s.shown() == "STOP_QUEUED STOP/QUEUED UP_TO_DATE");
}

TEST_CASE("an install that left nothing") {
    scene s;
    s.asked(deploys).operation(install, done).failed();
    CHECK(s.shown() == "DEPLOYMENT_ERROR DEPLOY/ERROR NEVER_DEPLOYED");
    s.operation(install, done).failed(errc::cancelled);
    CHECK(s.shown() == "CANCELED DEPLOY/CANCELED NEVER_DEPLOYED");
}

TEST_CASE("an uninstall keeps the configuration, a removal ends like it") {
    for (auto const kind : {deployment_kind::uninstall, deployment_kind::remove}) {
        scene s;
        s.asked(kind).release(release_status::uninstalling).in_force(2);
        CHECK(s.operation(uninstall, queued).shown() == "DELETE_QUEUED DELETE/QUEUED UP_TO_DATE");
        CHECK(s.operation(uninstall, running).shown() == "DELETING DELETE/ONGOING UP_TO_DATE");
        s.operation(uninstall, done).failed();
        CHECK(s.shown() == "DELETE_ERROR DELETE/ERROR OUT_OF_DATE");
        s.operation(uninstall, done).facts.release.reset();
        CHECK(s.in_force(0).shown() == "DELETED DELETE/SUCCESS NEVER_DEPLOYED");
    }
}

TEST_CASE("a stop and a restart, from their queue to their end") {
    scene s;
    s.release(release_status::deployed).in_force(2);
    s.asked(deployment_kind::stop);
    CHECK(s.operation(operation_kind::stop, queued).shown() ==
          "STOP_QUEUED STOP/QUEUED UP_TO_DATE");
    CHECK(s.operation(operation_kind::stop, running).shown() == "STOPPING STOP/ONGOING UP_TO_DATE");
    CHECK(s.operation(operation_kind::stop, done).shown() == "STOPPED STOP/SUCCESS UP_TO_DATE");
    s.operation(operation_kind::stop, done).failed();
    CHECK(s.shown() == "STOP_ERROR STOP/ERROR UP_TO_DATE");
    s.asked(deployment_kind::restart);
    CHECK(s.operation(operation_kind::restart, queued).shown() ==
          "RESTART_QUEUED RESTART/QUEUED UP_TO_DATE");
    CHECK(s.operation(operation_kind::restart, running).shown() ==
          "RESTARTING RESTART/ONGOING UP_TO_DATE");
    CHECK(s.operation(operation_kind::restart, done).shown() ==
          "RESTARTED RESTART/SUCCESS UP_TO_DATE");
    // Through another door.
    CHECK(s.operation(operation_kind::stop, done, "o2").shown() ==
          "STOPPED STOP/SUCCESS UP_TO_DATE");
}

TEST_CASE("what comes through another door is seen, too") {
    scene s;
    s.asked(deploys, deployment_outcome::success).release(release_status::deployed).in_force(2);
    CHECK(s.operation(update, queued, "o2").shown() ==
          "DEPLOYMENT_QUEUED DEPLOY/QUEUED OUT_OF_DATE");
    CHECK(s.operation(rollback, running, "o2").shown() == "DEPLOYING DEPLOY/ONGOING OUT_OF_DATE");
    CHECK(s.operation(rollback, done, "o2").shown() == "DEPLOYED DEPLOY/SUCCESS OUT_OF_DATE");
    CHECK(s.operation(uninstall, running, "o2").shown() == "DELETING DELETE/ONGOING UP_TO_DATE");
    s.operation(uninstall, done, "o2").facts.release.reset();
    CHECK(s.shown() == "DELETED DELETE/SUCCESS NEVER_DEPLOYED");
    // Installed by others before anything was asked for here.
    scene found;
    found.release(release_status::deployed).operation(install, done, "o9");
    CHECK(found.shown() == "DEPLOYED DEPLOY/SUCCESS NEVER_DEPLOYED");
}

TEST_CASE("what the cluster says of a release that nobody is at") {
    scene s;
    s.asked(deploys).operation(install, done).in_force(2);
    CHECK(s.release(release_status::unknown).shown() == "UNAVAILABLE DEPLOY/SUCCESS UP_TO_DATE");
    for (auto const status : {release_status::failed, release_status::pending_upgrade,
                              release_status::pending_rollback, release_status::uninstalling})
        CHECK(s.release(status).shown() == "DEPLOYMENT_ERROR DEPLOY/ERROR OUT_OF_DATE");
    s.release(release_status::deployed).facts.release->changed_elsewhere = true;
    CHECK(s.shown() == "DEPLOYED DEPLOY/SUCCESS OUT_OF_DATE");
    s.facts.release.reset();
    CHECK(s.shown() == "DELETED DELETE/SUCCESS NEVER_DEPLOYED");
}

TEST_CASE("when the operation is forgotten its deployment knows") {
    scene s;
    s.release(release_status::deployed).in_force(2);
    CHECK(s.asked(deploys, deployment_outcome::success).shown() ==
          "DEPLOYED DEPLOY/SUCCESS UP_TO_DATE");
    CHECK(s.asked(deploys, deployment_outcome::error).shown() ==
          "DEPLOYMENT_ERROR DEPLOY/ERROR OUT_OF_DATE");
    CHECK(s.asked(deploys, deployment_outcome::cancelled).shown() ==
          "CANCELED DEPLOY/CANCELED OUT_OF_DATE");
}

TEST_CASE("states under way are those that refuse more") {
    for (auto const& [state, busy] :
         std::array<std::pair<service_state, bool>, 9>{{{service_state::ready, false},
                                                        {service_state::deployment_queued, true},
                                                        {service_state::deploying, true},
                                                        {service_state::deployed, false},
                                                        {service_state::canceling, true},
                                                        {service_state::canceled, false},
                                                        {service_state::stopping, true},
                                                        {service_state::delete_queued, true},
                                                        {service_state::delete_error, false}}})
        CHECK_MESSAGE(is_under_way(state) == busy, name_of(state));
}

}  // namespace pilothouse::tests::status_test
