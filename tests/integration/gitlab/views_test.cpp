// Views: a channel read through a lens, under the routes of the channel itself.
#include "tests/support/demo_chart.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::tests::views_test {

namespace json = boost::json;

namespace {

struct world {
    test_server server;
    storage::project_record project = server.add_project("grp/p", storage::visibility::public_);
    std::string who = basic("root", server.add_token(server.add_user("root", true), {"api"}));

    explicit world(settings s = {}) : server(std::move(s)) {
        for (auto const& version : {"1.0.0", "1.1.0", "1.2.0-rc.1", "1.10.0", "2.0.0"})
            push("demo", version);
        push("tide", "0.1.0");
        push("tide", "0.2.0");
    }
    void push(std::string const& name, std::string const& version) {
        REQUIRE(
            server.push("grp%2Fp", "stable", who, {{"chart", demo_chart(name, version), "c.tgz"}})
                .status == 201);
    }
    static std::string path(std::string const& view, std::string const& file = "index.yaml") {
        return "/api/v4/projects/grp%2Fp/packages/helm/stable~" + view + "/" + file;
    }
    http_reply get(std::string const& view, http_headers const& headers = {},
                   std::string const& file = "index.yaml") {
        return server.request("GET", path(view, file), headers);
    }
    // "demo 2.0.0 1.10.0, tide 0.2.0"
    std::string held(std::string const& view) {
        auto const reply = get(view);
        REQUIRE(reply.status == 200);
        std::string all;
        auto const index = json::parse(reply.body);
        for (auto const& [chart, versions] : index.at("entries").as_object()) {
            all += (all.empty() ? "" : ", ") + std::string(chart);
            for (auto const& v : versions.as_array())
                all += " " + std::string(v.at("version").as_string());
        }
        return all;
    }
};

}  // namespace

TEST_CASE("each lens shows its part of the channel") {
    world w;
    CHECK(w.held("latest-1") == "demo 2.0.0, tide 0.2.0");
    CHECK(w.held("latest-3") == "demo 2.0.0 1.10.0 1.2.0-rc.1, tide 0.2.0 0.1.0");
    CHECK(w.held("chart-tide") == "tide 0.2.0 0.1.0");
    CHECK(w.held("chart-none") == "");
    CHECK(w.held("range-1.x") == "demo 1.10.0 1.1.0 1.0.0");
    CHECK(w.held("range-~1.1") == "demo 1.1.0");
    CHECK(w.held("range-%3E%3D1.1%2C%20%3C2%20%7C%7C%20%5E0.2") == "demo 1.10.0 1.1.0, tide 0.2.0");
    CHECK(w.held("range-1.1%20-%201.2") == "demo 1.1.0");
    CHECK(w.held("range-%3E=1.2.0-0") == "demo 2.0.0 1.10.0 1.2.0-rc.1");
    CHECK(
        w.server.request("GET", "/api/v4/projects/grp/p/packages/helm/stable%7Elatest-1/index.yaml")
            .status == 200);
}

TEST_CASE("a view is an index like the channel's own") {
    world w;
    auto const whole = w.server.request("GET",
                                        "/api/v4/projects/grp%2Fp/packages/helm/stable/"
                                        "index.yaml");
    auto const part = w.get("chart-tide");
    CHECK(part.header("content-type") == "text/yaml");
    CHECK(part.header("cache-control") == "no-cache");
    CHECK(part.header("vary") == whole.header("vary"));
    CHECK(part.header("x-frame-options") == "SAMEORIGIN");
    CHECK(part.header("etag") != whole.header("etag"));
    auto const a = json::parse(whole.body), b = json::parse(part.body);
    CHECK(a.at("generated") == b.at("generated"));
    CHECK(b.at("serverInfo").at("contextPath").as_string() ==
          "/api/v4/projects/grp/p/packages/helm");
    CHECK(a.at("entries").at("tide") == b.at("entries").at("tide"));

    auto const head = w.server.request("HEAD", w.path("chart-tide"));
    CHECK(head.status == 200);
    CHECK(head.body.empty());
    CHECK(head.header("content-length") == std::to_string(part.body.size()));
    auto const zipped = w.get("chart-tide", {{"Accept-Encoding", "gzip"}});
    CHECK(zipped.header("content-encoding") == "gzip");
    CHECK(zipped.header("etag") != part.header("etag"));
}

TEST_CASE("a view of a channel that nobody pushed to is empty") {
    world w;
    auto const reply = w.server.request(
        "GET", "/api/v4/projects/grp%2Fp/packages/helm/nowhere~latest-5/index.yaml");
    CHECK(reply.status == 200);
    CHECK(json::parse(reply.body).at("entries").as_object().empty());
}

TEST_CASE("a view has an entity tag of its own, which holds until the channel changes") {
    world w;
    auto const first = w.get("latest-1");
    auto const etag = first.header("etag");
    auto const same = w.get("latest-1", {{"If-None-Match", etag}});
    CHECK(same.status == 304);
    CHECK(same.body.empty());
    CHECK(same.header("etag") == etag);
    CHECK(w.get("latest-2", {{"If-None-Match", etag}}).status == 200);
    w.server.restart();
    CHECK(w.get("latest-1", {{"If-None-Match", etag}}).status == 304);
    w.push("demo", "2.0.1");
    auto const changed = w.get("latest-1", {{"If-None-Match", etag}});
    CHECK(changed.status == 200);
    CHECK(w.held("latest-1") == "demo 2.0.1, tide 0.2.0");
    std::string modified;
    while (modified.empty()) modified = w.get("latest-1").header("last-modified");
    CHECK(w.get("latest-1", {{"If-Modified-Since", modified}}).status == 304);
}

