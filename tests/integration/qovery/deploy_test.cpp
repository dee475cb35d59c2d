// The deploy API over a socket: the life of a Helm service, who may do what, and what is refused.
#include "base/runtime.hpp"
#include "storage/operation_log.hpp"
#include "tests/support/demo_chart.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::tests::deploy_test {

namespace json = boost::json;
using storage::role;

namespace {

constexpr auto nowhere = "00000000-0000-4000-8000-000000000000";

json::object values(char const* how, char const* key, char const* text) {
    json::array pairs;
    pairs.push_back(json::array{json::string(key), json::string(text)});
    return {{"values_override", json::object{{how, pairs}}}};
}
json::object ab_set() { return values("set", "a", "b"); }

// Clients may write UUIDs so.
std::string upper(std::string_view uuid) {
    std::string all;
    for (char const c : uuid) all += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return all;
}

settings quiet(std::filesystem::path const& helm) {
    settings s;
    std::ofstream(helm) << "#!/bin/sh\necho v4.0.0\n";  // all that is asked before the queue
    std::filesystem::permissions(helm, std::filesystem::perms::owner_all);
    s.helm.program = helm.string();
    s.releases.running = 0;  // what is queued stays so until a test says otherwise
    s.base_path = "/hub";
    return s;
}

struct yard {
    temp_dir tools;
    test_server server{quiet(tools.path() / "helm")};
    storage::project_record project = server.add_project("grp/p", storage::visibility::private_);
    storage::cluster_record cluster = add_cluster();
    std::string owner = person("owner", role::maintainer, role::developer);
    std::string repository, environment;

    yard() {
        for (auto const* const v : {"1.0.0", "1.1.0"}) {
            auto const done = server.request(
                "POST", "/hub/api/v4/projects/grp%2Fp/packages/helm/api/stable/charts",
                {{"Authorization", basic("owner", owner)},
                 {"Content-Type", std::string(form_type)}},
                form_body({{"chart", demo_chart("demo", v), "demo.tgz"}}));
            REQUIRE(done.status == 201);
        }
        auto const group = first("/organization");
        repository = first("/organization/" + group + "/helmRepository");
        environment = make_environment("sea", "demo-sea");
    }
    storage::cluster_record add_cluster() {
        storage::cluster_record c;
        c.name = "quay";
        c.server = "https://127.0.0.1:6443";
        return run_to_end(server.core().stores->clusters().create(c)).value();
    }
    std::string person(std::string const& name, role in_project, role on_cluster,
                       std::vector<std::string> scopes = {"api"}) {
        auto const user = server.add_user(name);
        if (in_project != role::none) server.add_member(project, user, in_project);
        if (on_cluster != role::none)
            run_to_end(server.core().stores->cluster_members().set(cluster.id, user.id, on_cluster))
                .value();
        return server.add_token(user, std::move(scopes));
    }
    http_reply ask_as(std::string const& authorization, std::string_view method,
                      std::string const& path, std::string_view body = "",
                      std::string const& type = "application/json") {
        http_headers headers = {{"Content-Type", type}};
        if (!authorization.empty()) headers.emplace_back("Authorization", authorization);
        return server.request(method, "/hub/api/deploy" + path, headers, body);
    }
    http_reply ask(std::string_view method, std::string const& path, std::string_view body = "") {
        return ask_as("Bearer " + owner, method, path, body);
    }
    json::value told(unsigned status, std::string_view method, std::string const& path,
                     std::string_view body = "") {
        auto const reply = ask(method, path, body);
        CAPTURE(path);
        CAPTURE(reply.body);
        REQUIRE(reply.status == status);
        CHECK(reply.header("content-type") == "application/json");
        return json::parse(reply.body);
    }
    void done(unsigned status, std::string_view method, std::string const& path,
              std::string_view body = "") {
        auto const reply = ask(method, path, body);
        CAPTURE(path);
        CAPTURE(reply.body);
        CHECK(reply.status == status);
    }
    // {"status", "error", "message"}; the message.
    std::string refused(unsigned status, std::string_view method, std::string const& path,
                        std::string_view body = "") {
        auto const o = told(status, method, path, body);
        CHECK(o.at("status").to_number<unsigned>() == status);
        CHECK(!o.at("error").as_string().empty());
        return std::string(o.at("message").as_string());
    }
    std::string first(std::string const& path) {
        auto const all = told(200, "GET", path);
        REQUIRE(!all.at("results").as_array().empty());
        return std::string(all.at("results").as_array()[0].at("id").as_string());
    }
    std::string project_path() {
        return "/project/" + first("/organization/" + first("/organization") + "/project");
    }
    std::string make_environment(std::string const& name, std::string const& name_space) {
        json::object const wanted{
            {"name", name}, {"namespace", name_space}, {"cluster", "quay"}, {"mode", "PRODUCTION"}};
        auto const made =
            told(201, "POST", project_path() + "/environment", json::serialize(wanted));
        return std::string(made.at("id").as_string());
    }
    [[nodiscard]] std::string document(std::string const& name, json::object more = {}) const {
        json::object o{
            {"name", name},
            {"auto_deploy", false},
            {"arguments", json::array()},
            {"source",
             {{"helm_repository",
               {{"repository", repository}, {"chart_name", "demo"}, {"chart_version", "1.0.0"}}}}},
            {"values_override", json::object()},
            {"ports", nullptr},
            {"unknown_to_us", 1}};
        for (auto& [key, value] : more) o[key] = value;
        return json::serialize(o);
    }
    std::string make_service(std::string const& name, json::object more = {}) {
        auto const made = told(201, "POST", "/environment/" + environment + "/helm",
                               document(name, std::move(more)));
        return "/helm/" + std::string(made.at("id").as_string());
    }
    std::string state(std::string const& service) {
        auto const o = told(200, "GET", service + "/status");
        return std::string(o.at("state").as_string()) + " " +
               o.at("service_deployment_status").as_string().c_str();
    }
    // What is queued first ends so.
    void end(storage::release_status as, bool gone = false, errc wrong = errc::cancelled,
             bool well = true) {
        auto& operations = server.core().stores->operations();
        auto const next = run_to_end(operations.claim({})).value();
        storage::operation_ending how;
        how.status = as;
        how.revision = gone ? 0 : 1;
        how.gone = gone;
        if (!well) how.error = storage::operation_error{wrong, "the lamp is dark"};
        run_to_end(operations.finish(next.operation.id, how)).value();
    }
};

}  // namespace

