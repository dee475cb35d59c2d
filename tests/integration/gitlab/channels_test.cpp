// Channels over REST: what each route answers, to whom, and what it refuses.
#include "base/runtime.hpp"
#include "tests/support/demo_chart.hpp"
#include "tests/support/put_record.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests::channels_test {

namespace json = boost::json;
using storage::role;

namespace {

using words = std::vector<std::string>;

struct harbour {
    test_server server;
    storage::project_record project = server.add_project("grp/p", storage::visibility::private_);
    std::string owner = person("owner", role::owner);

    harbour() {
        for (auto const* const v : {"1.0.0", "1.1.0", "2.0.0"}) push("edge", "demo", v);
    }
    std::string person(std::string const& name, role r, std::vector<std::string> scopes = {"api"}) {
        auto const user = server.add_user(name);
        if (r != role::none) server.add_member(project, user, r);
        return server.add_token(user, std::move(scopes));
    }
    void push(std::string const& channel, std::string const& chart, std::string const& version) {
        auto const done = server.push("grp%2Fp", channel, basic("owner", owner),
                                      {{"chart", demo_chart(chart, version), "demo.tgz"}});
        REQUIRE(done.status == 201);
    }
    http_reply ask_as(std::string const& token, std::string_view method, std::string const& path,
                      std::string const& body = "", std::string const& type = "application/json") {
        http_headers headers = {{"Content-Type", type}};
        if (!token.empty()) headers.emplace_back("PRIVATE-TOKEN", token);
        return server.request(method, "/api/v4/projects/grp%2Fp/packages/helm/-/channels" + path,
                              headers, body);
    }
    http_reply ask(std::string_view method, std::string const& path, std::string const& body = "") {
        return ask_as(owner, method, path, body);
    }
    json::value told(unsigned status, std::string_view method, std::string const& path,
                     std::string const& body = "") {
        auto const reply = ask(method, path, body);
        CAPTURE(reply.body);
        CHECK(reply.status == status);
        return json::parse(reply.body);
    }
    words versions_in(std::string const& channel) {
        words all;
        auto const listed = told(200, "GET", "/" + channel + "/versions");
        for (auto const& v : listed.as_array())
            all.push_back(std::string(v.at("name").as_string().c_str()) + " " +
                          v.at("version").as_string().c_str());
        return all;
    }
    std::string index(std::string const& channel) {
        return server
            .request("GET", "/api/v4/projects/grp%2Fp/packages/helm/" + channel + "/index.yaml",
                     {{"PRIVATE-TOKEN", owner}})
            .body;
    }
    void protect(std::string pattern, role push, role remove) {
        storage::protection_rule rule;
        rule.pattern = std::move(pattern);
        rule.push = push;
        rule.remove = remove;
        run_to_end(server.core().stores->protections().add(project.id, rule)).value();
    }
    // Of the project, newest first.
    words events() {
        words all;
        storage::audit_filter filter;
        filter.project = project.id;
        for (auto const& e : run_to_end(server.core().stores->audit().list(filter, 0, 1000))) {
            // Others write down of pushes and removals.
            if (e.kind != "Channel") continue;
            CHECK(e.by == "owner");
            CHECK(e.from == "127.0.0.1");
            all.push_back(e.what + " " + e.name + ": " + e.detail);
        }
        return all;
    }
};

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("channels are listed page by page, shown, and set") {
    harbour h;
    h.push("stable", "other", "7.0.0");
    auto const page = h.ask("GET", "?per_page=1&page=2");
    CHECK(page.status == 200);
    CHECK(page.header("x-total") == "2");
    CHECK(page.header("x-prev-page") == "1");
    auto const shown = json::parse(page.body).at(0);
    CHECK(shown.at("name") == "stable");
    CHECK(shown.at("versions") == 1);
    CHECK(shown.at("charts") == 1);
    CHECK(shown.at("size_bytes").to_number<int>() > 100);
    CHECK(has(shown.at("last_push_at").as_string(), "T"));
    CHECK(shown == h.told(200, "GET", "/stable"));

    auto set = h.told(200, "PUT", "/stable",
                      R"({"description": "x", "duplicates": "prerelease_only", "read_only": true,
                          "index_format": "yaml", "retention": {"newest_of_major": 2,
                          "prereleases_younger_than": "36h", "matching": "^7"}})");
    CHECK(set.at("read_only") == true);
    CHECK(set.at("duplicates") == "prerelease_only");
    CHECK(set.at("retention").at("newest_of_major") == 2);
    CHECK(set.at("retention").at("prereleases_younger_than") == "36h");
    CHECK(h.index("stable").starts_with("---"));
    auto const form = h.ask_as(h.owner, "PUT", "/stable", "retention[matching]=&read_only=0&x=y",
                               "application/x-www-form-urlencoded");
    CHECK(form.status == 200);
    set = json::parse(form.body);
    CHECK(set.at("retention").at("matching").is_null());
    CHECK(set.at("retention").at("newest_of_major") == 2);
    CHECK(set.at("description") == "x");
    set = h.told(200, "PUT", "/stable",
                 R"({"retention": null, "index_format": "", "duplicates": null})");
    CHECK(set.at("retention").at("newest_of_major").is_null());
    CHECK(set.at("index_format") == "inherit");
    CHECK(h.told(200, "PUT", "/fresh", R"({"description": "new"})").at("versions") == 0);
    CHECK(h.told(404, "GET", "/none").at("message") == "404 Channel Not Found");
    CHECK(h.events().size() == 4);
}

