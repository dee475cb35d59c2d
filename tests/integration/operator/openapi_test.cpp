// The OpenAPI document, and the page made of it, as they are served.
#include "base/base64.hpp"
#include "base/sha256.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>

#include <string>

namespace pilothouse::tests::openapi_test {

TEST_CASE("the document is open to everybody, and known by its entity tag") {
    test_server server;
    auto const first = server.request("GET", "/api/openapi.json");
    CHECK(first.status == 200);
    CHECK(first.header("content-type") == "application/json");
    auto const document = boost::json::parse(first.body);
    CHECK(document.at("openapi") == "3.1.1");
    CHECK(document.at("servers").at(0).at("url") == "/");
    CHECK(document.at("paths").as_object().contains("/api/v4/projects"));

    auto const etag = first.header("etag");
    auto const again = server.request("GET", "/api/openapi.json", {{"If-None-Match", etag}});
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    CHECK(server.request("GET", "/api/openapi.json", {{"If-Match", "\"other\""}}).status == 412);
    CHECK(server.request("POST", "/api/openapi.json").status == 405);
    CHECK(server.request("GET", "/api/nothing").status == 404);
}

TEST_CASE("behind a base path the document says so") {
    settings s;
    s.base_path = "/charts";
    test_server server(s);
    auto const document =
        boost::json::parse(server.request("GET", "/charts/api/openapi.json").body);
    CHECK(document.at("servers").at(0).at("url") == "/charts");
}

TEST_CASE("the page may have its own style and nothing else") {
    test_server server;
    auto const page = server.request("GET", "/api/docs");
    CHECK(page.status == 200);
    CHECK(page.header("content-type") == "text/html; charset=utf-8");
    auto const policy = page.header("content-security-policy");
    CHECK(policy.starts_with("default-src 'none'; "));
    auto const begin = page.body.find("<style>") + 7;
    auto const style = page.body.substr(begin, page.body.find("</style>") - begin);
    CHECK(policy.find("style-src 'sha256-" + encode_base64(sha256(style).bytes()) + "'") !=
          std::string::npos);
    CHECK(page.body.find("<script") == std::string::npos);
    CHECK(page.body.find("/api/v4/projects/{project}") != std::string::npos);
}

}  // namespace pilothouse::tests::openapi_test