TEST_CASE("a service is configured, deployed, changed, uninstalled and deleted") {
    yard y;
    auto const service = y.make_service("lamp");
    CHECK(y.state(service) == "READY NEVER_DEPLOYED");

    auto const begun = y.told(202, "POST", service + "/deploy", R"({"chart_version":"1.1.0"})");
    CHECK(begun.at("state").as_string() == "DEPLOYMENT_QUEUED");
    CHECK(begun.at("deployment_request_id").is_string());
    CHECK(y.refused(409, "POST", service + "/deploy") == "Operation is in progress");
    CHECK(y.refused(409, "PUT", service, y.document("lamp")) == "Operation is in progress");
    for (auto const* const verb : {"/redeploy", "/uninstall"})
        y.refused(409, "POST", service + verb);
    y.refused(409, "DELETE", service);
    y.end(storage::release_status::deployed);
    CHECK(y.state(service) == "DEPLOYED UP_TO_DATE");
    auto const shown = y.told(200, "GET", service);
    CHECK(shown.at("source").at("repository").at("chart_version").as_string() == "1.1.0");
    CHECK(std::string(shown.at("source").at("repository").at("repository").at("url").as_string())
              .ends_with("/hub/api/v4/projects/grp%2Fp/packages/helm/stable"));

    y.told(200, "PUT", service, y.document("lamp", {{"timeout_sec", 30}}));
    CHECK(y.state(service) == "DEPLOYED OUT_OF_DATE");
    y.told(202, "POST", service + "/redeploy");
    y.end(storage::release_status::failed, false, errc::timed_out, false);
    CHECK(y.state(service) == "DEPLOYMENT_ERROR OUT_OF_DATE");

    y.told(202, "POST", service + "/uninstall");
    y.end(storage::release_status::uninstalled, true);
    CHECK(y.state(service) == "DELETED NEVER_DEPLOYED");
    y.done(204, "POST", service + "/uninstall");
    auto const history = y.told(200, "GET", service + "/deploymentHistoryV2?pageSize=2");
    REQUIRE(history.at("results").as_array().size() == 2);
    CHECK(history.at("results").as_array()[1].at("status").as_string() == "DEPLOYMENT_ERROR");
    CHECK(y.told(200, "GET", service + "/deploymentHistory").at("results").as_array().size() == 3);

    y.done(204, "DELETE", service);
    y.refused(404, "GET", service + "/status");
    y.done(204, "DELETE", "/environment/" + y.environment);
    y.refused(404, "GET", "/environment/" + y.environment);
}

TEST_CASE("a service that is deleted while it is installed goes with its release") {
    yard y;
    auto const service = y.make_service("lamp");
    y.told(202, "POST", service + "/deploy");
    y.end(storage::release_status::deployed);
    y.done(204, "DELETE", service);
    CHECK(y.state(service).starts_with("DELETE_QUEUED"));
    y.end(storage::release_status::uninstalled, true);
    y.refused(404, "GET", service + "/status");
    CHECK(y.told(200, "GET", "/environment/" + y.environment + "/helm")
              .at("results")
              .as_array()
              .empty());
}

