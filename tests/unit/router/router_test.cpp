#include "server/http/router.hpp"

#include "server/http/problem.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::router_test {

namespace http = pilothouse::http;
using pilothouse::auth::permission;

namespace {

http::problem_words const plain;

http::route make(http::method m, std::string_view pattern, std::optional<permission> p = {}) {
    return {m, pattern, p, http::body_rule::none, nullptr, {}};
}

http::router make_router(std::string base = "") {
    return {std::move(base),
            {{"/api/v4/",
              &plain,
              {make(http::method::get,
                    "/api/v4/projects/{project...}/packages/helm/{channel}/index.yaml",
                    permission::read_chart),
               make(http::method::get,
                    "/api/v4/projects/{project...}/packages/helm/{channel}/charts/{file}",
                    permission::read_chart),
               make(http::method::post,
                    "/api/v4/projects/{project...}/packages/helm/api/{channel}/charts",
                    permission::push_chart)}},
             {"/", &plain, {make(http::method::get, "/"), make(http::method::get, "/-/live")}}}};
}

}  // namespace

TEST_CASE("the router gives a path's parameters, decoded") {
    struct row {
        std::string path, project, second, third;
    };
    for (auto const& r : std::initializer_list<row>{
             {"/api/v4/projects/7/packages/helm/stable/index.yaml", "7", "stable", ""},
             {"/api/v4/projects/grp%2Fproj/packages/helm/stable/index.yaml", "grp/proj", "stable",
              ""},
             {"/api/v4/projects/grp%2fsub/proj/packages/helm/stable/index.yaml", "grp/sub/proj",
              "stable", ""},
             {"/api/v4/projects/grp/sub/proj/packages/helm/stable/index.yaml", "grp/sub/proj",
              "stable", ""},
             {"/api/v4/projects/a/packages/helm/b/packages/helm/c/index.yaml", "a/packages/helm/b",
              "c", ""},
             {"/api/v4/projects/7/packages/helm/api/index.yaml", "7", "api", ""},
             {"/api/v4/projects/7/packages/helm/1.0/charts/a-1.0%2Bb.tgz", "7", "1.0",
              "a-1.0+b.tgz"},
             {"/api/v4/projects/7/packages/helm/1.0/charts/a-1.0+b.tgz", "7", "1.0", "a-1.0+b.tgz"},
             {"/api/v4/projects/7/packages/helm/api/charts/x.tgz", "7", "api", "x.tgz"},
             {"/api/v4/projects/7/packages/helm/h%C3%A9/index.yaml", "7", "hé", ""},
         }) {
        CAPTURE(r.path);
        auto const m = make_router().find(http::method::get, r.path);
        REQUIRE(m.route != nullptr);
        REQUIRE(m.parameters.size() == (r.third.empty() ? 2 : 3));
        CHECK(m.parameters[0] == r.project);
        CHECK(m.parameters[1] == r.second);
        if (!r.third.empty()) CHECK(m.parameters[2] == r.third);
        CHECK(m.place == 0);
    }
}

TEST_CASE("what fits no pattern is 404") {
    for (std::string const path :
         {"/api/v4/projects/7/packages/helm/stable/index.yml",
          "/api/v4/projects//packages/helm/stable/index.yaml",
          "/api/v4/projects/7/packages/helm//index.yaml",
          "/api/v4/projects/7/packages/helm/a%2Fb/index.yaml",
          "/api/v4/projects/7/packages/helm/a/b/index.yaml",
          "/api/v4/projects/7/packages/helm/stable/charts/",
          "/api/v4/projects/7/packages/helm/stable/charts/a%2Fb.tgz",
          "/api/v4/projects/7/packages/helm/%zz/index.yaml",
          "/api/v4/projects/7/packages/helm/a%00b/index.yaml",
          "/api/v4/projects/7%0A/packages/helm/a/index.yaml",
          "/api/v4/projects/packages/helm/stable/index.yaml", "/-/live/", "//", "/index.yaml"}) {
        CAPTURE(path);
        auto const m = make_router().find(http::method::get, path);
        CHECK(m.route == nullptr);
        CHECK(m.status == 404);
    }
    CHECK(make_router().find(http::method::get, std::string(5000, '/')).status == 404);
}

TEST_CASE("a known path with another method is 405 and says which methods there are") {
    auto const index = make_router().find(http::method::delete_,
                                          "/api/v4/projects/7/packages/helm/stable/index.yaml");
    CHECK(index.status == 405);
    CHECK(index.allow == "GET, HEAD");
    auto const upload =
        make_router().find(http::method::put, "/api/v4/projects/7/packages/helm/api/stable/charts");
    CHECK(upload.status == 405);
    CHECK(upload.allow == "POST");
}

TEST_CASE("a path that no method has is 404, whatever the shape of its parameters") {
    for (auto const path : {"/api/v4/projects//packages/helm/stable/index.yaml",
                            "/api/v4/projects/7/packages/helm/a%2Fb/index.yaml",
                            "/api/v4/projects/7/packages/helm/%00/index.yaml"}) {
        CAPTURE(path);
        CHECK(make_router().find(http::method::get, path).status == 404);
        CHECK(make_router().find(http::method::delete_, path).status == 404);
    }
}