TEST_CASE("archives are served within the view that names them, and not beside it") {
    world w;
    auto const reply = w.get("latest-1", {}, "charts/demo-2.0.0.tgz");
    CHECK(reply.status == 200);
    CHECK(reply.body == demo_chart("demo", "2.0.0"));
    CHECK(w.get("range-1.x", {{"Range", "bytes=0-9"}}, "charts/demo-1.0.0.tgz").status == 206);
    for (auto const& [view, file] :
         std::vector<std::pair<std::string, std::string>>{{"latest-1", "demo-1.0.0.tgz"},
                                                          {"chart-tide", "demo-2.0.0.tgz"},
                                                          {"range-1.x", "demo-2.0.0.tgz"},
                                                          {"range-1.x", "demo-1.2.0-rc.1.tgz"},
                                                          {"latest-5", "demo-9.9.9.tgz"}}) {
        CAPTURE(file);
        auto const gone = w.get(view, {}, "charts/" + file);
        CHECK(gone.status == 404);
        CHECK(gone.body == R"({"message":"404 Not found","error":"the view holds no such chart"})");
    }
}

TEST_CASE("provenance follows its archive") {
    world w;
    auto const archive = demo_chart("signed", "1.0.0");
    auto const prov = demo_provenance("signed", "1.0.0", archive);
    REQUIRE(w.server
                .push("grp%2Fp", "stable", w.who,
                      {{"chart", archive, "c.tgz"}, {"prov", prov, "c.tgz.prov"}})
                .status == 201);
    auto const held = w.get("chart-signed", {}, "charts/signed-1.0.0.tgz.prov");
    CHECK(held.status == 200);
    CHECK(held.body == prov);
    CHECK(w.get("chart-demo", {}, "charts/signed-1.0.0.tgz.prov").status == 404);
    CHECK(w.get("chart-demo", {}, "charts/demo-1.0.0.tgz.prov").status == 404);
}

TEST_CASE("what is no view is refused with a reason that says which there are") {
    world w;
    for (std::string const view :
         {"latest-0", "latest-1001", "latest", "newest-3", "chart-", "range-latest", "range-%3E",
          "", "~latest-1", "latest-1~chart-demo", "range-1.x~latest-1"}) {
        for (std::string const file : {"index.yaml", "charts/demo-1.0.0.tgz"}) {
            CAPTURE(view);
            auto const reply = w.get(view, {}, file);
            CHECK(reply.status == 400);
            CHECK(reply.header("content-type") == "application/json");
            auto const body = json::parse(reply.body).as_object();
            CHECK(body.at("error").as_string().find("CHANNEL~latest-N") != json::string::npos);
        }
    }
    auto const reply =
        w.server.request("GET", "/api/v4/projects/grp%2Fp/packages/helm/-no-~latest-1/index.yaml");
    CHECK(reply.status == 400);
    CHECK(reply.body == R"({"error":"channel is invalid"})");
}

TEST_CASE("nothing is pushed to a view") {
    world w;
    for (std::string const channel : {"stable~latest-5", "stable~chart-demo", "stable~nothing"}) {
        CAPTURE(channel);
        auto const reply = w.server.push("grp%2Fp", channel, w.who,
                                         {{"chart", demo_chart("demo", "3.0.0"), "c.tgz"}});
        CHECK(reply.status == 400);
        CHECK(json::parse(reply.body)
                  .at("error")
                  .as_string()
                  .find("push to the channel itself, stable.") != json::string::npos);
    }
    CHECK(w.held("range-3.x") == "");
}

TEST_CASE("who may not read the channel may not read its views") {
    world w;
    w.server.add_project("grp/hidden", storage::visibility::private_);
    auto const path = "/api/v4/projects/grp%2Fhidden/packages/helm/stable~latest-1/index.yaml";
    CHECK(w.server.request("GET", path).status == 401);
    CHECK(w.server.request("GET", path, {{"Authorization", w.who}}).status == 200);
}

TEST_CASE("views have the index's form") {
    settings s;
    s.index_format = index::index_format::yaml;
    world w(s);
    CHECK(w.get("chart-none").body.starts_with("---\napiVersion: v1\nentries: {}\n"));
    auto const body = w.get("chart-tide").body;
    CHECK(body.starts_with("---\napiVersion: v1\nentries:\n  \"tide\":\n"));
    CHECK(body.find("demo-") == std::string::npos);
}

TEST_CASE("a channel that made room is there when it is asked for") {
    settings s;
    s.index_memory = 1;
    world w(s);
    CHECK(w.held("latest-1") == "demo 2.0.0, tide 0.2.0");
    REQUIRE(
        w.server.push("grp%2Fp", "edge", w.who, {{"chart", demo_chart("demo", "1.0.0"), "c.tgz"}})
            .status == 201);
    CHECK(
        w.server.request("GET", "/api/v4/projects/grp%2Fp/packages/helm/edge/index.yaml").status ==
        200);
    CHECK(w.server.core().below->indexes.measure().dropped == 1);
    w.push("demo", "2.1.0");
    CHECK(w.held("latest-1") == "demo 2.1.0, tide 0.2.0");
}

}  // namespace pilothouse::tests::views_test