TEST_CASE("a body that is none deploys what is configured, whatever its type") {
    yard y;
    auto const service = y.make_service("lamp");
    struct row {
        std::string_view body;
        char const* type;
    };
    for (auto const& row :
         {row{"", "application/json"}, row{"null\n", "application/json"}, row{"{}", "text/plain"},
          row{"", "application/x-www-form-urlencoded"}}) {
        CAPTURE(row.body);
        auto const reply =
            y.ask_as("Token " + y.owner, "POST", service + "/deploy", row.body, row.type);
        CHECK(reply.status == 202);
        y.end(storage::release_status::deployed);
    }
    for (auto const* const verb : {"/redeploy", "/uninstall"}) {
        auto const reply = y.ask_as("token " + y.owner, "POST", service + verb, "",
                                    "application/x-www-form-urlencoded");
        CHECK(reply.status == 202);
        y.end(storage::release_status::deployed, std::string_view(verb) == "/uninstall");
    }
}

TEST_CASE("what is queued can be cancelled, by its id and with its environment") {
    yard y;
    auto const service = y.make_service("lamp");
    auto const all = "/environment/" + y.environment;
    auto const begun = y.told(202, "POST", service + "/deploy");
    auto const cancel = "/deploymentQueue/" + upper(begun.at("deployment_request_id").as_string()) +
                        "/cancelDeployment";
    y.told(202, "POST", cancel);
    CHECK(y.state(service).starts_with("CANCELED"));
    y.refused(409, "POST", cancel);
    y.refused(409, "POST", all + "/cancelDeployment", "null");
    y.told(202, "POST", service + "/deploy");
    y.told(202, "POST", all + "/cancelDeployment", R"({"force_cancel":true})");
    CHECK(y.state(service).starts_with("CANCELED"));
}

TEST_CASE("the services of an environment are asked for together") {
    yard y;
    auto const all = "/environment/" + y.environment;
    auto const one = y.make_service("one"), two = y.make_service("two");
    json::object const some{
        {"helms", json::array{json::object{{"id", one.substr(6)}, {"chart_version", "1.1.0"}}}}};
    CHECK(
        y.told(202, "POST", all + "/service/deploy", json::serialize(some)).at("id").as_string() ==
        y.environment);
    // One of them is busy: none begins.
    y.refused(409, "POST", all + "/deploy");
    CHECK(y.state(two) == "READY NEVER_DEPLOYED");
    y.end(storage::release_status::deployed);
    y.told(202, "POST", all + "/deploy");
    y.end(storage::release_status::deployed);
    y.end(storage::release_status::deployed);
    auto const statuses = y.told(200, "GET", all + "/statuses");
    CHECK(statuses.at("environment").at("last_deployment_state").as_string() == "DEPLOYED");
    CHECK(statuses.at("helms").as_array().size() == 2);
    CHECK(statuses.at("terraforms").as_array().empty());
    CHECK(y.told(200, "GET", all + "/helm/status").at("results").as_array().size() == 2);
    CHECK(y.told(200, "GET", all + "/status").at("state").as_string() == "DEPLOYED");
    CHECK(y.told(200, "GET", all + "/deploymentHistory").at("results").as_array().size() == 3);
    auto const history = y.told(200, "GET", all + "/deploymentHistoryV2?pageSize=1");
    CHECK(history.at("results").as_array()[0].at("trigger_action").as_string() == "DEPLOY");

    y.refused(404, "POST", all + "/service/deploy",
              std::string(R"({"helms":[{"id":")") + nowhere + "\"}]}");
    y.refused(400, "POST", all + "/service/deploy", R"({"helms":[{"id":"x"}]})");
    y.refused(400, "POST", all + "/service/deploy", "null");
    y.refused(404, "POST", all + "/service/deploy", R"({"applications":[{}]})");
    y.refused(409, "DELETE", all);
    auto const ids = R"({"helm_ids":[")" + one.substr(6) + "\"]}";
    y.told(202, "POST", all + "/service/uninstall", ids);
    y.end(storage::release_status::uninstalled, true);
    y.done(204, "POST", all + "/service/uninstall", ids);
    y.done(204, "POST", all + "/service/delete", ids);
    y.told(202, "POST", all + "/uninstall");
    y.end(storage::release_status::uninstalled, true);
    CHECK(y.state(two) == "DELETED NEVER_DEPLOYED");
}

