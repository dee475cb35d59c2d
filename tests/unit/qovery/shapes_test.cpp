#include "server/qovery/shapes.hpp"
#include "tests/unit/qovery/views.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::shapes_test {

namespace {

namespace json = boost::json;

deploy::configured_service buoy() {
    deploy::configured_service s;
    s.view = view_of("a");
    s.configuration.repository = qovery::repository_uuid(storage::channel_id{5});
    s.configuration.chart = "buoy";
    s.configuration.version = "1.0.0";
    s.channel.id = storage::channel_id{5};
    s.channel.name = "stable";
    s.project_path = "fleet/charts";
    return s;
}

}  // namespace

TEST_CASE("a service has every key that clients need") {
    auto const o = qovery::service_shape(buoy(), "e", "https://house/hub");
    for (auto const* const key :
         {"id", "created_at", "environment", "name", "auto_preview", "auto_deploy", "source",
          "arguments", "allow_cluster_wide_resources", "values_override", "icon_uri",
          "service_type"}) {
        CAPTURE(key);
        REQUIRE(o.contains(key));
        CHECK(!o.at(key).is_null());
    }
    CHECK(o.at("service_type").as_string() == "HELM");
    CHECK(json::serialize(o.at("environment")) == R"({"id":"e"})");
    // One key: clients refuse none, and two.
    CHECK(json::serialize(o.at("source")) ==
          R"({"repository":{"chart_name":"buoy","chart_version":"1.0.0","repository":{)"
          R"("id":"00000063-0000-8000-8000-000000000005","name":"fleet/charts/stable",)"
          R"("url":"https://house/hub/api/v4/projects/fleet%2Fcharts/packages/helm/stable"}}})");
    CHECK(json::serialize(o.at("values_override")) ==
          R"({"set":[],"set_string":[],"set_json":[],"file":null})");
}

TEST_CASE("the values of a service are shown as they were given") {
    auto s = buoy();
    s.configuration.values.set.emplace_back("a", secret("1"));
    s.configuration.values.set_json.emplace_back("b", secret("{}"));
    s.configuration.values.files.push_back({"x.yaml", secret("c: 1")});
    s.configuration.arguments = {"--wait", "--atomic"};
    auto const o = qovery::service_shape(s, "e", "");
    CHECK(json::serialize(o.at("values_override")) ==
          R"({"set":[["a","1"]],"set_string":[],"set_json":[["b","{}"]],"file":{"raw":{"values":)"
          R"([{"name":"x.yaml","content":"c: 1"}]},"git":null}})");
    CHECK(json::serialize(o.at("arguments")) == R"(["--wait","--atomic"])");
}

TEST_CASE("a service whose channel is gone still has a source") {
    auto s = buoy();
    s.channel = {};
    auto const o = qovery::service_shape(s, "e", "https://house");
    CHECK(json::serialize(o.at("source").at("repository").at("repository")) ==
          R"({"id":"00000063-0000-8000-8000-000000000005","name":"","url":""})");
}

TEST_CASE("an environment names the places that it stands on") {
    storage::environment_record e;
    e.uuid = "u";
    e.project = storage::project_id{7};
    e.cluster = storage::cluster_id{3};
    e.cluster_name = "quay";
    e.name = "sea";
    e.name_space = "fleet-sea";
    e.mode = storage::environment_mode::staging;
    e.created = e.updated = noon;
    CHECK(json::serialize(qovery::environment_shape(e, storage::group_id{2})) ==
          R"({"id":"u","created_at":"2026-11-22T12:00:00.000Z",)"
          R"("updated_at":"2026-11-22T12:00:00.000Z","name":"sea",)"
          R"("organization":{"id":"00000067-0000-8000-8000-000000000002"},)"
          R"("project":{"id":"00000070-0000-8000-8000-000000000007"},)"
          R"("cloud_provider":{"provider":"ON_PREMISE","cluster":"quay"},"mode":"STAGING",)"
          R"("cluster_id":"0000006b-0000-8000-8000-000000000003","cluster_name":"quay",)"
          R"("namespace":"fleet-sea"})");
}

}  // namespace pilothouse::tests::shapes_test