TEST_CASE("versions are promoted, marked and removed, and the index follows at once") {
    harbour h;
    auto const done =
        h.told(201, "POST", "/edge/promote",
               R"({"to": "stable", "chart": "demo", "versions": ["1.0.0", "2.0.0"]})");
    REQUIRE(done.as_array().size() == 2);
    CHECK(done.at(0).at("outcome") == "created");
    CHECK(done.at(0).at("promoted").at("from") == "grp/p/edge");
    CHECK(done.at(0).at("promoted").at("by").is_int64());
    CHECK(h.versions_in("stable") == words{"demo 2.0.0", "demo 1.0.0"});
    CHECK(has(h.index("stable"), R"("version":"1.0.0")"));
    CHECK(h.told(201, "POST", "/edge/promote", R"({"to": "stable", "range": ">=1.1"})")
              .at(1)
              .at("outcome") == "created");
    h.told(201, "POST", "/edge/promote", R"({"to": "all", "all": true, "move": true})");
    CHECK(h.versions_in("edge").empty());
    CHECK(h.versions_in("all").size() == 3);

    auto marked = h.told(201, "POST", "/stable/deprecate", R"({"chart": "demo", "reason": "old"})");
    CHECK(marked.as_array().size() == 3);
    CHECK(marked.at(0).at("deprecated").at("reason") == "old");
    CHECK(has(h.index("stable"), R"("deprecated":true)"));
    h.told(201, "POST", "/stable/undeprecate", R"({"chart": "demo", "range": "*"})");
    CHECK_FALSE(has(h.index("stable"), R"("deprecated":true)"));
    marked = h.told(201, "POST", "/stable/yank",
                    R"({"chart": "demo", "versions": "2.0.0", "reason": "leaks"})");
    CHECK(marked.at(0).at("yanked").at("reason") == "leaks");
    CHECK_FALSE(has(h.index("stable"), R"("version":"2.0.0")"));
    CHECK(h.told(200, "GET", "/stable/charts/demo/versions/2.0.0").at("yanked").is_object());
    h.told(201, "POST", "/stable/unyank", R"({"chart": "demo"})");
    CHECK(has(h.index("stable"), R"("version":"2.0.0")"));

    CHECK(h.ask("DELETE", "/stable/charts/demo/versions/2.0.0").status == 204);
    CHECK_FALSE(has(h.index("stable"), R"("version":"2.0.0")"));
    CHECK(h.told(404, "DELETE", "/stable/charts/demo/versions/2.0.0").at("message") ==
          "404 Version Not Found");
    h.told(404, "GET", "/stable/charts/demo/versions/2.0.0");
    CHECK(h.ask("DELETE", "/stable/charts/demo").status == 204);
    CHECK(h.ask("DELETE", "/all/charts").status == 204);
    CHECK(h.versions_in("stable").empty());
    h.told(404, "DELETE", "/all/charts");
    h.told(404, "DELETE", "/all/charts/no%20chart");
    CHECK(h.ask("DELETE", "/all/charts/").status == 404);
    CHECK(h.events() == words{"version_unyanked stable: demo 2.0.0",
                              "version_yanked stable: demo 2.0.0: leaks",
                              "version_undeprecated stable: 3 versions of demo",
                              "version_deprecated stable: 3 versions of demo: old",
                              "chart_promoted all: 3 versions of demo moved from grp/p/edge",
                              "chart_promoted stable: demo 1.1.0 from grp/p/edge",
                              "chart_promoted stable: 2 versions of demo from grp/p/edge"});
}

