#include "server/qovery/shapes.hpp"
#include "tests/unit/qovery/views.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <doctest/doctest.h>

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::tests::status_shapes_test {

using deploy::action_status;
using deploy::freshness;
using deploy::service_action;
using deploy::service_state;
using deploy::service_status;
using storage::deployment_outcome;

namespace {

namespace json = boost::json;

// contracts: releases 3.2.
std::set<std::string_view> const states = {
    "BUILDING",        "BUILD_ERROR",      "CANCELED",
    "CANCELING",       "DELETED",          "DELETE_ERROR",
    "DELETE_QUEUED",   "DELETING",         "DEPLOYED",
    "DEPLOYING",       "DEPLOYMENT_ERROR", "DEPLOYMENT_QUEUED",
    "EXECUTING",       "QUEUED",           "READY",
    "RECAP",           "RESTARTED",        "RESTARTING",
    "RESTART_ERROR",   "RESTART_QUEUED",   "STOPPED",
    "STOPPING",        "STOP_ERROR",       "STOP_QUEUED",
    "UNAVAILABLE",     "WAITING_DELETING", "WAITING_RESTARTING",
    "WAITING_RUNNING", "WAITING_STOPPING"};
std::set<std::string_view> const actions = {"DEPLOY", "DELETE", "RESTART", "STOP", "UNKNOWN"};
std::set<std::string_view> const statuses = {"QUEUED",    "ONGOING",  "SUCCESS",   "ERROR",
                                             "EXECUTING", "CANCELED", "CANCELING", "NEVER"};
std::set<std::string_view> const freshnesses = {"NEVER_DEPLOYED", "OUT_OF_DATE", "UP_TO_DATE"};

std::string_view text(json::object const& o, std::string_view key) { return o.at(key).as_string(); }

void check_required(json::object const& o) {
    for (auto const* const key :
         {"id", "state", "service_deployment_status", "is_part_last_deployment", "status_details",
          "deployment_request_id", "deployment_requests_count"}) {
        CAPTURE(key);
        CHECK(o.contains(key));
    }
    CHECK(states.contains(text(o, "state")));
    CHECK(freshnesses.contains(text(o, "service_deployment_status")));
    CHECK(o.at("is_part_last_deployment").is_bool());
    CHECK((o.at("deployment_requests_count").is_uint64() ||
           o.at("deployment_requests_count").is_int64()));
    auto const& details = o.at("status_details").as_object();
    CHECK(actions.contains(text(details, "action")));
    CHECK(statuses.contains(text(details, "status")));
    CHECK(text(details, "sub_action") == "NONE");
}

service_status const deployed{service_state::deployed, service_action::deploy,
                              action_status::success, freshness::up_to_date};
service_status const failed{service_state::deployment_error, service_action::deploy,
                            action_status::error, freshness::out_of_date};
service_status const deploying{service_state::deploying, service_action::deploy,
                               action_status::ongoing, freshness::out_of_date};

deploy::service_view well(std::string uuid, instant when) {
    auto last = ended(deployment("d-" + uuid, when), deployment_outcome::success);
    return view_of(std::move(uuid), std::move(last), deployed);
}

deploy::service_view wrong(std::string uuid, instant when) {
    auto last = ended(deployment("d-" + uuid, when), deployment_outcome::error);
    return view_of(std::move(uuid), std::move(last), failed);
}

deploy::service_view running(std::string uuid, instant when) {
    auto last = deployment("d-" + uuid, when);
    auto v = view_of(std::move(uuid), std::move(last), deploying);
    v.operation.emplace();
    v.operation->id = v.last->operation;
    v.operation->state = storage::operation_state::running;
    return v;
}

}  // namespace

TEST_CASE("every state of a service has every key that clients need, by their words") {
    for (auto state = service_state::ready; state <= service_state::unavailable;
         state = static_cast<service_state>(static_cast<int>(state) + 1))
        for (auto how : {action_status::never, action_status::queued, action_status::ongoing,
                         action_status::success, action_status::error, action_status::canceling,
                         action_status::canceled}) {
            CAPTURE(name_of(state));
            auto v = view_of("a", deployment("d", noon),
                             {state, service_action::delete_, how, freshness::out_of_date});
            check_required(qovery::status_shape(v));
            v.last.reset();
            check_required(qovery::status_shape(v));
        }
}

TEST_CASE("a service that was never deployed has nothing to tell") {
    auto const o = qovery::status_shape(view_of("a"));
    CHECK(text(o, "state") == "READY");
    CHECK(o.at("last_deployment_date").is_null());
    CHECK(o.at("steps").is_null());
    CHECK(o.at("deployment_request_id").is_null());
    CHECK(!o.at("is_part_last_deployment").as_bool());
    CHECK(!o.contains("execution_id"));
}

TEST_CASE("the steps of a deployment are told of as they end") {
    auto v = running("a", noon);
    CHECK(json::serialize(qovery::status_shape(v).at("steps")) ==
          R"({"total_duration_sec":null,"total_computing_duration_sec":0,"details":[]})");
    CHECK(text(qovery::status_shape(v), "deployment_request_id") == "d-a");

    v.operation->started = noon + 3s;
    CHECK(json::serialize(qovery::status_shape(v).at("steps").at("details")) ==
          R"([{"step_name":"DEPLOYMENT_QUEUEING","status":"SUCCESS","duration_sec":3}])");

    v.operation->id = "another";
    CHECK(qovery::status_shape(v).at("deployment_request_id").is_null());
    CHECK(qovery::status_shape(v).at("steps").at("details").as_array().empty());

    auto const o = qovery::status_shape(wrong("a", noon));
    CHECK(json::serialize(o.at("steps")) ==
          R"({"total_duration_sec":10,"total_computing_duration_sec":7,"details":[)"
          R"({"step_name":"DEPLOYMENT_QUEUEING","status":"SUCCESS","duration_sec":3},)"
          R"({"step_name":"DEPLOYMENT","status":"ERROR","duration_sec":7}]})");
    CHECK(text(o, "last_deployment_date") == "2026-11-22T12:00:10.000Z");
    CHECK(o.at("deployment_request_id").is_null());
    CHECK(text(o, "execution_id") == "d-a");
}

TEST_CASE("what was cancelled in the queue never began") {
    auto v = running("a", noon);
    v.last->finished = noon + 4s;
    CHECK(json::serialize(qovery::status_shape(v).at("steps")) ==
          R"({"total_duration_sec":4,"total_computing_duration_sec":0,"details":[)"
          R"({"step_name":"DEPLOYMENT_QUEUEING","status":"CANCEL","duration_sec":4}]})");
}

TEST_CASE("of what waits for its turn the first is named when nothing runs any more") {
    auto v = running("a", noon);
    v.lined_up = {deployment("next", noon), deployment("later", noon)};
    CHECK(text(qovery::status_shape(v), "deployment_request_id") == "d-a");
    v.operation->state = storage::operation_state::done;
    CHECK(text(qovery::status_shape(v), "deployment_request_id") == "next");
}

TEST_CASE("a dry run is told of as executing, and by its own id") {
    auto const run = deployment("run", noon);
    auto const o = qovery::dry_run_shape(well("a", noon), run);
    check_required(o);
    CHECK(text(o, "state") == "EXECUTING");
    CHECK(text(o.at("status_details").as_object(), "status") == "EXECUTING");
    CHECK(text(o, "service_deployment_status") == "UP_TO_DATE");
    CHECK(text(o, "deployment_request_id") == "run");
}

TEST_CASE("an environment is as its services are") {
    struct row {
        std::vector<deploy::service_view> services;
        std::string_view state, last, id, freshness;
    };
    std::vector<row> const rows = {
        {{}, "READY", "READY", "", "NEVER_DEPLOYED"},
        {{view_of("a")}, "READY", "READY", "", "NEVER_DEPLOYED"},
        {{well("a", noon)}, "DEPLOYED", "DEPLOYED", "d-a", "UP_TO_DATE"},
        {{well("a", noon), view_of("b")}, "DEPLOYED", "DEPLOYED", "d-a", "OUT_OF_DATE"},
        // What is under way counts most, then what went wrong.
        {{running("a", noon), wrong("b", noon + 1s)},
         "DEPLOYING",
         "DEPLOYING",
         "d-a",
         "OUT_OF_DATE"},
        {{wrong("a", noon), well("b", noon + 5s)},
         "DEPLOYMENT_ERROR",
         "DEPLOYMENT_ERROR",
         "d-a",
         "OUT_OF_DATE"},
        // That was another deployment: the last one went well.
        {{wrong("a", noon), well("b", noon + 60s)},
         "DEPLOYMENT_ERROR",
         "DEPLOYED",
         "d-b",
         "OUT_OF_DATE"},
    };
    for (auto const& row : rows) {
        auto const o = qovery::environment_status_shape("e", row.services);
        CAPTURE(json::serialize(o));
        CHECK(text(o, "id") == "e");
        CHECK(text(o, "state") == row.state);
        CHECK(text(o, "last_deployment_state") == row.last);
        CHECK(text(o, "deployment_status") == row.freshness);
        if (row.id.empty()) CHECK(o.at("last_deployment_id").is_null());
        if (!row.id.empty()) CHECK(text(o, "last_deployment_id") == row.id);
    }
}

TEST_CASE("all statuses of an environment have a list for every kind of service") {
    auto const o = qovery::statuses_shape("e", {well("a", noon)});
    for (auto const* const key :
         {"applications", "containers", "jobs", "databases", "terraforms"}) {
        CAPTURE(key);
        CHECK(o.at(key).as_array().empty());
    }
    REQUIRE(o.at("helms").as_array().size() == 1);
    check_required(o.at("helms").as_array()[0].as_object());
    CHECK(text(o.at("environment").as_object(), "state") == "DEPLOYED");
    check_required(qovery::deployed_environment_shape("e", {well("a", noon)}));
    check_required(qovery::deployed_environment_shape("e", {}));
}

}  // namespace pilothouse::tests::status_shapes_test
