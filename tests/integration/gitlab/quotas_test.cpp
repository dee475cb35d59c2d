// What a project may hold, over REST and at the upload.
#include "tests/support/demo_chart.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <filesystem>
#include <string>

namespace pilothouse::tests::quotas_test {

namespace json = boost::json;

namespace {

struct world {
    test_server server;
    storage::project_record project = server.add_project("grp/app", storage::visibility::private_);
    std::string admin = server.add_token(server.add_user("root", true), {"api"});
    storage::user_record jane = server.add_user("jane");
    std::string maintainer = server.add_token(jane, {"api"});

    world() { server.add_member(project, jane, storage::role::maintainer); }

    http_reply push(std::string const& version, std::string const& channel = "stable",
                    std::size_t padding = 0) {
        return server.push("grp%2Fapp", channel, basic("jane", maintainer),
                           {{"chart", demo_chart("demo", version, "", 0, padding), "c.tgz"}});
    }
    http_reply edit(std::string const& token, std::string const& body) {
        return server.request("PUT", "/api/v4/projects/grp%2Fapp",
                              {{"PRIVATE-TOKEN", token}, {"Content-Type", "application/json"}},
                              body);
    }
    json::object show(std::string const& token) {
        auto const reply =
            server.request("GET", "/api/v4/projects/grp%2Fapp", {{"PRIVATE-TOKEN", token}});
        REQUIRE(reply.status == 200);
        return json::parse(reply.body).as_object();
    }
    std::size_t stored_files() {
        std::size_t count = 0;
        for (auto const& file :
             std::filesystem::recursive_directory_iterator(server.folder() / "data" / "blobs"))
            count += file.is_regular_file() ? 1 : 0;
        return count;
    }
};

}  // namespace

TEST_CASE("a full project refuses a push, says how full it is, and stores nothing of it") {
    world w;
    REQUIRE(w.edit(w.admin, R"({"helm_quota_versions":2})").status == 200);
    CHECK(w.push("1.0.0").status == 201);
    CHECK(w.push("1.1.0", "edge").status == 201);
    auto const stored = w.stored_files();
    auto const refused = w.push("1.2.0");
    CHECK(refused.status == 403);
    auto const error = std::string(json::parse(refused.body).at("error").as_string());
    CHECK(error.find("2 of 2 versions") != std::string::npos);
    CHECK(error.find("quota of versions") != std::string::npos);
    CHECK(w.stored_files() == stored);
    CHECK(w.push("1.0.0").status == 201);  // what is there already
    CHECK(w.show(w.maintainer).at("helm_usage").at("versions") == 2);

    REQUIRE(w.edit(w.admin, R"({"helm_quota_versions":0})").status == 200);
    CHECK(w.push("1.2.0").status == 201);
}

TEST_CASE("a quota of bytes counts archives") {
    world w;
    REQUIRE(w.push("1.0.0").status == 201);
    auto const used = w.show(w.maintainer).at("helm_usage").at("bytes").to_number<std::uint64_t>();
    CHECK(used == demo_chart("demo", "1.0.0").size());
    REQUIRE(
        w.edit(w.admin, "{\"helm_quota_bytes\":" + std::to_string(used + 10'000) + "}").status ==
        200);
    auto const refused = w.push("2.0.0", "stable", 20'000);
    CHECK(refused.status == 403);
    CHECK(refused.body.find("raise its quota of bytes") != std::string::npos);
    CHECK(w.push("2.0.0").status == 201);
}

TEST_CASE("who may change a project sees its quota, and administrators alone set it") {
    world w;
    auto const before = w.show(w.maintainer);
    CHECK(before.at("helm_quota_bytes").is_null());
    CHECK(before.at("helm_quota_versions").is_null());
    CHECK(before.at("helm_usage").at("versions_limit").is_null());
    CHECK(before.at("permissions").at("project_access").at("access_level") == 40);
    CHECK(before.at("permissions").at("group_access").is_null());

    CHECK(w.edit(w.maintainer, R"({"helm_quota_bytes":1})").status == 403);
    CHECK(w.edit(w.maintainer, R"({"helm_quota_bytes":"default"})").status == 403);
    CHECK(w.edit(w.maintainer, R"({"description":"mine"})").status == 200);

    auto const set = w.edit(w.admin, R"({"helm_quota_bytes":1000000,"helm_quota_versions":"7"})");
    REQUIRE(set.status == 200);
    auto const answer = json::parse(set.body).as_object();
    CHECK(answer.at("helm_quota_bytes") == 1'000'000);
    CHECK(answer.at("helm_usage").at("versions_limit") == 7);
    REQUIRE(w.edit(w.admin, R"({"helm_quota_bytes":"default"})").status == 200);
    auto const after = w.show(w.maintainer);
    CHECK(after.at("helm_quota_bytes").is_null());
    CHECK(after.at("helm_quota_versions") == 7);

    for (auto const* const bad :
         {R"({"helm_quota_bytes":-1})", R"({"helm_quota_bytes":"many"})",
          R"({"helm_quota_bytes":9007199254740993})", R"({"helm_quota_versions":1.5})",
          R"({"helm_quota_versions":[1]})", R"({"helm_quota_versions":99999999999999999999})"}) {
        CAPTURE(bad);
        CHECK(w.edit(w.admin, bad).status == 400);
    }

    auto const guest = w.server.add_user("guest");
    w.server.add_member(w.project, guest, storage::role::developer);
    CHECK_FALSE(w.show(w.server.add_token(guest, {"api"})).contains("helm_usage"));
}

TEST_CASE("lists of projects say what the caller may do there, as single answers do") {
    world w;
    auto const list =
        w.server.request("GET", "/api/v4/projects", {{"PRIVATE-TOKEN", w.maintainer}});
    REQUIRE(list.status == 200);
    auto const projects = json::parse(list.body).as_array();
    REQUIRE(projects.size() == 1);
    CHECK(projects[0].at("permissions") == w.show(w.maintainer).at("permissions"));
    CHECK(json::parse(w.server.request("GET", "/api/v4/projects").body).as_array().empty());
}

}  // namespace pilothouse::tests::quotas_test
