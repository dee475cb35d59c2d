// Who may read (contracts: gitlab 1.3; settled 12).
#include "tests/support/demo_chart.hpp"
#include "tests/support/put_record.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::reads_test {

using storage::role;
using storage::visibility;

namespace {

// One project of each kind with one chart in it, and everybody who could ask.
struct world {
    test_server server;
    storage::user_record root = server.add_user("root", true);
    storage::user_record outsider = server.add_user("outsider");
    std::string root_token = server.add_token(root, {"api"});
    std::string outsider_token = server.add_token(outsider, {"api"});

    storage::project_record project(std::string const& path, visibility v,
                                    bool anyone_can_pull = false, bool packages = true) {
        auto p = server.add_project(path, v);
        CHECK(server
                  .push(path, "stable", basic("root", root_token),
                        {{"chart", demo_chart("demo", "1.0.0"), "c.tgz"}})
                  .status == 201);
        p.anyone_can_pull = anyone_can_pull;
        p.packages_enabled = packages;
        return run_to_end(tests::put_record(server.core().stores->projects(), p)).value();
    }
    std::string member(storage::project_record const& p, role r,
                       std::vector<std::string> scopes = {"api"}) {
        auto const user = server.add_user("member" + std::to_string(++members));
        server.add_member(p, user, r);
        return server.add_token(user, std::move(scopes));
    }
    // The index and the chart answer alike, to GET and to HEAD.
    unsigned read(std::string const& project, http_headers const& who) {
        auto const base = "/api/v4/projects/" + project + "/packages/helm/stable/";
        auto const index = server.request("GET", base + "index.yaml", who);
        CHECK(server.request("GET", base + "charts/demo-1.0.0.tgz", who).status == index.status);
        CHECK(server.request("HEAD", base + "index.yaml", who).status == index.status);
        return index.status;
    }
    int members = 0;
};

http_headers none() { return {}; }
http_headers as(std::string const& token) { return {{"Authorization", basic("anybody", token)}}; }

}  // namespace