TEST_CASE("retention is told dry to whoever reads, and done as it was told") {
    harbour h;
    h.push("edge", "other", "7.0.0");
    h.push("edge", "other", "8.0.0");
    h.told(200, "PUT", "/edge", R"({"retention": {"newest": 1}})");
    h.protect("other", role::none, role::admin);
    auto const guest = h.person("guest", role::guest, {"read_api"});
    auto const dry = h.ask_as(guest, "POST", "/edge/retain", R"({"dry_run": true})");
    CHECK(dry.status == 201);
    auto told = json::parse(dry.body);
    CHECK(told.at("removed").as_array().size() == 2);
    CHECK(told.at("removed").at(0).at("reason") == "beyond the newest release");
    CHECK(told.at("protected").at(0).at("version") == "7.0.0");
    CHECK(told.at("protected").at(0).at("reason") == "protected: removing it takes the role admin");
    CHECK(h.versions_in("edge").size() == 5);
    CHECK(h.ask_as(guest, "POST", "/edge/retain").status == 403);
    CHECK(h.ask_as(h.person("dev", role::developer), "POST", "/edge/retain").status == 403);
    auto const done = h.told(201, "POST", "/edge/retain");
    CHECK(done.at("removed") == told.at("removed"));
    CHECK(done.at("protected") == told.at("protected"));
    CHECK(h.versions_in("edge") == words{"demo 2.0.0", "other 8.0.0", "other 7.0.0"});
    h.told(404, "POST", "/none/retain");
}

TEST_CASE("what a body asks for takes its right as well, wherever that is") {
    harbour h;
    auto const maintainer = h.person("maintainer", role::maintainer);
    auto const developer = h.person("developer", role::developer);
    auto const reporter = h.person("reporter", role::reporter);
    auto const hidden = h.server.add_project("grp/hidden", storage::visibility::private_);
    auto const seen = h.server.add_project("grp/seen", storage::visibility::public_);
    auto const promote = [&](std::string const& who, std::string const& more) {
        return h.ask_as(who, "POST", "/edge/promote",
                        R"({"to": "stable", "chart": "demo")" + more + "}");
    };
    CHECK(promote(reporter, "").status == 403);
    CHECK(promote(developer, R"(, "move": true)").status == 403);
    for (auto const& where :
         {std::string("\"grp/hidden\""), std::to_string(hidden.id.value), std::string("99999"),
          std::string("99999999999999999999999999"), std::string("\"grp/none\""), std::string("-1"),
          std::string("\"x\"")}) {
        CAPTURE(where);
        auto const refused = promote(developer, ", \"to_project\": " + where);
        CHECK(refused.status == 404);
        CHECK(refused.body == R"({"message":"404 Project Not Found"})");
    }
    CHECK(promote(developer, R"(, "to_project": "grp/seen")").status == 403);
    auto archived = seen;
    archived.archived = true;
    h.server.add_member(seen, run_to_end(h.server.core().stores->users().find("developer")).value(),
                        role::developer);
    run_to_end(tests::put_record(h.server.core().stores->projects(), archived)).value();
    CHECK(has(promote(developer, R"(, "to_project": "grp/seen")").body, "archived"));
    run_to_end(tests::put_record(h.server.core().stores->projects(), seen)).value();
    CHECK(promote(developer, R"(, "to_project": "GRP/Seen")").status == 201);
    CHECK(promote(developer, ", \"to_project\": " + std::to_string(seen.id.value)).status == 201);

    auto const writer = h.server.add_deploy_token(h.project, {"write_package_registry"});
    auto const reader = h.server.add_deploy_token(h.project, {"read_package_registry"});
    CHECK(promote(writer, "").status == 201);
    CHECK(promote(reader, "").status == 403);
    CHECK(promote(writer, R"(, "to_project": "grp/seen")").status == 403);
    CHECK(promote("", "").status == 401);
    h.protect("demo", role::maintainer, role::owner);
    for (auto const& who : {writer, developer}) {
        auto const refused = promote(who, "");
        CHECK(refused.status == 403);
        CHECK(has(refused.body, "Package protected: pushing demo takes the role maintainer here"));
    }
    CHECK(promote(maintainer, "").status == 201);
    auto const refused = promote(maintainer, R"(, "move": true)");
    CHECK(refused.status == 403);
    CHECK(has(refused.body, "removing demo takes the role owner"));
    CHECK(h.versions_in("edge").size() == 3);
    for (auto const* const verb : {"yank", "unyank"})
        CHECK(h.ask_as(maintainer, "POST", std::string("/edge/") + verb,
                       R"({"chart": "demo", "versions": ["1.0.0"], "reason": "x"})")
                  .status == 403);
    CHECK(promote(h.owner, R"(, "move": true)").status == 201);
}

