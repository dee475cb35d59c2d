// The administration API where it meets the rest of the server; tests/e2e tries the API itself.
#include "base/runtime.hpp"
#include "tests/support/demo_chart.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

#include <string>
#include <utility>

namespace pilothouse::tests::administration_test {

namespace json = boost::json;

TEST_CASE("addresses are as the client addressed the server, base path and all") {
    settings s;
    s.base_path = "/charts";
    test_server server(std::move(s));
    server.add_project("grp/one", storage::visibility::public_);
    server.add_project("grp/two", storage::visibility::public_);
    auto const page = [&](http_headers const& headers) {
        return server.request("GET", "/charts/api/v4/projects?per_page=1&search=grp/%3E,;",
                              headers);
    };
    std::string const host = "localhost";  // as the client of these tests says
    auto const link = [](std::string const& site, std::string const& relation) {
        return "<" + site +
               "/charts/api/v4/projects?search=grp%2F%3E%2C%3B&page=1&per_page=1>; rel=\"" +
               relation + "\"";
    };
    auto const wanted = [&](std::string const& site) {
        return link(site, "first") + ", " + link(site, "last");
    };
    CHECK(page({}).header("link") == wanted("http://" + host));
    CHECK(page({{"X-Forwarded-Proto", "https"}}).header("link") == wanted("https://" + host));

    auto const listed = server.request("GET", "/charts/api/v4/projects?order_by=path");
    auto const shown = json::parse(listed.body).at(0);
    CHECK(shown.at("web_url").as_string() == "http://" + host + "/charts/grp/two");
    CHECK(shown.at("_links").at("self").as_string() ==
          "http://" + host + "/charts/api/v4/projects/" +
              std::to_string(shown.at("id").as_int64()));
}

TEST_CASE("a protection rule counts for a chart, and for its provenance alone") {
    test_server server;
    auto const project = server.add_project("grp/p", storage::visibility::private_);
    auto const user = server.add_user("jane");
    auto const who = basic("jane", server.add_token(user, {"api"}));
    server.add_member(project, user, storage::role::developer);
    auto const push = [&](std::vector<form_field> const& fields) {
        return server.push("grp%2Fp", "stable", who, fields).status;
    };
    auto const archive = demo_chart("demo", "1.0.0");
    form_field const provenance{"prov", demo_provenance("demo", "1.0.0", archive), "demo.prov"};
    REQUIRE(push({{"chart", archive, "demo.tgz"}}) == 201);

    storage::protection_rule rule;
    rule.pattern = "D*o";
    rule.push = storage::role::maintainer;
    auto& rules = server.core().stores->protections();
    run_to_end(rules.add(project.id, rule)).value();
    CHECK(push({{"chart", demo_chart("demo", "1.1.0"), "demo.tgz"}}) == 403);
    CHECK(push({{"chart", archive, "demo.tgz"}}) == 403);
    CHECK(push({provenance}) == 403);
    CHECK(push({{"chart", demo_chart("dem", "1.1.0"), "demo.tgz"}}) == 201);
    server.add_member(project, user, storage::role::maintainer);
    CHECK(push({provenance}) == 201);
    CHECK(push({{"chart", demo_chart("demo", "1.1.0"), "demo.tgz"}}) == 201);
}

}  // namespace pilothouse::tests::administration_test
