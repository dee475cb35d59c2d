// Groups, protection rules, the audit log; and of users, projects and members what REST can do too.
#include "tests/unit/cli/cli_fixture.hpp"

namespace pilothouse::tests::place_commands_test {

using auth::permission;

TEST_CASE_FIXTURE(tests::cli_fixture, "a group is made at the top or in another one") {
    auto const top = json({"group", "create", "Team", "--visibility", "internal"});
    CHECK(top.at("path") == "Team");
    CHECK(top.at("name") == "Team");
    CHECK(top.at("visibility") == "internal");
    auto const sub =
        json({"group", "create", "team/sub", "--name", "The sub", "--description", "below"});
    CHECK(sub.at("path") == "Team/sub");
    CHECK(sub.at("name") == "The sub");
    CHECK(sub.at("description") == "below");
    CHECK(sub.at("visibility") == "private");
    json({"group", "create", "team/sub/deep"});
    json({"group", "create", "other"});

    CHECK(json({"group", "show", "TEAM/sub"}) == sub);
    CHECK(json({"group", "list"}).as_array().size() == 4);
    CHECK(json({"group", "list", "team"}).as_array() == boost::json::array{sub});
    CHECK(json({"group", "list", "team", "--all"}).as_array().size() == 2);
    CHECK(json({"group", "list", "other"}).as_array().empty());
    CHECK(contains(text({"group", "list"}), "The sub"));
}

TEST_CASE_FIXTURE(tests::cli_fixture, "a group of a wrong, taken or too wide kind is refused") {
    text({"group", "create", "team"});
    for (char const* const path : {"team", "TEAM", "", "/", "team/", "/x", "a b", "team/../x",
                                   "api", "missing/sub", "team/sub.git"})
        refusal(1, {"group", "create", path});
    CHECK(contains(refusal(1, {"group", "create", "missing/sub"}), "group list"));
    CHECK(contains(refusal(1, {"group", "create", "team/open", "--visibility", "public"}),
                   "public is not allowed in a private group"));
    text({"group", "create", "team/sub"});
    CHECK(contains(refusal(1, {"group", "edit", "team/sub", "--visibility", "internal"}),
                   "internal is not allowed in a private group"));
    CHECK(contains(refusal(1, {"group", "show", "nothing"}), "group list"));
    CHECK(contains(refusal(1, {"group", "list", "nothing"}), "group list"));
    CHECK(json({"group", "list"}).as_array().size() == 2);
}

TEST_CASE_FIXTURE(tests::cli_fixture, "an edited group moves what lies in it, and keeps the rest") {
    text({"group", "create", "team", "--description", "old"});
    text({"project", "create", "team/app"});
    auto after = json({"group", "edit", "team", "--path", "crew", "--visibility", "public"});
    CHECK(after.at("path") == "crew");
    CHECK(after.at("description") == "old");
    CHECK(after.at("visibility") == "public");
    CHECK(json({"project", "show", "crew/app"}).at("path") == "crew/app");
    after = json({"group", "edit", "crew", "--description", "", "--name", "Crew"});
    CHECK(after.at("description") == "");
    CHECK(after.at("name") == "Crew");
    CHECK(contains(refusal(1, {"group", "edit", "crew", "--path", "a/b"}), "one word"));
    CHECK(contains(refusal(1, {"group", "edit", "team", "--name", "x"}), "group list"));
}

TEST_CASE_FIXTURE(tests::cli_fixture, "a group goes with all that lies in it, after a yes") {
    text({"group", "create", "team"});
    text({"project", "create", "team/app"});
    CHECK(contains(refusal(2, {"group", "delete", "team"}), "--yes"));
    CHECK(json({"group", "delete", "team", "--yes"}).at("path") == "team");
    CHECK(json({"group", "list"}).as_array().empty());
    CHECK(json({"project", "list"}).as_array().empty());
    CHECK(contains(refusal(1, {"group", "delete", "team", "--yes"}), "group list"));
}

TEST_CASE_FIXTURE(tests::cli_fixture, "projects are listed by group, moved, archived and back") {
    text({"project", "create", "team/app", "--name", "The app", "--description", "old"});
    text({"project", "create", "team/sub/app"});
    text({"project", "create", "other/app"});
    CHECK(json({"project", "list", "team"}).as_array().size() == 1);
    CHECK(json({"project", "list", "team", "--all"}).as_array().size() == 2);
    CHECK(contains(refusal(1, {"project", "list", "nothing"}), "group list"));

    auto after = json({"project", "edit", "team/app", "--path", "tool", "--description", ""});
    CHECK(after.at("path") == "team/tool");
    CHECK(after.at("name") == "The app");
    CHECK(after.at("description") == "");
    CHECK(json({"project", "archive", "team/tool"}).at("archived") == true);
    CHECK(json({"project", "archive", "team/tool"}).at("archived") == true);
    CHECK(json({"project", "unarchive", "team/tool"}).at("archived") == false);
    CHECK(contains(refusal(1, {"project", "archive", "team/app"}), "project list"));
}

TEST_CASE_FIXTURE(tests::cli_fixture, "a user is shown, changed and removed") {
    auto const made = json({"user", "create", "alice", "--email", "a@example.com"});
    CHECK(json({"user", "show", "ALICE"}) == made);
    auto const after =
        json({"user", "edit", "alice", "--username", "alicia", "--admin", "true", "--email", ""});
    CHECK(after.at("id") == made.at("id"));
    CHECK(after.at("username") == "alicia");
    CHECK(after.at("admin") == true);
    CHECK(after.at("email") == "");
    CHECK(after.at("name") == "alice");
    text({"user", "create", "bob"});
    CHECK(json({"user", "list", "--admins"}).as_array().size() == 1);
    text({"user", "block", "bob"});
    CHECK(json({"user", "list", "--blocked"}).at(0).at("username") == "bob");
    refusal(1, {"user", "edit", "alicia", "--username", "bob"});
    refusal(1, {"user", "edit", "alicia", "--email", "no address"});
    for (char const* const what : {"show", "block", "unblock"})
        CHECK(contains(refusal(1, {"user", what, "alice"}), "user list"));

    CHECK(contains(refusal(2, {"user", "delete", "bob"}), "--yes"));
    CHECK(json({"user", "delete", "bob", "--yes"}).at("username") == "bob");
    CHECK(contains(refusal(1, {"user", "delete", "bob", "--yes"}), "user list"));
    CHECK(json({"user", "list"}).as_array().size() == 1);
}

TEST_CASE_FIXTURE(tests::cli_fixture, "the last owner of a group is removed by force alone") {
    text({"user", "create", "alice"});
    text({"group", "create", "team"});
    text({"member", "add", "team", "alice", "--role", "owner"});
    CHECK(contains(refusal(1, {"user", "delete", "alice", "--yes"}), "--force"));
    text({"user", "delete", "alice", "--yes", "--force"});
    CHECK(json({"member", "list", "team"}).as_array().empty());
}

TEST_CASE_FIXTURE(tests::cli_fixture, "a member is shown, with what is inherited, and changed") {
    text({"user", "create", "alice"});
    text({"project", "create", "team/app"});
    text({"member", "add", "team", "alice", "--role", "maintainer"});
    CHECK(contains(refusal(1, {"member", "show", "team/app", "alice"}), "member list team/app"));
    CHECK(json({"member", "show", "team/app", "alice", "--all"}).at("role") == "maintainer");
    CHECK(contains(refusal(1, {"member", "edit", "team/app", "alice", "--role", "owner"}),
                   "member list team/app"));

    auto after = json({"member", "edit", "team", "alice", "--expires", "2026-02-01"});
    CHECK(after.at("role") == "maintainer");
    CHECK(after.at("expires_at") == "2026-02-01T00:00:00.000000000Z");
    after = json({"member", "edit", "team", "alice", "--role", "owner"});
    CHECK(after.at("role") == "owner");
    CHECK(after.at("expires_at") == "2026-02-01T00:00:00.000000000Z");
    CHECK(
        json({"member", "edit", "team", "alice", "--expires", "never"}).at("expires_at").is_null());
    after = json({"member", "add", "team/app", "alice", "--role", "owner", "--expires", "1d"});
    CHECK(after.at("expires_at") == "2026-01-03T03:04:05.678901234Z");
}

TEST_CASE_FIXTURE(tests::cli_fixture, "a protection rule is added, changed, listed and removed") {
    text({"project", "create", "team/app"});
    auto const made = json({"protection", "add", "team/app", "prod-*", "--push", "owner"});
    CHECK(made.at("pattern") == "prod-*");
    CHECK(made.at("push") == "owner");
    CHECK(made.at("remove") == "none");
    auto const id = std::to_string(made.at("id").as_int64());
    CHECK(contains(text({"protection", "list", "team/app"}), "prod-*"));

    auto after = json({"protection", "edit", "team/app", id, "--remove", "admin"});
    CHECK(after.at("push") == "owner");
    CHECK(after.at("remove") == "admin");
    after = json({"protection", "edit", "team/app", id, "--push", "none", "--pattern", "live-*"});
    CHECK(after.at("pattern") == "live-*");
    CHECK(after.at("push") == "none");
    CHECK(json({"protection", "list", "team/app"}).as_array() == boost::json::array{after});

    refusal(1, {"protection", "add", "team/app", "LIVE-*", "--push", "owner"});
    refusal(1, {"protection", "edit", "team/app", id, "--remove", "none"});
    refusal(1, {"protection", "add", "team/app", std::string(256, 'a'), "--push", "owner"});
    for (char const* const what : {"edit", "remove"}) {
        std::vector<std::string> line{"protection", what, "team/app", "999"};
        if (line[1] == "edit") line.insert(line.end(), {"--push", "owner"});
        CHECK(contains(refusal(1, line), "protection list team/app"));
    }
    CHECK(contains(refusal(1, {"protection", "list", "team/none"}), "project list"));

    CHECK(json({"protection", "remove", "team/app", id}).at("pattern") == "live-*");
    CHECK(json({"protection", "list", "team/app"}).as_array().empty());
}

TEST_CASE_FIXTURE(tests::cli_fixture,
                  "the audit log is read newest first, by place, time and person") {
    text({"user", "create", "alice"});
    time.advance(std::chrono::hours(1));
    text({"project", "create", "team/app"});
    time.advance(std::chrono::hours(1));
    text({"project", "archive", "team/app"});
    text({"group", "edit", "team", "--name", "T"});

    auto const all = json({"audit", "list"});
    REQUIRE(all.as_array().size() == 4);
    CHECK(all.at(0).at("what") == "group_updated");
    CHECK(all.at(3).at("what") == "user_created");
    CHECK(all.at(0).at("by") == "command line");
    CHECK(contains(text({"audit", "list"}), "project_updated"));

    CHECK(json({"audit", "list", "team/app"}).as_array().size() == 1);
    CHECK(json({"audit", "list", "team"}).at(0).at("where") == "team");
    CHECK(json({"audit", "list", "--since", "90m"}).as_array().size() == 3);
    CHECK(json({"audit", "list", "--since", "90m", "--until", "30m"}).as_array().size() == 1);
    CHECK(json({"audit", "list", "--until", "2026-01-02T03:30:00Z"}).as_array().size() == 1);
    CHECK(json({"audit", "list", "--since", "2026-01-03"}).as_array().empty());
    CHECK(json({"audit", "list", "--user", "alice"}).as_array().empty());

    auto const some = run({"audit", "list", "--limit", "1", "--skip", "1"});
    CHECK(contains(some.out, "project_updated"));
    CHECK(!contains(some.out, "group_updated"));
    CHECK(contains(some.err, "2 older ones: --skip 2"));

    auto const id = std::to_string(all.at(1).at("id").as_int64());
    CHECK(json({"audit", "show", id}) == all.at(1));
    CHECK(json({"audit", "show", id, "team/app"}) == all.at(1));
    CHECK(contains(refusal(1, {"audit", "show", id, "team"}), "audit list"));
    CHECK(contains(refusal(1, {"audit", "show", "999"}), "audit list"));
    CHECK(contains(refusal(1, {"audit", "list", "--since", "yesterday"}), "30d"));
    CHECK(contains(refusal(1, {"audit", "list", "--user", "nobody"}), "user list"));
    CHECK(contains(refusal(1, {"audit", "list", "nowhere"}), "group list"));
}

}  // namespace pilothouse::tests::place_commands_test