TEST_CASE("bodies that say nothing, or nonsense, change nothing") {
    harbour h;
    struct row {
        char const* method;
        char const* path;
        std::string body;
        std::string error;
    };
    std::string const long_text(501, 'x');
    for (auto const& r : std::vector<row>{
             {"POST", "/edge/promote", "{",
              "message body does not match declared format: not JSON"},
             {"POST", "/edge/promote", "[]",
              "message body does not match declared format: not a JSON object"},
             {"POST", "/edge/promote", "",
              "to is missing, chart, range, all are missing, at least one parameter must be "
              "provided"},
             {"POST", "/edge/promote", R"({"to": "no--name", "chart": "demo"})", "to is invalid"},
             {"POST", "/edge/promote", R"({"to": ["a"], "chart": "demo"})", "to is invalid"},
             {"POST", "/edge/promote", R"({"to": "stable~latest-1", "chart": "demo"})",
              "to is invalid"},
             {"POST", "/edge/promote", R"({"to": "s", "chart": ""})", "chart is empty"},
             {"POST", "/edge/promote", R"({"to": "s", "chart": "a b"})", "chart is invalid"},
             {"POST", "/edge/promote", R"({"to": "s", "chart": ["demo"]})", "chart is invalid"},
             {"POST", "/edge/promote", R"({"to": "s", "chart": "demo", "versions": []})",
              "versions is empty"},
             {"POST", "/edge/promote", R"({"to": "s", "chart": "demo", "versions": null})",
              "versions is empty"},
             {"POST", "/edge/promote", R"({"to": "s", "chart": "demo", "versions": {"a": 1}})",
              "versions is invalid: it is a list of texts, versions is empty"},
             {"POST", "/edge/promote", R"({"to": "s", "chart": "demo", "versions": [{}, null]})",
              "versions is invalid"},
             {"POST", "/edge/promote", R"({"to": "s", "chart": "demo", "range": "newest"})",
              "range is invalid"},
             {"POST", "/edge/promote", R"({"to": "s", "range": ""})", "range is empty"},
             {"POST", "/edge/promote",
              R"({"to": "s", "chart": "demo", "range": "^1", "versions": ["1.0.0"]})",
              "name versions or a range of them, not both"},
             {"POST", "/edge/promote", R"({"to": "s", "range": "^1", "versions": ["1.0.0"]})",
              "versions are those of a chart: name it"},
             {"POST", "/edge/promote", R"({"to": "s", "all": true, "chart": "demo"})",
              "all is invalid"},
             {"POST", "/edge/promote", R"({"to": "s", "all": "maybe"})",
              "all is invalid, chart, range, all are missing, at least one parameter must be "
              "provided"},
             {"POST", "/edge/promote", R"({"to": "s", "chart": "demo", "move": 7})",
              "move is invalid"},
             {"POST", "/edge/promote", R"({"to": "s", "chart": "demo", "to_project": ""})",
              "to_project is empty"},
             {"POST", "/edge/promote", R"({"to": "edge", "chart": "demo"})",
              "a channel cannot be promoted into itself"},
             {"POST", "/edge/deprecate", "", "chart is missing"},
             {"POST", "/edge/deprecate", R"({"chart": "demo", "reason": ["x"]})",
              "reason is invalid"},
             {"POST", "/edge/deprecate", R"({"chart": "demo", "reason": ")" + long_text + "\"}",
              "a reason has more than 500 characters"},
             {"POST", "/edge/yank", R"({"chart": "demo", "reason": "x"})",
              "versions, range are missing, at least one parameter must be provided"},
             {"POST", "/edge/yank", R"({"chart": "demo", "versions": ["1.0.0"]})",
              "reason is missing"},
             {"POST", "/edge/yank", R"({"chart": "demo", "versions": ["1.0.0"], "reason": " "})",
              "a yank needs a reason: whoever still pulls the version is told"},
             {"POST", "/edge/unyank", "{}", "chart is missing"},
             {"POST", "/edge/retain", R"({"dry_run": "perhaps"})", "dry_run is invalid"},
             {"PUT", "/edge", "",
              "description, duplicates, index_format, read_only, retention are missing, at least "
              "one parameter must be provided"},
             {"PUT", "/edge", R"({"duplicates": "sometimes", "index_format": 7})",
              "duplicates does not have a valid value, index_format does not have a valid value"},
             {"PUT", "/edge", R"({"read_only": {}})", "read_only is invalid"},
             {"PUT", "/edge", R"({"retention": 3})", "retention is invalid"},
             {"PUT", "/edge", R"({"retention": []})", "retention is invalid"},
             {"PUT", "/edge", R"({"retention": {"newest": 99999999999999999999}})",
              "retention[newest] is invalid"},
             {"PUT", "/edge", R"({"retention": {"newest": 0}})",
              "how many of the newest releases are kept is a number from 1"},
             {"PUT", "/edge", R"({"retention": {"younger_than": "soon"}})",
              "retention[younger_than] is invalid"},
             {"GET", "?page=0", "", "page does not have a valid value"},
             {"GET", "/edge/versions?per_page=x", "", "per_page is invalid"},
         }) {
        CAPTURE(r.path);
        CAPTURE(r.body);
        auto const refused = h.ask(r.method, r.path, r.body);
        CHECK(refused.status == 400);
        CHECK(json::parse(refused.body) == json::value({{"error", r.error}}));
    }
    CHECK(h.ask_as(h.owner, "POST", "/edge/promote", "x", "text/plain").status == 415);
    CHECK(h.told(404, "POST", "/edge/promote",
                 R"({"to": "s", "chart": "demo", "versions": ["1.0.0", "9.9.9"]})") ==
          json::value({{"message", "404 Version Not Found"},
                       {"error", "the channel holds no demo 9.9.9"}}));
    h.told(404, "POST", "/edge/yank", R"({"chart": "none", "range": "*", "reason": "x"})");
    CHECK(h.told(400, "GET", "/no--name").at("error") == "channel is invalid");
    std::string many = "{\"to\": \"s\"";
    for (int i = 0; i < 1000; ++i) many += ", \"x" + std::to_string(i) + "\": 1";
    CHECK(h.told(400, "POST", "/edge/promote", many + "}").at("error") ==
          "more than 1000 parameters");
    CHECK(h.versions_in("edge").size() == 3);
    CHECK(h.told(200, "GET", "").as_array().size() == 1);
    CHECK(h.events().empty());
}

