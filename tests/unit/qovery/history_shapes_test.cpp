#include "server/qovery/history_shapes.hpp"
#include "tests/unit/qovery/views.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::tests::history_shapes_test {

using storage::deployment_kind;
using storage::deployment_outcome;

namespace {

namespace json = boost::json;

std::string_view text(json::value const& v) { return v.as_string(); }

// That runs.
storage::operation_record operation_of(storage::deployment_record const& d,
                                       storage::operation_kind kind) {
    storage::operation_record o;
    o.id = d.operation;
    o.kind = kind;
    o.state = storage::operation_state::running;
    return o;
}

}  // namespace

TEST_CASE("how a deployment ended is told in its own words") {
    struct row {
        deployment_kind kind;
        deployment_outcome outcome;
        std::string_view state, action, status, trigger;
    };
    std::vector<row> const rows = {
        {deployment_kind::deploy, deployment_outcome::success, "DEPLOYED", "DEPLOY", "SUCCESS",
         "DEPLOY"},
        {deployment_kind::deploy, deployment_outcome::error, "DEPLOYMENT_ERROR", "DEPLOY", "ERROR",
         "DEPLOY"},
        {deployment_kind::deploy, deployment_outcome::cancelled, "CANCELED", "DEPLOY", "CANCELED",
         "DEPLOY"},
        {deployment_kind::deploy, deployment_outcome::none, "DEPLOYMENT_QUEUED", "DEPLOY", "QUEUED",
         "DEPLOY"},
        {deployment_kind::stop, deployment_outcome::none, "STOP_QUEUED", "STOP", "QUEUED", "STOP"},
        {deployment_kind::dry_run, deployment_outcome::success, "READY", "DEPLOY", "SUCCESS",
         "DEPLOY_DRY_RUN"},
        {deployment_kind::uninstall, deployment_outcome::success, "DELETED", "DELETE", "SUCCESS",
         "UNINSTALL"},
        {deployment_kind::uninstall, deployment_outcome::error, "DELETE_ERROR", "DELETE", "ERROR",
         "UNINSTALL"},
        {deployment_kind::remove, deployment_outcome::error, "DELETE_ERROR", "DELETE", "ERROR",
         "DELETE"},
        {deployment_kind::stop, deployment_outcome::success, "STOPPED", "STOP", "SUCCESS", "STOP"},
        {deployment_kind::stop, deployment_outcome::error, "STOP_ERROR", "STOP", "ERROR", "STOP"},
        {deployment_kind::restart, deployment_outcome::success, "RESTARTED", "RESTART", "SUCCESS",
         "RESTART"},
        {deployment_kind::restart, deployment_outcome::error, "RESTART_ERROR", "RESTART", "ERROR",
         "RESTART"},
    };
    auto const of = view_of("a", deployment("newer", noon + 60s), {});
    for (auto const& row : rows) {
        auto d = ended(deployment("d", noon), row.outcome);
        d.kind = row.kind;
        auto const one = qovery::service_history_row_v2({d, of});
        CAPTURE(json::serialize(one));
        CHECK(text(one.at("status")) == row.state);
        CHECK(text(one.at("status_details").at("action")) == row.action);
        CHECK(text(one.at("status_details").at("status")) == row.status);
        auto const all = qovery::environment_history_row_v2({d, of}, "e");
        CHECK(text(all.at("trigger_action")) == row.trigger);
        CHECK(text(all.at("action_status")) == row.status);
    }
}

TEST_CASE("the last deployment is as its operation is") {
    auto d = deployment("d", noon);
    d.kind = deployment_kind::stop;
    auto of = view_of("a", d, {});
    of.operation = operation_of(d, storage::operation_kind::stop);
    CHECK(text(qovery::service_history_row({d, of}).at("status")) == "STOPPING");
    CHECK(text(qovery::service_history_row_v2({d, of}).at("total_duration")) == "PT0S");
    // Whatever lines up behind it.
    of.lined_up = {deployment("next", noon + 1s)};
    of.status.state = deploy::service_state::deployment_queued;
    CHECK(text(qovery::service_history_row({d, of}).at("status")) == "STOPPING");
    CHECK(text(qovery::service_history_row_v2({d, of}).at("status_details").at("action")) ==
          "STOP");
}

