// Commands over HTTP: what the route takes, in which order it refuses, and what it reads.
#include "server/cli/control_message.hpp"
#include "server/version.hpp"
#include "tests/support/demo_chart.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace pilothouse::tests::commands_test {

using tests::http_headers;
using tests::http_reply;
namespace json = boost::json;

namespace {

struct fixture {
    tests::test_server server;
    storage::user_record root = server.add_user("root", true);
    storage::user_record alice = server.add_user("alice");
    storage::project_record project =
        server.add_project("grp/charts", storage::visibility::private_);
    std::string admin = server.add_token(root, {"api"});
    std::string token = server.add_token(alice, {"api"});

    static http_headers fields(std::string const& who) {
        http_headers all = {{"Content-Type", "application/vnd.pilothouse.command"},
                            {"Pilothouse-Version", PILOTHOUSE_VERSION}};
        if (!who.empty()) all.emplace_back("PRIVATE-TOKEN", who);
        return all;
    }
    static std::string line(std::vector<std::string> const& argv,
                            std::vector<std::uint64_t> const& attached = {}) {
        json::object o{{"argv", json::array(argv.begin(), argv.end())}, {"confirmed", false}};
        if (!attached.empty()) o["attached"] = json::array(attached.begin(), attached.end());
        return json::serialize(o) + "\n";
    }
    http_reply post(std::string const& who, std::string const& body) {
        return server.request("POST", "/-/command", fields(who), body);
    }
    json::object answer(http_reply const& r) {
        CAPTURE(r.body);
        REQUIRE(r.status == 200);
        CHECK(r.header("content-type") == "application/vnd.pilothouse.answer");
        CHECK(r.header("cache-control") == "no-store");
        CHECK(r.header("pilothouse-version") == PILOTHOUSE_VERSION);
        return json::parse(r.body.substr(0, r.body.find('\n'))).as_object();
    }
    json::object run(std::string const& who, std::vector<std::string> const& argv) {
        return answer(post(who, line(argv)));
    }
    static std::string code(http_reply const& r) {
        auto const body = json::parse(r.body);
        return std::string(body.at("code").as_string());
    }
};

std::string digest_of(std::string const& bytes) {
    sha256_hasher hasher;
    hasher.update(bytes);
    return hasher.finish().hex();
}

std::string text(json::object const& o, char const* key) {
    return std::string(o.at(key).as_string());
}

}  // namespace

TEST_CASE_FIXTURE(fixture,
                  "a command runs as the token's owner, and the audit log says from where") {
    auto const made = run(admin, {"user", "create", "bob", "--json"});
    CHECK(made.at("exit") == 0);
    CHECK(json::parse(text(made, "out")).at("username") == "bob");
    auto const refused = run(token, {"user", "create", "carol"});
    CHECK(refused.at("exit") == 1);
    CHECK(text(refused, "out").empty());
    CHECK(text(refused, "err") == "pilothouse: only administrators may do this\n");
    CHECK(run(token, {"frobnicate"}).at("exit") == 2);
    CHECK(run(token, {"project", "delete", "grp/charts"}).at("exit") == 2);  // not confirmed

    auto const events = run_to_end(server.core().stores->audit().list({}, 0, 1));
    REQUIRE(events.size() == 1);
    CHECK(events.front().by == "root");
    CHECK(events.front().from == "127.0.0.1");
}

TEST_CASE_FIXTURE(fixture,
                  "who is asking comes first, then what kind of message, then the version") {
    auto const deploy = server.add_deploy_token(project, {"write_package_registry"});
    auto const reading = server.add_token(root, {"read_api"});
    CHECK(post("", line({"user", "list"})).status == 401);
    CHECK(post("plhp_nobody", line({"user", "list"})).status == 401);
    CHECK(code(post(deploy, line({"user", "list"}))) == "insufficient_scope");
    CHECK(code(post(reading, line({"user", "list"}))) == "insufficient_scope");

    for (auto const* type :
         {"", "application/json", "text/plain", "application/x-www-form-urlencoded",
          "application/vnd.pilothouse.answer"}) {
        CAPTURE(type);
        http_headers all = {{"PRIVATE-TOKEN", admin}, {"Pilothouse-Version", PILOTHOUSE_VERSION}};
        if (*type != '\0') all.emplace_back("Content-Type", type);
        auto const r = server.request("POST", "/-/command", all, line({"user", "create", "eve"}));
        CHECK(r.status == 415);
        CHECK(r.header("pilothouse-version") == PILOTHOUSE_VERSION);
    }
    for (auto const* version : {"", "9.9.9"}) {
        http_headers all = {{"PRIVATE-TOKEN", admin},
                            {"Content-Type", "application/vnd.pilothouse.command"}};
        if (*version != '\0') all.emplace_back("Pilothouse-Version", version);
        auto const r = server.request("POST", "/-/command", all, line({"user", "create", "eve"}));
        CHECK(r.status == 409);
        CHECK(code(r) == "other_version");
        CHECK(r.body.find(PILOTHOUSE_VERSION) != std::string::npos);
    }
    CHECK_FALSE(run_to_end(server.core().stores->users().find("eve")).has_value());
    CHECK(server.request("GET", "/-/command").status == 405);
}