TEST_CASE("a channel may be called as a part of an address is") {
    harbour h;
    for (std::string const name :
         {"channels", "charts", "versions", "index.yaml", "promote", "api"}) {
        CAPTURE(name);
        h.push(name, "demo", "1.0.0");
        CHECK(h.told(200, "GET", "/" + name).at("name") == json::value(name));
        CHECK(h.versions_in(name) == words{"demo 1.0.0"});
        CHECK(h.told(200, "PUT", "/" + name, R"({"description": "x"})").at("versions") == 1);
        CHECK(has(h.index(name), R"("version":"1.0.0")"));
        CHECK(h.told(201, "POST", "/" + name + "/promote", R"({"to": "other", "all": true})")
                  .as_array()
                  .size() == 1);
        CHECK(h.ask("DELETE", "/" + name + "/charts/demo/versions/1.0.0").status == 204);
    }
}

TEST_CASE("garbage is collected for administrators alone") {
    harbour h;
    auto const admin = h.server.add_token(h.server.add_user("root", true), {"api"});
    auto const collect = [&](std::string const& token, std::string const& body) {
        return h.server.request("POST", "/api/v4/application/garbage_collection",
                                {{"PRIVATE-TOKEN", token}}, body);
    };
    CHECK(h.ask("DELETE", "/edge/charts/demo").status == 204);
    CHECK(collect(h.owner, "").status == 403);
    for (auto const* const grace :
         {"\"soon\"", "-1", "99999999999999999999", "\"1000000000d\"", "[]"}) {
        CAPTURE(grace);
        auto const refused = collect(admin, std::string(R"({"grace": )") + grace + "}");
        CHECK(refused.status == 400);
        CHECK(refused.body == R"({"error":"grace is invalid"})");
    }
    auto const removed = [&](std::string const& body) {
        auto const reply = collect(admin, body);
        CHECK(reply.status == 201);
        return json::parse(reply.body).at("blobs_removed").as_int64();
    };
    CHECK(removed("") == 0);
    for (auto const* const some : {"\"12h\"", "\"12 h\"", "\"43200\"", "43200"})
        CHECK(removed(std::string(R"({"grace": )") + some + "}") == 0);
    CHECK(removed(R"({"grace": 0, "dry_run": true})") == 3);
    CHECK(removed(R"({"grace": "0s"})") == 3);
    CHECK(removed(R"({"grace": 0})") == 0);
}

}  // namespace pilothouse::tests::channels_test