TEST_CASE("a GET route answers HEAD") {
    CHECK(make_router().find(http::method::head, "/-/live").route != nullptr);
}

TEST_CASE("a segment with a star takes encoded slashes, and no further segment") {
    auto const places = [] {
        return http::router(
            "", {{"/",
                  &plain,
                  {make(http::method::get, "/groups/{group*}", permission::read_group),
                   make(http::method::get, "/groups/{group*}/members", permission::read_group),
                   make(http::method::get, "/groups/{group*}/members/all", permission::own_group),
                   make(http::method::get, "/groups/{group*}/members/{user}",
                        permission::own_group)}}});
    };
    struct row {
        std::string path, group;
        std::size_t index;
    };
    for (auto const& r :
         {row{"/groups/a", "a", 0}, row{"/groups/a%2Fb", "a/b", 0}, row{"/groups/a%2fb", "a/b", 0},
          row{"/groups/a%2Fmembers", "a/members", 0}, row{"/groups/members", "members", 0},
          row{"/groups/7/members", "7", 1}, row{"/groups/a%2Fb%2Fc/members", "a/b/c", 1},
          row{"/groups/a/members/all", "a", 2}, row{"/groups/a%2Fb/members/12", "a/b", 3}}) {
        CAPTURE(r.path);
        auto const m = places().find(http::method::get, r.path);
        REQUIRE(m.route != nullptr);
        CHECK(m.index == r.index);
        CHECK(m.place == 0);
        CHECK(m.parameters[0] == r.group);
    }
    for (std::string const path :
         {"/groups", "/groups/", "/groups/a/b", "/groups/a/b/members", "/groups//members",
          "/groups/a/members/1%2F2", "/groups/a%00/members", "/groups/%zz"}) {
        CAPTURE(path);
        CHECK(places().find(http::method::get, path).status == 404);
    }
}

TEST_CASE("a segment may end in a verb") {
    http::router const r("", {{"/",
                               &plain,
                               {make(http::method::post, "/things/{id}:stop"),
                                make(http::method::get, "/things/{id}"),
                                make(http::method::post, "/things:make")}}});
    struct row {
        http::method asked;
        std::string path, id;
        std::size_t index;
    };
    for (auto const& each : {row{http::method::post, "/things/a:stop", "a", 0},
                             row{http::method::post, "/things/a:stop:stop", "a:stop", 0},
                             row{http::method::post, "/things/a%3Ab:stop", "a:b", 0},
                             row{http::method::get, "/things/a:stop", "a:stop", 1},
                             row{http::method::get, "/things/a:stopped", "a:stopped", 1},
                             row{http::method::post, "/things:make", "", 2}}) {
        CAPTURE(each.path);
        auto const m = r.find(each.asked, each.path);
        REQUIRE(m.route != nullptr);
        CHECK(m.index == each.index);
        if (!each.id.empty()) CHECK(m.parameters[0] == each.id);
    }
    for (std::string const path : {"/things/:stop", "/things/a:sto", "/things/a/b:stop"}) {
        CAPTURE(path);
        CHECK(r.find(http::method::post, path).route == nullptr);
    }
    CHECK(r.find(http::method::put, "/things/a:stop").allow == "POST, GET, HEAD");
    for (auto const pattern : {"/{a*}:stop", "/{a...}:stop"}) {
        CAPTURE(pattern);
        CHECK_THROWS_AS(http::router("", {{"/", &plain, {make(http::method::post, pattern)}}}),
                        std::logic_error);
    }
}

TEST_CASE("a pattern names the kind of place that its permission is for") {
    auto const build = [](std::string_view pattern, permission p) {
        http::router const r("", {{"/", &plain, {make(http::method::get, pattern, p)}}});
    };
    CHECK_THROWS_AS(build("/x/{project}", permission::read_group), std::logic_error);
    CHECK_THROWS_AS(build("/x/{group*}", permission::edit_project), std::logic_error);
    CHECK_NOTHROW(build("/x/{group*}", permission::own_group));
    CHECK_NOTHROW(build("/x/{project*}", permission::own_project));
    CHECK_NOTHROW(build("/x", permission::browse));
    CHECK_NOTHROW(build("/x", permission::administer));
}

TEST_CASE("the base path is cut off, and nothing else is served") {
    auto const r = make_router("/charts");
    CHECK(r.find(http::method::get, "/charts/-/live").route != nullptr);
    CHECK(r.find(http::method::get, "/-/live").status == 404);
    CHECK(r.find(http::method::get, "/chartsx/-/live").status == 404);
}

TEST_CASE("a pattern that needs a project and names none is refused at start") {
    auto const build = [] {
        http::router const r(
            "", {{"/", &plain, {make(http::method::get, "/x/{y}", permission::read_chart)}}});
    };
    CHECK_THROWS_AS(build(), std::logic_error);
}

}  // namespace pilothouse::tests::router_test