TEST_CASE("what cannot be understood is refused with a sentence") {
    yard y;
    auto const service = y.make_service("lamp");
    auto const helms = "/environment/" + y.environment + "/helm";
    y.refused(400, "POST", service + "/deploy", R"({"chart_version":"9.9.9"})");
    y.refused(400, "POST", service + "/deploy", R"({"chart_version":"1.0.0","git_commit_id":"a"})");
    y.refused(400, "POST", service + "/deploy", R"({"git_commit_id":"a"})");
    y.refused(400, "POST", service + "/deploy", R"({"chart_version":1})");
    y.refused(400, "POST", service + "/deploy", "[]");
    y.refused(400, "POST", service + "/deploy", "chart_version=1.0.0");
    y.refused(400, "POST", service + "/deploy?forceEvent=TEST");
    y.refused(400, "POST", service + "/redeploy?forceEvent=TEST");
    y.refused(400, "DELETE", service + "?skipReconcile=perhaps");
    y.refused(400, "GET", service + "/deploymentHistoryV2?pageSize=0");
    // 400 where clients know that status, else 404.
    y.refused(400, "POST", "/helm/no-uuid/deploy");
    y.refused(404, "GET", "/helm/no-uuid/status");
    y.refused(404, "POST", std::string("/helm/") + nowhere + "/deploy");
    y.refused(404, "GET", std::string("/organization/") + nowhere + "/project");
    y.refused(404, "GET", "/nothing");
    y.refused(405, "PATCH", service);

    CHECK(y.refused(409, "POST", helms, y.document("lamp")) != "");
    CHECK(y.refused(400, "POST", helms, y.document("x", {{"arguments", {"--kubeconfig=a"}}}))
              .find("--kubeconfig") != std::string::npos);
    y.refused(400, "POST", helms,
              y.document("x", {{"source", {{"git_repository", {{"url", "a"}}}}}}));
    y.refused(400, "POST", helms, y.document("x", values("set_json", "a", "{")));
    y.refused(400, "POST", helms, "{");
    y.refused(413, "POST", helms, std::string(1024 * 1024 + 1, ' '));
    auto const environments = y.project_path() + "/environment";
    y.refused(409, "POST", environments, R"({"name":"sea","cluster":"quay"})");
    y.refused(400, "POST", environments, R"({"name":"x"})");
    y.refused(400, "POST", environments, R"({"name":"x","cluster":"quay","mode":"LOUD"})");
    y.refused(400, "PUT", "/environment/" + y.environment, R"({"name":""})");
    auto const renamed = y.told(200, "PUT", "/environment/" + y.environment, R"({"name":"bay"})");
    CHECK(renamed.at("name").as_string() == "bay");
    CHECK(renamed.at("mode").as_string() == "PRODUCTION");
}

TEST_CASE("readers see, developers deploy, maintainers change; in the cluster, too") {
    yard y;
    auto const service = y.make_service("lamp", ab_set());
    auto const helms = "/environment/" + y.environment + "/helm";
    struct row {
        std::string token;
        unsigned sees, deploys, changes;
        bool values;  // sees them
    };
    std::vector<row> const rows = {
        {y.person("reader", role::reporter, role::developer), 200, 403, 403, false},
        {y.person("lookout", role::reporter, role::developer, {"read_api"}), 200, 403, 403, false},
        {y.person("weak", role::maintainer, role::developer, {"read_api"}), 200, 403, 403, false},
        {y.person("ashore", role::maintainer, role::none), 200, 403, 403, true},
        {y.person("guest", role::maintainer, role::reporter), 200, 403, 403, true},
        {y.person("stranger", role::none, role::developer), 404, 404, 404, false},
        {"nobodys", 401, 401, 401, false},
        {"", 401, 401, 401, false},
        {y.person("deployer", role::developer, role::developer), 200, 202, 403, true},
        {y.person("boss", role::maintainer, role::developer), 200, 202, 200, true},
    };
    for (auto const& row : rows) {
        CAPTURE(row.token);
        auto const as = row.token.empty() ? "" : "Bearer " + row.token;
        for (auto const& path : {service, service + "/status", helms, helms + "/status",
                                 service + "/deploymentHistory"})
            CHECK(y.ask_as(as, "GET", path).status == row.sees);
        auto const seen = y.ask_as(as, "GET", service).body;
        CHECK((seen.find(R"(["a","b"])") != std::string::npos) == row.values);
        CHECK(y.ask_as(as, "PUT", service, y.document("lamp")).status == row.changes);
        y.told(200, "PUT", service, y.document("lamp", ab_set()));
        CHECK(y.ask_as(as, "POST", service + "/deploy").status == row.deploys);
        if (row.deploys == 202) y.end(storage::release_status::deployed);
    }
    auto const reply = y.ask_as("", "GET", service);
    CHECK(reply.header("www-authenticate") == "Bearer");
}

}  // namespace pilothouse::tests::deploy_test