TEST_CASE("what another door did is in no row of this one's") {
    auto const d = ended(deployment("d", noon), deployment_outcome::success);
    auto of = view_of("a", d,
                      {deploy::service_state::delete_error, deploy::service_action::delete_,
                       deploy::action_status::error, deploy::freshness::out_of_date});
    of.operation = operation_of(deployment("other", noon), storage::operation_kind::uninstall);
    CHECK(text(qovery::service_history_row({d, of}).at("status")) == "DEPLOYED");
}

TEST_CASE("what waits for its turn is queued, and what it waits for goes on") {
    auto const first = deployment("first", noon), next = deployment("next", noon + 1s);
    auto of = view_of("a", first,
                      {deploy::service_state::deployment_queued, deploy::service_action::deploy,
                       deploy::action_status::queued, deploy::freshness::out_of_date});
    of.lined_up = {next};
    of.operation = operation_of(first, storage::operation_kind::install);
    CHECK(text(qovery::service_history_row({next, of}).at("status")) == "DEPLOYMENT_QUEUED");
    CHECK(text(qovery::service_history_row({first, of}).at("status")) == "DEPLOYING");
    of.last = ended(first, deployment_outcome::error);
    CHECK(text(qovery::service_history_row({*of.last, of}).at("status")) == "DEPLOYMENT_ERROR");
}

TEST_CASE("rows of histories have the keys that clients need, and details of one shape") {
    auto const d = ended(deployment("d", noon), deployment_outcome::success);
    auto const of = view_of("a", deployment("newer", noon), {});
    CHECK(json::serialize(qovery::service_history_row({d, of})) ==
          R"({"id":"d","created_at":"2026-11-22T12:00:00.000Z",)"
          R"("updated_at":"2026-11-22T12:00:10.000Z","name":"service a","status":"DEPLOYED",)"
          R"("commit":null,"repository":{"chart_name":"buoy","chart_version":"1.0.0"}})");
    auto const v2 = qovery::service_history_row_v2({d, of});
    CHECK(json::serialize(v2.at("details")) ==
          R"({"repository":{"chart_name":"buoy","chart_version":"1.0.0"}})");
    CHECK(json::serialize(v2.at("identifier")) ==
          R"({"name":"service a","service_id":"a","service_type":"HELM","execution_id":"d"})");
    CHECK(text(v2.at("total_duration")) == "PT10S");
    CHECK(text(v2.at("auditing_data").at("triggered_by")) == "skipper");
    auto const all = qovery::environment_history_row_v2({d, of}, "e");
    CHECK(json::serialize(all.at("identifier")) == R"({"execution_id":"d","environment_id":"e"})");
    REQUIRE(all.at("stages").as_array().size() == 1);
    CHECK(text(all.at("stages").as_array()[0].at("status")) == "DONE");
    CHECK(all.at("stages").as_array()[0].at("services").as_array().size() == 1);
    auto const page = qovery::history_shape(20, json::array());
    CHECK(json::serialize(page) == R"({"page":1,"page_size":20,"results":[]})");
}

TEST_CASE("a difference is text for people") {
    CHECK(qovery::difference_text("").empty());
    CHECK(qovery::difference_text("[]").empty());
    CHECK(
        qovery::difference_text(
            R"([{"change":"added","kind":"Secret","namespace":"sea","name":"x","text":"+a: 1\n"},)"
            R"({"change":"removed","kind":"Node","namespace":"","name":"y","text":"-b"},{"more":3}])") ==
        "added Secret sea/x\n+a: 1\n\nremoved Node y\n-b\n\n… and 3 more\n");
}

}  // namespace pilothouse::tests::history_shapes_test
