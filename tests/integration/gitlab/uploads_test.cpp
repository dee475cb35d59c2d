// Pushing (contracts: gitlab 1.4, 1.5, 1.8; settled 7, 8, 9).
#include "base/runtime.hpp"
#include "tests/support/demo_chart.hpp"
#include "tests/support/put_record.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>

#include <filesystem>

namespace pilothouse::tests::uploads_test {

using storage::role;
using storage::visibility;

namespace {

struct world {
    test_server server;
    storage::user_record root = server.add_user("root", true);
    std::string root_basic = basic("root", server.add_token(root, {"api"}));
    int members = 0;

    std::string member(storage::project_record const& p, role r,
                       std::vector<std::string> scopes = {"api"}) {
        auto const user = server.add_user("member" + std::to_string(++members));
        server.add_member(p, user, r);
        return basic("m", server.add_token(user, std::move(scopes)));
    }
    http_reply push(std::string const& project, std::string const& who,
                    std::string const& archive) {
        return server.push(project, "stable", who, {{"chart", archive, "c.tgz"}});
    }
    std::string index(std::string const& project) {
        return server
            .request("GET", "/api/v4/projects/" + project + "/packages/helm/stable/index.yaml",
                     {{"Authorization", root_basic}})
            .body;
    }
    // Files in the data folder that are no database, lock or the like.
    std::size_t stored_files() {
        std::size_t count = 0;
        for (std::string const part : {"blobs", "staging"}) {
            for (auto const& file :
                 std::filesystem::recursive_directory_iterator(server.folder() / "data" / part))
                count += file.is_regular_file() ? 1 : 0;
        }
        return count;
    }
};

}  // namespace

TEST_CASE("pushes answer as GitLab's matrix says") {
    world w;
    auto const pub = w.server.add_project("grp/public", visibility::public_);
    auto const internal = w.server.add_project("grp/internal", visibility::internal);
    auto const priv = w.server.add_project("grp/private", visibility::private_);
    auto const chart = demo_chart("demo", "1.0.0");
    auto const outsider = basic("o", w.server.add_token(w.server.add_user("outsider"), {"api"}));

    SUBCASE("P1: developers and up") {
        for (auto const r : {role::developer, role::maintainer, role::owner}) {
            auto const reply = w.push("grp/private", w.member(priv, r), chart);
            CHECK(reply.status == 201);
            CHECK(reply.body == R"({"message":"201 Created"})");
            CHECK(reply.header("content-type") == "application/json");
        }
        CHECK(w.push("grp/public", w.member(pub, role::developer), chart).status == 201);
        CHECK(w.push("grp/private", w.root_basic, chart).status == 201);
    }
    SUBCASE("P2 to P6: those who may not") {
        CHECK(w.push("grp/public", w.member(pub, role::reporter), chart).status == 403);
        CHECK(w.push("grp/public", outsider, chart).status == 403);
        CHECK(w.push("grp/public", "", chart).status == 401);
        CHECK(w.push("grp/private", w.member(priv, role::guest), chart).status == 403);
        CHECK(w.push("grp/private", w.member(priv, role::reporter), chart).status == 403);
        CHECK(w.push("grp/private", outsider, chart).status == 404);
        CHECK(w.push("grp/private", "", chart).status == 401);
        CHECK(w.push("grp/internal", outsider, chart).status == 403);
        CHECK(w.push("grp/internal", "", chart).status == 401);
    }
    SUBCASE("P7: a wrong password") {
        CHECK(w.push("grp/public", basic("x", "wrong"), chart).status == 401);
    }
    SUBCASE("P8, P9: deploy tokens") {
        CHECK(w.push("grp/private",
                     basic("d", w.server.add_deploy_token(priv, {"write_package_registry"})), chart)
                  .status == 201);
        CHECK(w.push("grp/private",
                     basic("d", w.server.add_deploy_token(priv, {"read_package_registry"})), chart)
                  .status == 403);
        auto const other = basic("d", w.server.add_deploy_token(pub, {"write_package_registry"}));
        CHECK(w.push("grp/private", other, chart).status == 404);
        CHECK(w.push("grp/internal", other, chart).status == 404);
    }
    SUBCASE("P10: job tokens push as their user") {
        auto const developer = w.server.add_user("dev");
        w.server.add_member(priv, developer, role::developer);
        CHECK(w.push("grp/private",
                     basic("gitlab-ci-token", w.server.add_job_token(priv, developer)), chart)
                  .status == 201);
        auto const guest = w.server.add_user("guest");
        w.server.add_member(priv, guest, role::guest);
        CHECK(w.push("grp/private", basic("gitlab-ci-token", w.server.add_job_token(priv, guest)),
                     chart)
                  .status == 403);
    }
    SUBCASE("P11: what is not there") {
        CHECK(w.push("grp/absent", "", chart).status == 401);
        CHECK(w.push("grp/absent", outsider, chart).status == 404);
    }
    SUBCASE("P12: an archived project") {
        auto const dev = w.member(priv, role::developer);
        auto archived = priv;
        archived.archived = true;
        run_to_end(tests::put_record(w.server.core().stores->projects(), archived)).value();
        CHECK(w.push("grp/private", dev, chart).status == 403);
    }
    SUBCASE("a token that may only read") {
        CHECK(w.push("grp/private", w.member(priv, role::owner, {"read_api"}), chart).status ==
              403);
    }
    (void)internal;
}

TEST_CASE("bad uploads are refused with a reason and leave nothing behind") {
    world w;
    w.server.add_project("grp/p", visibility::public_);
    auto const& who = w.root_basic;
    auto const chart = demo_chart("demo", "1.0.0");
    auto const post = "/api/v4/projects/grp%2Fp/packages/helm/api/stable/charts";

    struct row {
        std::string what;
        http_reply reply;
        unsigned status;
        std::string body;  // a part of it; exact where it begins with {
    };
    http_headers const as_form{{"Authorization", who}, {"Content-Type", std::string(form_type)}};
    std::vector<row> const rows = {
        {"F1: a bad channel", w.server.push("grp%2Fp", "a--b", who, {{"chart", chart, "c.tgz"}}),
         400, R"({"error":"channel is invalid"})"},
        {"F1: a bad channel, anonymous",
         w.server.push("grp%2Fp", "h%C3%A9", "", {{"chart", chart, "c.tgz"}}), 400,
         R"({"error":"channel is invalid"})"},
        {"F2: no chart part", w.server.push("grp%2Fp", "stable", who, {{"file", chart, "c.tgz"}}),
         400, R"({"error":"chart is missing"})"},
        {"F3: a text field", w.server.push("grp%2Fp", "stable", who, {{"chart", "text", ""}}), 400,
         R"({"error":"chart is invalid"})"},
        {"two chart parts",
         w.server.push("grp%2Fp", "stable", who,
                       {{"chart", chart, "c.tgz"}, {"chart", chart, "d.tgz"}}),
         400, "two fields"},
        {"F9: not a gzip",
         w.server.push("grp%2Fp", "stable", who, {{"chart", "no chart at all", "c.tgz"}}), 400,
         "gzip"},
        {"an empty file", w.server.push("grp%2Fp", "stable", who, {{"chart", "", "c.tgz"}}), 400,
         "message"},
        {"a cut archive",
         w.server.push("grp%2Fp", "stable", who,
                       {{"chart", chart.substr(0, chart.size() / 2), "c.tgz"}}),
         400, "message"},
        {"bad version",
         w.server.push("grp%2Fp", "stable", who,
                       {{"chart", demo_chart("demo", "latest"), "c.tgz"}}),
         422, "version"},
        {"no form",
         w.server.request("POST", post,
                          {{"Authorization", who}, {"Content-Type", "application/gzip"}}, chart),
         400, "multipart"},
        {"no boundary",
         w.server.request("POST", post,
                          {{"Authorization", who}, {"Content-Type", "multipart/form-data"}}, chart),
         400, "boundary"},
        {"no body", w.server.request("POST", post, as_form), 400, "message"},
        {"a cut form",
         w.server.request("POST", post, as_form,
                          form_body({{"chart", chart, "c.tgz"}}).substr(0, 300)),
         400, "message"},
        {"R9: another method", w.server.request("DELETE", post, as_form), 405, "405"},
        {"R4: the proxy's address",
         w.server.request("POST", std::string(post) + "/authorize", as_form), 403, "403"},
        {"settled 10: provenance of something else",
         w.server.push("grp%2Fp", "stable", who,
                       {{"chart", chart, "c.tgz"},
                        {"prov", demo_provenance("demo", "1.0.0", "other bytes"), "c.prov"}}),
         422, "message"},
        {"provenance alone for no chart",
         w.server.push("grp%2Fp", "stable", who,
                       {{"prov", demo_provenance("demo", "1.0.0", chart), "c.prov"}}),
         404, "demo-1.0.0.tgz"},
    };
    for (auto const& r : rows) {
        CAPTURE(r.what);
        CAPTURE(r.reply.body);
        CHECK(r.reply.status == r.status);
        if (r.body.starts_with('{'))
            CHECK(r.reply.body == r.body);
        else
            CHECK(r.reply.body.find(r.body) != std::string::npos);
    }
    CHECK(w.stored_files() == 0);
    CHECK(w.index("grp%2Fp").find("\"entries\":{}") != std::string::npos);
}

TEST_CASE("F6, F7: the size limit, at its edge and above") {
    world w;
    w.server.add_project("grp/p", visibility::public_);
    auto const chart = demo_chart("demo", "1.0.0");
    auto const set = [&](std::size_t limit) {
        run_to_end(
            w.server.core().stores->settings().set("helm_max_file_size", std::to_string(limit)));
    };
    set(chart.size());
    auto const at = w.push("grp%2Fp", w.root_basic, chart);
    CHECK(at.status == 400);
    CHECK(at.body == R"({"message":"400 Bad request - File is too large"})");
    set(chart.size() - 1);
    CHECK(w.push("grp%2Fp", w.root_basic, chart).status == 413);
    set(chart.size() + 1);
    CHECK(w.push("grp%2Fp", w.root_basic, chart).status == 201);

    set(1000);
    http_client client(w.server.port());
    client.send(
        "POST /api/v4/projects/grp%2Fp/packages/helm/api/stable/charts HTTP/1.1\r\nHost: "
        "x\r\nAuthorization: " +
        w.root_basic +
        "\r\nContent-Type: multipart/form-data; boundary=b\r\nExpect: "
        "100-continue\r\nContent-Length: 100000000\r\n\r\n");
    auto const declared = client.receive();
    CHECK(declared.status == 413);
    set(0);
    CHECK(w.push("grp%2Fp", w.root_basic, demo_chart("demo", "2.0.0")).status == 201);
}

TEST_CASE("settled 7: pushing a version again") {
    world w;
    auto const chart = demo_chart("demo", "1.0.0");
    auto const repacked = demo_chart("demo", "1.0.0", "", 1'700'000'000);
    auto const other = demo_chart("demo", "1.0.0", "other: content\n");
    auto const pre = demo_chart("demo", "1.0.0-rc.1");
    auto const other_pre = demo_chart("demo", "1.0.0-rc.1", "other: content\n");
    REQUIRE(chart != repacked);

    SUBCASE("refuse, the default") {
        w.server.add_project("grp/p", visibility::public_);
        CHECK(w.push("grp%2Fp", w.root_basic, chart).status == 201);
        auto const before = w.index("grp%2Fp");
        CHECK(w.push("grp%2Fp", w.root_basic, chart).status == 201);
        CHECK(w.push("grp%2Fp", w.root_basic, repacked).status == 201);
        CHECK(w.index("grp%2Fp") == before);
        auto const refused = w.push("grp%2Fp", w.root_basic, other);
        CHECK(refused.status == 409);
        CHECK(refused.body.find("duplicates") != std::string::npos);
        CHECK(refused.body.find("\"error\"") != std::string::npos);
        CHECK(w.index("grp%2Fp") == before);
        CHECK(w.stored_files() == 1);
    }
    SUBCASE("allow: the newest wins") {
        w.server.add_project("grp/p", visibility::public_, storage::duplicates_rule::allow);
        CHECK(w.push("grp%2Fp", w.root_basic, chart).status == 201);
        auto const before = w.index("grp%2Fp");
        CHECK(w.push("grp%2Fp", w.root_basic, other).status == 201);
        CHECK(w.index("grp%2Fp") != before);
        CHECK(w.server
                  .request("GET",
                           "/api/v4/projects/grp%2Fp/packages/helm/stable/charts/demo-1.0.0.tgz")
                  .body == other);
    }
    SUBCASE("prerelease_only") {
        w.server.add_project("grp/p", visibility::public_,
                             storage::duplicates_rule::prerelease_only);
        CHECK(w.push("grp%2Fp", w.root_basic, chart).status == 201);
        CHECK(w.push("grp%2Fp", w.root_basic, pre).status == 201);
        CHECK(w.push("grp%2Fp", w.root_basic, other).status == 409);
        CHECK(w.push("grp%2Fp", w.root_basic, other_pre).status == 201);
    }
}

TEST_CASE("two charts that would share a file name cannot both be in a channel") {
    world w;
    w.server.add_project("grp/p", visibility::public_, storage::duplicates_rule::allow);
    CHECK(w.push("grp%2Fp", w.root_basic, demo_chart("a", "1-2.0.0")).status == 201);
    CHECK(w.push("grp%2Fp", w.root_basic, demo_chart("a-1", "2.0.0")).status == 409);
}

TEST_CASE("a push leaves every other channel and project alone") {
    world w;
    w.server.add_project("grp/p", visibility::public_);
    w.server.add_project("grp/q", visibility::public_);
    CHECK(w.push("grp%2Fp", w.root_basic, demo_chart("demo", "1.0.0")).status == 201);
    CHECK(w.server
              .push("grp%2Fp", "edge", w.root_basic,
                    {{"chart", demo_chart("demo", "1.0.0", "x: 1\n"), "c.tgz"}})
              .status == 201);
    CHECK(w.index("grp%2Fq").find("demo") == std::string::npos);
    auto const get = [&](std::string const& channel) {
        return w.server
            .request("GET",
                     "/api/v4/projects/grp%2Fp/packages/helm/" + channel + "/charts/demo-1.0.0.tgz")
            .body;
    };
    CHECK(get("stable") == demo_chart("demo", "1.0.0"));
    CHECK(get("edge") == demo_chart("demo", "1.0.0", "x: 1\n"));
}

}  // namespace pilothouse::tests::uploads_test
