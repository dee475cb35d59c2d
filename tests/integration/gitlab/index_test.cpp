// The index as clients read it (contracts: gitlab 1.7; helm 1A, 4C; settled 1, 2).
#include "tests/support/demo_chart.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>
#include <zlib.h>
#include <boost/json.hpp>

namespace pilothouse::tests::index_test {

namespace json = boost::json;

namespace {

struct world {
    test_server server;
    storage::project_record project = server.add_project("grp/p", storage::visibility::public_);
    std::string who = basic("root", server.add_token(server.add_user("root", true), {"api"}));
    std::string const path = "/api/v4/projects/grp%2Fp/packages/helm/stable/index.yaml";

    explicit world(settings s = {}) : server(std::move(s)) {}
    void push(std::string const& name, std::string const& version) {
        REQUIRE(
            server.push("grp%2Fp", "stable", who, {{"chart", demo_chart(name, version), "c.tgz"}})
                .status == 201);
    }
};

std::string text(json::value const& v) { return std::string(v.as_string()); }

std::string gunzip(std::string const& bytes) {
    z_stream z{};
    REQUIRE(inflateInit2(&z, 31) == Z_OK);
    std::string out(16 * 1024 * 1024, '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    CHECK(inflate(&z, Z_FINISH) == Z_STREAM_END);
    CHECK(z.avail_in == 0);
    out.resize(z.total_out);
    inflateEnd(&z);
    return out;
}

}  // namespace

TEST_CASE("Y3: an existing project's channel without charts has an empty index") {
    world w;
    auto const reply = w.server.request("GET", w.path);
    CHECK(reply.status == 200);
    auto const index = json::parse(reply.body).as_object();
    CHECK(index.at("entries").as_object().empty());
    CHECK(text(index.at("apiVersion")) == "v1");
}

TEST_CASE(
    "a pushed version is in the very next index, newest first, with digest and relative address") {
    world w;
    w.push("demo", "1.0.0");
    w.push("demo", "1.10.0");
    w.push("demo", "1.9.0");
    w.push("another", "0.1.0");
    auto const reply = w.server.request("GET", w.path);
    CHECK(reply.header("content-type") == "text/yaml");
    CHECK(reply.body.front() == '{');
    auto const index = json::parse(reply.body).as_object();
    auto const& demo = index.at("entries").at("demo").as_array();
    REQUIRE(demo.size() == 3);
    CHECK(text(demo[0].at("version")) == "1.10.0");
    CHECK(text(demo[1].at("version")) == "1.9.0");
    CHECK(text(demo[2].at("version")) == "1.0.0");
    CHECK(text(demo[2].at("digest")) == sha256(demo_chart("demo", "1.0.0")).hex());
    REQUIRE(demo[2].at("urls").as_array().size() == 1);
    CHECK(text(demo[2].at("urls").as_array()[0]) == "charts/demo-1.0.0.tgz");
    CHECK(index.at("entries").as_object().begin()->key() == "another");
}

TEST_CASE("settled 2: serverInfo.contextPath is the form that the client used") {
    world w;
    auto const context = [&](std::string const& project) {
        auto const body =
            w.server
                .request("GET", "/api/v4/projects/" + project + "/packages/helm/stable/index.yaml")
                .body;
        return std::string(json::parse(body).at("serverInfo").at("contextPath").as_string());
    };
    auto const id = std::to_string(w.project.id.value);
    CHECK(context(id) == "/api/v4/projects/" + id + "/packages/helm");
    CHECK(context("grp%2Fp") == "/api/v4/projects/grp/p/packages/helm");
    CHECK(context("grp/p") == "/api/v4/projects/grp/p/packages/helm");
}

TEST_CASE("the base path stands in front of the context path") {
    settings s;
    s.base_path = "/charts";
    world w(s);
    auto const reply =
        w.server.request("GET", "/charts/api/v4/projects/grp/p/packages/helm/stable/index.yaml");
    CHECK(reply.status == 200);
    CHECK(text(json::parse(reply.body).at("serverInfo").at("contextPath")) ==
          "/charts/api/v4/projects/grp/p/packages/helm");
    CHECK(w.server.request("GET", w.path).status == 404);
}

TEST_CASE("conditional requests: 304 while nothing changed, 200 after a push") {
    world w;
    w.push("demo", "1.0.0");
    auto const first = w.server.request("GET", w.path);
    auto const etag = first.header("etag");
    REQUIRE(etag.starts_with('"'));
    auto const same = w.server.request("GET", w.path, {{"If-None-Match", etag}});
    CHECK(same.status == 304);
    CHECK(same.body.empty());
    CHECK(same.header("etag") == etag);
    CHECK(w.server.request("GET", w.path, {{"If-None-Match", "\"x\", W/" + etag}}).status == 304);
    CHECK(w.server.request("GET", w.path, {{"If-None-Match", "\"x\""}}).status == 200);
    CHECK(w.server.request("GET", w.path).status == 200);
    w.push("demo", "1.0.1");
    auto const changed = w.server.request("GET", w.path, {{"If-None-Match", etag}});
    CHECK(changed.status == 200);
    CHECK(changed.header("etag") != etag);
}

TEST_CASE("dates never hide a change: none is told before its second is over") {
    world w;
    w.push("demo", "1.0.0");
    auto const now = to_http_date(system_clock().now());
    w.push("demo", "1.0.1");
    CHECK(w.server.request("GET", w.path, {{"If-Modified-Since", now}}).status == 200);
    std::string modified;
    while (modified.empty()) modified = w.server.request("GET", w.path).header("last-modified");
    CHECK(w.server.request("GET", w.path, {{"If-Modified-Since", modified}}).status == 304);
}

TEST_CASE("HEAD answers as GET without the body") {
    world w;
    w.push("demo", "1.0.0");
    auto const get = w.server.request("GET", w.path);
    auto const head = w.server.request("HEAD", w.path);
    CHECK(head.status == 200);
    CHECK(head.body.empty());
    CHECK(head.header("content-length") == std::to_string(get.body.size()));
    CHECK(head.header("etag") == get.header("etag"));
}

TEST_CASE("gzip for those who ask, and for nobody else") {
    world w;
    for (int i = 0; i < 40; ++i) w.push("demo", "1." + std::to_string(i) + ".0");
    auto const plain = w.server.request("GET", w.path);
    CHECK(plain.header("content-encoding").empty());
    CHECK(plain.header("vary").find("Accept-Encoding") != std::string::npos);
    auto const zipped = w.server.request("GET", w.path, {{"Accept-Encoding", "gzip"}});
    CHECK(zipped.header("content-encoding") == "gzip");
    CHECK(zipped.header("etag") != plain.header("etag"));
    CHECK(zipped.body.size() < plain.body.size() / 2);
    CHECK(gunzip(zipped.body) == plain.body);
    CHECK(w.server.request("GET", w.path, {{"Accept-Encoding", "gzip;q=0"}})
              .header("content-encoding")
              .empty());
}

TEST_CASE("a restart changes no byte of an index") {
    world w;
    w.push("demo", "1.0.0");
    w.push("demo", "v2.0.0-rc.1+b.7");
    auto const before = w.server.request("GET", w.path);
    w.server.restart();
    auto const after = w.server.request("GET", w.path);
    CHECK(after.body == before.body);
    CHECK(after.header("etag") == before.header("etag"));
}

TEST_CASE("Y1: the YAML form begins as GitLab's") {
    settings s;
    s.index_format = index::index_format::yaml;
    world w(s);
    CHECK(w.server.request("GET", w.path).body.starts_with("---\napiVersion: v1\nentries: {}\n"));
    w.push("demo", "1.0.0");
    CHECK(w.server.request("GET", w.path).body.starts_with("---\napiVersion: v1\nentries:\n"));
}

TEST_CASE("H6: every answer carries the header fields of GitLab's API") {
    world w;
    for (auto const& reply :
         {w.server.request("GET", w.path),
          w.server.request("GET", "/api/v4/projects/9/packages/helm/a/index.yaml"),
          w.server.request("GET", "/api/v4/nothing")}) {
        CHECK(reply.header("x-content-type-options") == "nosniff");
        CHECK(reply.header("x-frame-options") == "SAMEORIGIN");
        CHECK_FALSE(reply.header("x-request-id").empty());
    }
}

}  // namespace pilothouse::tests::index_test