TEST_CASE("reads answer as GitLab's matrix says") {
    world w;
    auto const pub = w.project("grp/public", visibility::public_);
    auto const internal = w.project("grp/internal", visibility::internal);
    auto const priv = w.project("grp/private", visibility::private_);
    auto const open = w.project("grp/open", visibility::private_, true);
    auto const off = w.project("grp/off", visibility::public_, false, false);
    auto const wrong = as("plhp_000000000000000000000000000000000000");

    SUBCASE("G1: public") {
        CHECK(w.read("grp/public", none()) == 200);
        CHECK(w.read("grp/public", as(w.outsider_token)) == 200);
        CHECK(w.read("grp/public", as(w.member(pub, role::guest))) == 200);
    }
    SUBCASE("G2, G3: members of a private project, guests too") {
        for (auto const r :
             {role::guest, role::reporter, role::developer, role::maintainer, role::owner})
            CHECK(w.read("grp/private", as(w.member(priv, r))) == 200);
        CHECK(w.read("grp/private", as(w.member(priv, role::guest, {"read_api"}))) == 200);
        CHECK(w.read("grp/private", as(w.root_token)) == 200);
    }
    SUBCASE("G4, G10: who cannot see it, and what is not there, answer alike") {
        auto const hidden = w.server.request(
            "GET", "/api/v4/projects/grp%2Fprivate/packages/helm/stable/index.yaml",
            as(w.outsider_token));
        auto const absent =
            w.server.request("GET", "/api/v4/projects/grp%2Fabsent/packages/helm/stable/index.yaml",
                             as(w.outsider_token));
        CHECK(hidden.status == 404);
        CHECK(absent.status == 404);
        CHECK(hidden.body == absent.body);
        CHECK(hidden.body.find(R"("message":"404 Not Found")") != std::string::npos);
        CHECK(w.read("999", as(w.outsider_token)) == 404);
    }
    SUBCASE("G5, G9: anonymous callers are challenged, whether the project is there or not") {
        for (std::string const project : {"grp%2Fprivate", "grp%2Fabsent", "999999", "single"}) {
            auto const reply = w.server.request(
                "GET", "/api/v4/projects/" + project + "/packages/helm/stable/index.yaml");
            CHECK(reply.status == 401);
            CHECK(reply.header("www-authenticate") == R"(Basic realm="GitLab Packages Registry")");
            CHECK(reply.body.find(R"("message":"401 Unauthorized")") != std::string::npos);
        }
    }
    SUBCASE("G6, G7: deploy tokens") {
        CHECK(w.read("grp/private",
                     as(w.server.add_deploy_token(priv, {"read_package_registry"}))) == 200);
        CHECK(w.read("grp/private",
                     as(w.server.add_deploy_token(priv, {"write_package_registry"}))) == 200);
        CHECK(w.read("grp/private", as(w.server.add_deploy_token(priv, {"read_repository"}))) ==
              404);
        auto const other = w.server.add_deploy_token(pub, {"read_package_registry"});
        CHECK(w.read("grp/private", as(other)) == 404);
        CHECK(w.read("grp/internal", as(other)) == 404);
        CHECK(w.read("grp/public", as(other)) == 200);
    }
    SUBCASE("G8: a wrong password is 401 even where anybody may read") {
        CHECK(w.read("grp/public", wrong) == 401);
        CHECK(w.read("grp/private", wrong) == 401);
        CHECK(w.read("999", wrong) == 401);
    }
    SUBCASE("G11: packages are off") {
        CHECK(w.read("grp/off", none()) == 403);
        CHECK(w.read("grp/off", as(w.outsider_token)) == 403);
        CHECK(w.read("grp/off", as(w.member(off, role::developer))) == 403);
    }
    SUBCASE("A17: anyone may pull from a private project that says so") {
        CHECK(w.read("grp/open", none()) == 200);
        CHECK(w.read("grp/open", as(w.outsider_token)) == 200);
        CHECK(w.server
                  .push("grp/open", "stable", basic("x", w.outsider_token),
                        {{"chart", demo_chart("demo", "2.0.0"), "c.tgz"}})
                  .status == 403);
        CHECK(w.read("grp/open", wrong) == 401);
    }
    SUBCASE("internal projects are for everybody with an account") {
        CHECK(w.read("grp/internal", none()) == 401);
        CHECK(w.read("grp/internal", as(w.outsider_token)) == 200);
    }
    SUBCASE("A12: a scope that is too small is 403 and names the scope") {
        auto const reply = w.server.request(
            "GET", "/api/v4/projects/grp%2Fprivate/packages/helm/stable/index.yaml",
            as(w.member(priv, role::owner, {"read_user"})));
        CHECK(reply.status == 403);
        CHECK(reply.body.find(R"("error":"insufficient_scope")") != std::string::npos);
        CHECK(reply.body.find(R"("scope":"api read_api")") != std::string::npos);
    }
    SUBCASE("G13: job tokens read as their user, within their project's sight") {
        auto const user = w.server.add_user("worker");
        w.server.add_member(priv, user, role::reporter);
        CHECK(w.read("grp/private", as(w.server.add_job_token(priv, user))) == 200);
        CHECK(w.read("grp/public", as(w.server.add_job_token(priv, user))) == 200);
        CHECK(w.read("grp/internal", as(w.server.add_job_token(priv, user))) == 404);
        CHECK(w.read("grp/private", as(w.server.add_job_token(pub, user))) == 404);
    }
    SUBCASE("a project is named by number, encoded path, raw path, in any letter case") {
        CHECK(w.read(std::to_string(pub.id.value), none()) == 200);
        CHECK(w.read("grp%2Fpublic", none()) == 200);
        CHECK(w.read("grp/public", none()) == 200);
        CHECK(w.read("GRP/Public", none()) == 200);
    }
}

}  // namespace pilothouse::tests::reads_test
