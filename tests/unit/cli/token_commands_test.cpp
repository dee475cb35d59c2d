// Personal, deploy and job tokens.
#include "tests/unit/cli/cli_fixture.hpp"

namespace pilothouse::tests::token_commands_test {

using namespace std::chrono_literals;

namespace {

struct fixture : tests::cli_fixture {
    fixture() {
        text({"user", "create", "alice"});
        text({"project", "create", "grp/p"});
        text({"project", "create", "grp/q"});
    }
    std::string token_of(boost::json::value const& made) {
        return std::string(made.at("token").as_string());
    }
    std::string id_of(boost::json::value const& made) {
        return std::to_string(made.at("id").as_int64());
    }
    std::string expires_of(std::vector<std::string> arguments) {
        return std::string(json(std::move(arguments)).at("expires_at").as_string());
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "a personal token is shown once, and works at once") {
    auto const made = json({"token", "create", "--user", "alice", "--scope", "read_api", "--scope",
                            "api", "--name", "laptop"});
    CHECK(made.at("id").is_int64());
    CHECK(made.at("name") == "laptop");
    CHECK(made.at("scopes") == boost::json::value{"api", "read_api"});
    CHECK(made.at("expires_at") == "2026-04-02T03:04:05.678901234Z");  // 90 days
    CHECK(verdict(token_of(made)) == "good");

    auto const listed = json({"token", "list"});
    REQUIRE(listed.as_array().size() == 1);
    CHECK(listed.at(0).at("id") == made.at("id"));
    CHECK(!listed.at(0).as_object().contains("token"));
    CHECK(!contains(text({"token", "list"}), token_of(made)));
}

TEST_CASE_FIXTURE(fixture, "without --json only the token itself is on standard output") {
    for (std::vector<std::string> const& row :
         {std::vector<std::string>{"token", "create", "--user", "alice", "--scope", "api"},
          {"deploy-token", "create", "grp/p", "--scope", "read_package_registry"},
          {"job-token", "create", "--project", "grp/p", "--user", "alice"}}) {
        auto const r = run(row);
        CHECK(r.exit_status == 0);
        CHECK(r.out.size() == 42);
        CHECK(verdict(r.out.substr(0, 41)) == "good");
        CHECK(contains(r.err, "shown this once"));
        CHECK(!contains(r.err, r.out.substr(0, 41)));
    }
}

TEST_CASE_FIXTURE(fixture, "a token ends at the start of a day, or at a time") {
    auto const ends = [&](std::string when) {
        return expires_of(
            {"token", "create", "--user", "alice", "--scope", "api", "--expires", std::move(when)});
    };
    CHECK(ends("2026-01-03") == "2026-01-03T00:00:00.000000000Z");
    CHECK(ends("2026-01-02T03:04:06Z") == "2026-01-02T03:04:06.000000000Z");
    CHECK(ends("2026-01-02T05:04:06+01:00") == "2026-01-02T04:04:06.000000000Z");

    for (char const* const when :
         {"2026-01-02", "2026-01-01", "2026-01-02T03:04:05Z", "1999-01-01", "2026-02-30", "never",
          "2026-1-3", "2026-01-03 00:00:00x", "01/03/2026", "2026-13-01", "3"}) {
        CAPTURE(when);
        refusal(1, {"token", "create", "--user", "alice", "--scope", "api", "--expires", when});
        refusal(1, {"deploy-token", "create", "grp/p", "--scope", "read_package_registry",
                    "--expires", when});
    }
    CHECK(json({"token", "list"}).as_array().size() == 3);
}

TEST_CASE_FIXTURE(fixture, "a scope that the kind of token cannot have is refused with the list") {
    CHECK(contains(refusal(1, {"token", "create", "--user", "alice", "--scope", "everything"}),
                   "read_api"));
    CHECK(contains(refusal(1, {"deploy-token", "create", "grp/p", "--scope", "api"}),
                   "read_package_registry"));
    CHECK(contains(refusal(1, {"token", "create", "--user", "nobody", "--scope", "api"}),
                   "user list"));
    CHECK(contains(
        refusal(1, {"deploy-token", "create", "grp/none", "--scope", "read_package_registry"}),
        "project list"));
    refusal(1, {"token", "create", "--user", "alice", "--scope", "api", "--name", "a\nb"});
    refusal(1, {"deploy-token", "create", "grp/p", "--scope", "read_package_registry", "--username",
                "a:b"});
}

TEST_CASE_FIXTURE(fixture, "a deploy token has a user name and a project") {
    auto const made = json({"deploy-token", "create", "grp/p", "--scope", "read_package_registry",
                            "--scope", "write_package_registry"});
    CHECK(made.at("username").as_string().size() > 0);
    CHECK(made.at("scopes").as_array().size() == 2);
    CHECK(made.at("expires_at") == "2026-04-02T03:04:05.678901234Z");
    CHECK(verdict(token_of(made), auth::permission::push_chart, "grp/p") == "good");
    CHECK(verdict(token_of(made), auth::permission::push_chart, "grp/q") == "not_found");
    CHECK(json({"deploy-token", "list", "grp/p"}).as_array().size() == 1);
    CHECK(json({"deploy-token", "list", "grp/q"}).as_array().empty());
    CHECK(json({"token", "list"}).as_array().empty());
    CHECK(json({"deploy-token", "create", "grp/p", "--scope", "read_package_registry", "--username",
                "puller"})
              .at("username") == "puller");
}

TEST_CASE_FIXTURE(fixture, "a job token lives an hour, or as long as it is told to") {
    auto const made = json({"job-token", "create", "--project", "grp/p", "--user", "alice"});
    CHECK(made.at("expires_at") == "2026-01-02T04:04:05.678901234Z");
    CHECK(made.at("scopes").as_array().empty());
    auto const brief =
        json({"job-token", "create", "--project", "grp/p", "--user", "alice", "--ttl", "5"});
    CHECK(verdict(token_of(brief)) == "good");
    time.advance(5s);
    CHECK(verdict(token_of(brief)) == "unauthenticated");
    CHECK(verdict(token_of(made)) == "good");
    time.advance(1h);
    CHECK(verdict(token_of(made)) == "unauthenticated");
    CHECK(json({"job-token", "list", "grp/p"}).as_array().size() == 2);
}

TEST_CASE_FIXTURE(fixture,
                  "a revoked token is refused from the next request on, and stays listed") {
    auto const personal = json({"token", "create", "--user", "alice", "--scope", "api"});
    auto const deploy =
        json({"deploy-token", "create", "grp/p", "--scope", "read_package_registry"});
    auto const job = json({"job-token", "create", "--project", "grp/p", "--user", "alice"});
    for (auto const& made : {personal, deploy, job}) CHECK(verdict(token_of(made)) == "good");

    CHECK(json({"token", "revoke", id_of(personal)}).at("revoked") == true);
    text({"deploy-token", "revoke", "grp/p", id_of(deploy)});
    text({"job-token", "revoke", id_of(job)});
    CHECK(verdict(token_of(personal)) == "token_revoked");
    CHECK(verdict(token_of(deploy)) == "unauthenticated");
    CHECK(verdict(token_of(job)) == "unauthenticated");
    CHECK(json({"token", "list"}).at(0).at("revoked") == true);
    CHECK(contains(text({"token", "list"}), "revoked"));
    text({"token", "revoke", id_of(personal)});  // twice is as once
}

TEST_CASE_FIXTURE(fixture, "a token is revoked only under its own kind and project") {
    auto const personal = json({"token", "create", "--user", "alice", "--scope", "api"});
    auto const deploy =
        json({"deploy-token", "create", "grp/p", "--scope", "read_package_registry"});
    refusal(1, {"token", "revoke", id_of(deploy)});
    refusal(1, {"job-token", "revoke", id_of(personal)});
    refusal(1, {"deploy-token", "revoke", "grp/p", id_of(personal)});
    refusal(1, {"deploy-token", "revoke", "grp/q", id_of(deploy)});
    refusal(1, {"token", "revoke", "0"});
    refusal(1, {"token", "revoke", "999"});
    CHECK(verdict(token_of(personal)) == "good");
    CHECK(verdict(token_of(deploy)) == "good");
}

TEST_CASE_FIXTURE(fixture, "tokens can be listed by user") {
    text({"user", "create", "bob"});
    text({"token", "create", "--user", "alice", "--scope", "api"});
    text({"token", "create", "--user", "bob", "--scope", "api"});
    CHECK(json({"token", "list"}).as_array().size() == 2);
    CHECK(json({"token", "list", "--user", "bob"}).as_array().size() == 1);
    CHECK(contains(refusal(1, {"token", "list", "--user", "nobody"}), "user list"));
}

}  // namespace pilothouse::tests::token_commands_test