TEST_CASE_FIXTURE(fixture, "what is no command is 400, what is too much 413") {
    std::string const good = line({"user", "list"});
    for (auto const& body : {std::string(), std::string("\n"), std::string("{}\n"),
                             std::string("x\n"), good + "x", good.substr(0, good.size() - 1),
                             good + good, line({"chart", "list"}, {1, 1, 1}) + "abc"}) {
        CAPTURE(body);
        auto const r = post(admin, body);
        CHECK(r.status == 400);
        CHECK(code(r) == "invalid_request");
    }
    CHECK(post(admin, line({"user", "show", std::string(cli::request_bytes_max, 'x')})).status ==
          413);
    CHECK(post(admin, std::string(2 * cli::request_bytes_max, 'x')).status == 413);
    CHECK(run(admin, {"user", "show", std::string(60'000, 'x')}).at("exit") == 1);
}

TEST_CASE_FIXTURE(fixture, "an archive goes up behind the line, and comes down behind the answer") {
    server.add_member(project, alice, storage::role::developer);
    auto const archive = tests::demo_chart("hello", "1.0.0");
    auto const digest = digest_of(archive);
    std::vector<std::string> const put = {"transfer", "put",      "grp/charts",
                                          "stable",   "--digest", digest};
    auto const taken = answer(post(token, line(put, {archive.size()}) + archive));
    CHECK(json::parse(text(taken, "out")).at("outcome") == "created");
    CHECK(post(token, line(put, {archive.size() + 1}) + archive).status == 400);

    auto const got =
        post(token, line({"transfer", "get", "grp/charts", "stable", "hello-1.0.0.tgz"}));
    auto const said = answer(got);
    CHECK(said.at("attached") == archive.size());
    CHECK(got.body.substr(got.body.find('\n') + 1) == archive);
}

TEST_CASE_FIXTURE(fixture,
                  "files of a command that takes none, or not from this caller, are not read") {
    server.add_member(project, alice, storage::role::guest);
    struct row {
        std::vector<std::string> argv;
        char const* why;
    };
    for (auto const& [argv, why] :
         {row{{"transfer", "put", "grp/charts", "stable", "--digest", "x"},
              "your role does not allow"},
          row{{"transfer", "put", "no/where", "stable", "--digest", "x"}, "no such project"},
          row{{"user", "list"}, "takes no such files"}, row{{"user", "list", "--help"}, ""},
          row{{"frobnicate"}, "frobnicate"}}) {
        auto const said = line(argv, {1'000'000});
        tests::http_client client(server.port());
        // The file never comes: whoever waited for it would not answer.
        client.send("POST /-/command HTTP/1.1\r\nHost: x\r\nPRIVATE-TOKEN: " + token +
                    "\r\nContent-Type: application/vnd.pilothouse.command\r\nPilothouse-Version: " +
                    PILOTHOUSE_VERSION + "\r\nContent-Length: " +
                    std::to_string(said.size() + 1'000'000) + "\r\n\r\n" + said);
        auto const r = client.receive();
        auto const told = answer(r);
        CHECK(text(told, "err").find(why) != std::string::npos);
    }
}

TEST_CASE_FIXTURE(fixture,
                  "from elsewhere an archive is as large as a push may be, and never of tomorrow") {
    server.add_member(project, alice, storage::role::developer);
    auto const archive = tests::demo_chart("hello", "1.0.0");
    std::vector<std::string> put = {
        "transfer",         "put",       "grp/charts",          "stable", "--digest",
        digest_of(archive), "--created", "2199-01-01T00:00:00Z"};
    auto const body = line(put, {archive.size()}) + archive;
    auto const limit_to = [this](std::size_t bytes) {
        run_to_end(
            server.core().stores->settings().set("helm_max_file_size", std::to_string(bytes)));
    };
    limit_to(archive.size());
    auto const refused = json::parse(text(answer(post(token, body)), "out"));
    CHECK(refused.at("outcome") == "refused");
    CHECK(text(refused.as_object(), "reason").find("helm_max_file_size") != std::string::npos);
    limit_to(archive.size() + 1);
    CHECK(json::parse(text(answer(post(token, body)), "out")).at("outcome") == "created");
    auto const found = text(run(token, {"chart", "list", "grp/charts", "stable", "--json"}), "out");
    CHECK(found.find("2199") == std::string::npos);
}

TEST_CASE_FIXTURE(fixture, "commands that have files of their caller run nowhere else") {
    for (auto const& argv : {std::vector<std::string>{"import", "grp/charts", "stable", "/etc"},
                             {"export", "grp/charts", "stable", "/tmp/x"},
                             {"chart", "push", "grp/charts", "stable", "/etc/passwd"}}) {
        auto const told = run(admin, argv);
        CHECK(told.at("exit") == 1);
        CHECK(text(told, "err") == "pilothouse: this command runs where its files are\n");
    }
}

TEST_CASE_FIXTURE(
    fixture, "an answer of more than 16 MiB is refused, and says whether the command was done") {
    auto const describe = [this](std::size_t bytes) {
        auto const change = [bytes](storage::project_record& p) -> result<void> {
            p.description = std::string(bytes, 'x');
            return {};
        };
        REQUIRE(run_to_end(server.core().stores->projects().edit(project.id, change)).has_value());
    };
    std::vector<std::string> const show = {"project", "show", "grp/charts", "--json"};
    describe(16 * 1024 * 1024 - 2000);
    auto const whole = run(admin, show);
    CHECK(whole.at("exit") == 0);
    CHECK(text(whole, "out").size() > 16 * 1024 * 1024 - 2000);

    describe(16 * 1024 * 1024);
    auto const refused = run(admin, show);
    CHECK(refused.at("exit") == 1);
    CHECK(text(refused, "out").empty());
    CHECK(text(refused, "err").find("longer than the 16 MiB") != std::string::npos);
    CHECK(text(refused, "err").find("ask for less") != std::string::npos);
    auto const done = run(admin, {"project", "delete", "grp/charts", "--yes", "--json"});
    CHECK(done.at("exit") == 1);
    CHECK(text(done, "err").find("the command was done") != std::string::npos);
    CHECK_FALSE(run_to_end(server.core().stores->projects().find(project.id)).has_value());
}

TEST_CASE_FIXTURE(fixture, "the index and the list of a channel come behind the answer") {
    server.add_member(project, alice, storage::role::developer);
    auto const archive = tests::demo_chart("hello", "1.0.0");
    CHECK(post(token,
               line({"transfer", "put", "grp/charts", "stable", "--digest", digest_of(archive)},
                    {archive.size()}) +
                   archive)
              .status == 200);
    for (auto const* what : {"index", "held"}) {
        auto const got = post(token, line({"transfer", what, "grp/charts", "stable"}));
        auto const said = answer(got);
        CHECK(text(said, "out").empty());
        auto const behind = got.body.substr(got.body.find('\n') + 1);
        CHECK(said.at("attached") == behind.size());
        CHECK(behind.find("hello-1.0.0.tgz") != std::string::npos);
    }
}

TEST_CASE_FIXTURE(fixture, "from elsewhere no project is made or becomes wider than its group") {
    auto const refused = [this](std::vector<std::string> const& argv, char const* why) {
        auto const told = run(admin, argv);
        CHECK(told.at("exit") == 1);
        CHECK(text(told, "err").find(why) != std::string::npos);
    };
    REQUIRE(run(admin, {"group", "create", "inner", "--visibility", "internal"}).at("exit") == 0);
    auto const wide = "public is not allowed in a internal group.";
    refused({"project", "create", "inner/p", "--visibility", "public"}, wide);
    refused({"project", "create", "INNER/p", "--visibility", "public"}, wide);
    auto const made = run(admin, {"project", "create", "inner/p", "--visibility", "internal"});
    CHECK(made.at("exit") == 0);
    refused({"project", "edit", "inner/p", "--visibility", "public"}, wide);

    // Groups that are missing are made private.
    refused({"project", "create", "inner/new/p", "--visibility", "internal"},
            "internal is not allowed in a private group.");
    CHECK(run(admin, {"group", "show", "inner/new"}).at("exit") == 1);
    CHECK(run(admin, {"project", "create", "inner/new/p"}).at("exit") == 0);
    CHECK(run(admin, {"group", "show", "inner/new"}).at("exit") == 0);
    CHECK(run(admin, {"project", "create", "alone"}).at("exit") == 1);

    // Others make projects in groups that are there and theirs.
    CHECK(run(token, {"project", "create", "inner/q"}).at("exit") == 1);
    CHECK(run(token, {"project", "create", "nowhere/q"}).at("exit") == 1);
    CHECK(run(admin, {"member", "add", "inner", "alice", "--role", "developer"}).at("exit") == 0);
    CHECK(run(token, {"project", "create", "inner/q"}).at("exit") == 0);
}

}  // namespace pilothouse::tests::commands_test
