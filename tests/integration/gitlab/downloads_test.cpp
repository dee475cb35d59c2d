// Archives and provenance as clients fetch them (contracts: gitlab F4, F5, H2, V6; settled 10).
#include "tests/support/demo_chart.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::downloads_test {

namespace {

struct world {
    test_server server;
    storage::project_record project = server.add_project("grp/p", storage::visibility::public_);
    storage::project_record hidden =
        server.add_project("grp/hidden", storage::visibility::private_);
    std::string who = basic("root", server.add_token(server.add_user("root", true), {"api"}));
    std::string outsider = basic("o", server.add_token(server.add_user("outsider"), {"api"}));
    std::string const charts = "/api/v4/projects/grp%2Fp/packages/helm/stable/charts/";

    http_reply get(std::string const& file, http_headers headers = {},
                   std::string const& method = "GET") {
        return server.request(method, charts + file, headers);
    }
};

}  // namespace

TEST_CASE("an archive comes back byte for byte, with GitLab's header fields") {
    world w;
    auto const large = demo_chart("demo", "1.0.0", "", 0, 300'000);
    auto const small = demo_chart("demo", "2.0.0");
    REQUIRE(large.size() > 100'000);
    for (auto const& [version, archive] : {std::pair{"1.0.0", large}, std::pair{"2.0.0", small}}) {
        CHECK(w.server.push("grp%2Fp", "stable", w.who, {{"chart", archive, "whatever.tgz"}})
                  .status == 201);
        auto const file = "demo-" + std::string(version) + ".tgz";
        auto const reply = w.get(file);
        CHECK(reply.status == 200);
        CHECK(reply.body == archive);
        CHECK(reply.header("content-type") == "application/octet-stream");
        CHECK(reply.header("content-disposition")
                  .starts_with("attachment; filename=\"" + file + "\""));
        CHECK(reply.header("content-transfer-encoding") == "binary");
        CHECK(reply.header("content-encoding").empty());
        CHECK(w.get(file, {{"Accept-Encoding", "gzip"}}).body == archive);
        auto const head = w.get(file, {}, "HEAD");
        CHECK(head.status == 200);
        CHECK(head.header("content-length") == std::to_string(archive.size()));
    }
}

TEST_CASE("ranges and conditions of archives") {
    world w;
    auto const archive = demo_chart("demo", "1.0.0", "", 0, 100'000);
    CHECK(w.server.push("grp%2Fp", "stable", w.who, {{"chart", archive, "c.tgz"}}).status == 201);
    auto const file = "demo-1.0.0.tgz";
    auto const etag = w.get(file).header("etag");

    auto const part = w.get(file, {{"Range", "bytes=10-19"}});
    CHECK(part.status == 206);
    CHECK(part.body == archive.substr(10, 10));
    CHECK(part.header("content-range") == "bytes 10-19/" + std::to_string(archive.size()));
    CHECK(w.get(file, {{"Range", "bytes=-5"}}).body == archive.substr(archive.size() - 5));
    auto const past = w.get(file, {{"Range", "bytes=99999999-"}});
    CHECK(past.status == 416);
    CHECK(past.header("content-range") == "bytes */" + std::to_string(archive.size()));
    CHECK(w.get(file, {{"Range", "bytes=0-1,5-6"}}).status == 200);
    CHECK(w.get(file, {{"Range", "bytes=0-9"}, {"If-Range", etag}}).status == 206);
    CHECK(w.get(file, {{"Range", "bytes=0-9"}, {"If-Range", "\"other\""}}).body == archive);
    CHECK(w.get(file, {{"If-None-Match", etag}}).status == 304);
    CHECK(w.get(file, {{"If-Match", "\"other\""}}).status == 412);
}

TEST_CASE("V5, V6: `v` and `+` stay as they were written, and both spellings of a plus work") {
    world w;
    auto const archive = demo_chart("demo", "v1.0.0+b.1");
    CHECK(w.server.push("grp%2Fp", "stable", w.who, {{"chart", archive, "c.tgz"}}).status == 201);
    CHECK(w.get("demo-v1.0.0+b.1.tgz").body == archive);
    CHECK(w.get("demo-v1.0.0%2Bb.1.tgz").body == archive);
    CHECK(w.get("demo-v1.0.0%20b.1.tgz").status == 404);
    CHECK(w.get("demo-1.0.0+b.1.tgz").status == 404);
}

TEST_CASE("what is not there") {
    world w;
    CHECK(
        w.server.push("grp%2Fp", "stable", w.who, {{"chart", demo_chart("demo", "1.0.0"), "c.tgz"}})
            .status == 201);
    auto const absent = w.get("demo-9.9.9.tgz");
    CHECK(absent.status == 404);
    CHECK(absent.body.find(R"("message":"404 Not found")") != std::string::npos);
    CHECK(w.get("demo-1.0.0.zip").body == R"({"error":"404 Not Found"})");
    CHECK(w.get("demo-1.0.0").status == 404);
    CHECK(w.get(".tgz").status == 404);
    CHECK(w.get("demo-1.0.0.tgz.sig").body == R"({"message":"404 Format sig Not Found"})");
}

TEST_CASE("provenance: absent, pushed with the chart, pushed alone") {
    world w;
    auto const archive = demo_chart("demo", "1.0.0");
    auto const statement = demo_provenance("demo", "1.0.0", archive);
    auto const exact = R"({"message":"404 Format prov Not Found"})";
    CHECK(w.server.push("grp%2Fp", "stable", w.who, {{"chart", archive, "c.tgz"}}).status == 201);
    auto const absent = w.get("demo-1.0.0.tgz.prov");
    CHECK(absent.status == 404);
    CHECK(absent.body == exact);

    CHECK(w.server.push("grp%2Fp", "stable", w.who, {{"prov", statement, "c.prov"}}).status == 201);
    CHECK(w.get("demo-1.0.0.tgz.prov").body == statement);
    CHECK(w.server.push("grp%2Fp", "stable", w.who, {{"prov", statement, "c.prov"}}).status == 201);

    auto const second = demo_chart("demo", "2.0.0");
    auto const both = demo_provenance("demo", "2.0.0", second);
    CHECK(w.server
              .push("grp%2Fp", "stable", w.who,
                    {{"prov", both, "c.prov"}, {"chart", second, "c.tgz"}})
              .status == 201);
    CHECK(w.get("demo-2.0.0.tgz.prov").body == both);

    SUBCASE("settled 10: without the right to read, there and absent look the same") {
        CHECK(w.server
                  .push("grp%2Fhidden", "stable", w.who,
                        {{"prov", both, "c.prov"}, {"chart", second, "c.tgz"}})
                  .status == 201);
        auto const ask = [&](std::string const& file, http_headers const& headers) {
            return w.server.request(
                "GET", "/api/v4/projects/grp%2Fhidden/packages/helm/stable/charts/" + file,
                headers);
        };
        CHECK(ask("demo-2.0.0.tgz.prov", {}).status == 401);
        CHECK(ask("demo-9.0.0.tgz.prov", {}).body == ask("demo-2.0.0.tgz.prov", {}).body);
        http_headers const outsider{{"Authorization", w.outsider}};
        CHECK(ask("demo-2.0.0.tgz.prov", outsider).status == 404);
        CHECK(ask("demo-9.0.0.tgz.prov", outsider).body ==
              ask("demo-2.0.0.tgz.prov", outsider).body);
        CHECK(ask("demo-2.0.0.tgz.prov", {{"Authorization", w.who}}).body == both);
    }
}

}  // namespace pilothouse::tests::downloads_test
