// Access tokens and deploy tokens of projects and groups; who holds a token, in words.
#include "tests/unit/cli/cli_fixture.hpp"

namespace pilothouse::tests::place_token_commands_test {

using auth::permission;

namespace {

struct fixture : tests::cli_fixture {
    fixture() {
        text({"user", "create", "alice"});
        text({"project", "create", "grp/p"});
        text({"project", "create", "grp/q"});
        text({"project", "create", "other/p"});
    }
    std::string token_of(boost::json::value const& made) {
        return std::string(made.at("token").as_string());
    }
    std::string id_of(boost::json::value const& made) {
        return std::to_string(made.at("id").as_int64());
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "an access token has its role in its place, and goes with its bot") {
    auto const made = json({"access-token", "create", "grp/p", "--name", "ci", "--role",
                            "developer", "--scope", "api", "--expires", "30d"});
    CHECK(made.at("role") == "developer");
    CHECK(made.at("expires_at") == "2026-02-01T03:04:05.678901234Z");
    auto const push = [&](char const* where) {
        return verdict(token_of(made), permission::push_chart, where);
    };
    CHECK(push("grp/p") == "good");
    CHECK(push("grp/q") == "not_found");
    CHECK(verdict(token_of(made), permission::remove_chart, "grp/p") == "denied");

    auto const listed = json({"access-token", "list", "grp/p"});
    REQUIRE(listed.as_array().size() == 1);
    CHECK(listed.at(0).at("role") == "developer");
    CHECK(listed.at(0).at("place") == "grp/p");
    CHECK(!listed.at(0).as_object().contains("token"));
    CHECK(json({"access-token", "show", "grp/p", id_of(made)}) == listed.at(0));
    CHECK(contains(text({"access-token", "list", "grp/p"}), "developer"));
    CHECK(json({"access-token", "list", "grp"}).as_array().empty());
    CHECK(contains(refusal(1, {"access-token", "show", "grp", id_of(made)}),
                   "access-token list grp`"));

    auto const fresh = json({"access-token", "rotate", "grp/p", id_of(made)});
    CHECK(fresh.at("role") == "developer");
    CHECK(push("grp/p") != "good");
    CHECK(verdict(token_of(fresh), permission::push_chart, "grp/p") == "good");
    CHECK(json({"access-token", "list", "grp/p"}).as_array().size() == 2);
    CHECK(json({"access-token", "list", "grp/p", "--active"}).as_array().size() == 1);
    refusal(1, {"access-token", "rotate", "grp/p", id_of(made)});

    CHECK(json({"access-token", "revoke", "grp/p", id_of(fresh)}).at("revoked") == true);
    CHECK(verdict(token_of(fresh)) != "good");
    CHECK(contains(refusal(1, {"access-token", "revoke", "grp/p", id_of(fresh)}),
                   "access-token list grp/p"));
}

TEST_CASE_FIXTURE(fixture, "a group's access token counts in all that lies there") {
    auto const made =
        json({"access-token", "create", "grp", "--name", "bot", "--scope", "read_api"});
    CHECK(made.at("role") == "maintainer");
    CHECK(verdict(token_of(made), permission::read_chart, "grp/q") == "good");
    CHECK(verdict(token_of(made), permission::read_chart, "other/p") == "not_found");
    refusal(1, {"access-token", "create", "grp", "--name", "x", "--scope", "everything"});
    refusal(1, {"access-token", "create", "grp", "--name", "x", "--scope", "api", "--expires",
                "2020-01-01"});
    CHECK(contains(refusal(1, {"access-token", "create", "none", "--name", "x", "--scope", "api"}),
                   "group list"));
}

TEST_CASE_FIXTURE(fixture, "a group's deploy token is made, listed and revoked there") {
    auto const made = json({"deploy-token", "create", "grp", "--scope", "read_package_registry"});
    CHECK(verdict(token_of(made), permission::read_chart, "grp/p") == "good");
    CHECK(verdict(token_of(made), permission::read_chart, "grp/q") == "good");
    CHECK(verdict(token_of(made), permission::read_chart, "other/p") == "not_found");
    auto const of_project =
        json({"deploy-token", "create", "grp/p", "--scope", "read_package_registry"});

    CHECK(json({"deploy-token", "list", "grp"}).at(0).at("place") == "grp");
    CHECK(json({"deploy-token", "list", "grp/p"}).as_array().size() == 1);
    auto const every = json({"deploy-token", "list"});
    REQUIRE(every.as_array().size() == 2);
    CHECK(every.at(0).at("place") == "grp");
    CHECK(every.at(1).at("place") == "grp/p");
    CHECK(json({"deploy-token", "show", "grp", id_of(made)}).at("username") == "deploy-token");
    CHECK(contains(text({"deploy-token", "list"}), "deploy-token"));

    for (char const* const what : {"show", "revoke"}) {
        CHECK(contains(refusal(1, {"deploy-token", what, "grp", id_of(of_project)}),
                       "deploy-token list grp`"));
        CHECK(contains(refusal(1, {"deploy-token", what, "grp/p", "999"}),
                       "deploy-token list grp/p`"));
    }
    text({"deploy-token", "revoke", "grp", id_of(made)});
    CHECK(verdict(token_of(made)) != "good");
    CHECK(json({"deploy-token", "list", "--active"}).as_array().size() == 1);
}

TEST_CASE_FIXTURE(fixture, "a list of tokens says whose they are") {
    text({"token", "create", "--user", "alice", "--scope", "api"});
    text({"access-token", "create", "grp/p", "--name", "ci", "--scope", "api"});
    text({"job-token", "create", "--user", "alice", "--project", "grp/p", "--ttl", "10m"});
    auto const personal = json({"token", "list"});
    CHECK(personal.at(0).at("user") == "alice");
    CHECK(personal.at(0).at("place").is_null());
    CHECK(contains(std::string(personal.at(1).at("user").as_string()), "_bot_"));
    CHECK(contains(text({"token", "list"}), "alice"));
    auto const job = json({"job-token", "list", "grp/p"});
    CHECK(job.at(0).at("user") == "alice");
    CHECK(job.at(0).at("place") == "grp/p");
    CHECK(job.at(0).at("expires_at") == "2026-01-02T03:14:05.678901234Z");
}

TEST_CASE_FIXTURE(fixture, "a personal token is shown, and rotated for one of the same kind") {
    auto const made = json({"token", "create", "--user", "alice", "--scope", "read_api"});
    CHECK(json({"token", "show", id_of(made)}).at("user") == "alice");
    auto const fresh = json({"token", "rotate", id_of(made), "--expires", "12h"});
    CHECK(fresh.at("scopes") == made.at("scopes"));
    CHECK(fresh.at("expires_at") == "2026-01-02T15:04:05.678901234Z");
    CHECK(verdict(token_of(made)) == "token_revoked");
    CHECK(verdict(token_of(fresh)) == "good");
    CHECK(json({"token", "list", "--active"}).as_array().size() == 1);

    refusal(1, {"token", "rotate", id_of(made)});
    refusal(1, {"token", "rotate", id_of(fresh), "--expires", "2020-01-01"});
    auto const deploy =
        json({"deploy-token", "create", "grp/p", "--scope", "read_package_registry"});
    for (char const* const what : {"show", "rotate", "revoke"})
        for (auto const& id : {std::string("999"), id_of(deploy)})
            CHECK(contains(refusal(1, {"token", what, id}), "`pilothouse token list`"));
    CHECK(contains(refusal(1, {"job-token", "revoke", "999"}), "job-token list PROJECT"));
}

}  // namespace pilothouse::tests::place_token_commands_test
