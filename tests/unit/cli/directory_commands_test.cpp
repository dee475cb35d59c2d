// Users, projects, members.
#include "tests/unit/cli/cli_fixture.hpp"

namespace pilothouse::tests::directory_commands_test {

using auth::permission;

TEST_CASE_FIXTURE(tests::cli_fixture, "a user is made, listed, blocked and unblocked") {
    auto const made = json({"user", "create", "alice", "--admin"});
    CHECK(made.at("id").is_int64());
    CHECK(made.at("username") == "alice");
    CHECK(made.at("admin") == true);
    CHECK(json({"user", "create", "bob"}).at("admin") == false);

    auto const all = json({"user", "list"});
    REQUIRE(all.as_array().size() == 2);
    CHECK(all.at(0).at("username") == "alice");
    CHECK(contains(text({"user", "list"}), "bob"));

    CHECK(json({"user", "block", "alice"}).at("blocked") == true);
    CHECK(json({"user", "unblock", "alice"}).at("blocked") == false);
    CHECK(contains(text({"user", "block", "bob"}), "bob is blocked"));
}

TEST_CASE_FIXTURE(tests::cli_fixture, "a user of a wrong or taken name is refused") {
    text({"user", "create", "alice"});
    for (char const* const name : {"alice", "ALICE", "a/b", "a b", ".", "-x", "caf\xC3\xA9", "a\n"})
        refusal(name[0] == '-' ? 2 : 1, {"user", "create", name});
    CHECK(contains(refusal(1, {"user", "block", "nobody"}), "pilothouse user list"));
    CHECK(json({"user", "list"}).as_array().size() == 1);
}

TEST_CASE_FIXTURE(tests::cli_fixture, "a project is made as asked for, and private by default") {
    auto const plain = json({"project", "create", "grp/plain"});
    CHECK(plain.at("id").is_int64());
    CHECK(plain.at("path") == "grp/plain");
    CHECK(plain.at("visibility") == "private");
    CHECK(plain.at("anyone_can_pull") == false);
    CHECK(plain.at("duplicates") == "refuse");

    auto const open = json({"project", "create", "grp/sub/Open", "--visibility", "internal",
                            "--anyone-can-pull", "--duplicates", "prerelease_only"});
    CHECK(open.at("path") == "grp/sub/Open");
    CHECK(open.at("visibility") == "internal");
    CHECK(open.at("anyone_can_pull") == true);
    CHECK(open.at("duplicates") == "prerelease_only");

    CHECK(json({"project", "list"}).as_array().size() == 2);
    CHECK(json({"project", "show", "GRP/plain"}) == plain);
    CHECK(json({"project", "show", std::to_string(plain.at("id").as_int64())}) == plain);
    CHECK(contains(text({"project", "list"}), "grp/sub/Open"));
}

TEST_CASE_FIXTURE(tests::cli_fixture, "a project of a wrong, taken or nested path is refused") {
    text({"project", "create", "grp/p"});
    for (char const* const path :
         {"p", "grp/p", "GRP/P", "grp/p/q", "", "/", "grp/", "/p", "grp//p", "grp/..", "api/p",
          "grp/packages", "grp/p.git", "grp/a b"})
        refusal(1, {"project", "create", path});
    CHECK(contains(refusal(1, {"project", "create", "single"}), "group/project"));
    CHECK(json({"project", "list"}).as_array().size() == 1);
}

TEST_CASE_FIXTURE(tests::cli_fixture, "a project's quota is set, shown, and given back") {
    text({"project", "create", "grp/p"});
    CHECK(contains(text({"project", "show", "grp/p"}), "Versions: 0, no limit"));
    auto const limited =
        json({"project", "edit", "grp/p", "--quota-bytes", "10MiB", "--quota-versions", "7"});
    CHECK(limited.at("bytes_limit") == 10'485'760);
    CHECK(limited.at("versions_limit") == 7);
    CHECK(limited.at("bytes") == 0);
    auto const shown = text({"project", "show", "grp/p"});
    CHECK(contains(shown, "Versions: 0 of 7"));
    CHECK(contains(shown, "Archives: 0 bytes of 10 MiB"));

    json({"settings", "set", "project_quota_versions", "3"});
    CHECK(json({"settings", "show"}).at("project_quota_versions") == 3);
    auto const own = json({"project", "edit", "grp/p", "--quota-bytes", "0"});
    CHECK(own.at("bytes_limit").is_null());
    CHECK(own.at("versions_limit") == 7);
    auto const given_back = json({"project", "edit", "grp/p", "--quota-versions", "default"});
    CHECK(given_back.at("versions_limit") == 3);
    for (char const* const bad :
         {"-1", "many", "10 MB", "1.5GiB", "99999999999999999999", "9007199254740993", "8193TiB"}) {
        CAPTURE(bad);
        CHECK(
            contains(refusal(1, {"project", "edit", "grp/p", std::string("--quota-bytes=") + bad}),
                     "default"));
    }
}

TEST_CASE_FIXTURE(tests::cli_fixture, "an edit changes what it names, and nothing else") {
    auto const before = json({"project", "create", "grp/p", "--duplicates", "allow"});
    auto after = json({"project", "edit", "grp/p", "--visibility", "public"});
    CHECK(after.at("visibility") == "public");
    CHECK(after.at("duplicates") == "allow");
    CHECK(after.at("id") == before.at("id"));
    after = json({"project", "edit", "grp/p", "--anyone-can-pull=true", "--archived=true",
                  "--package-registry=disabled", "--duplicates", "refuse"});
    CHECK(after.at("visibility") == "public");
    CHECK(after.at("anyone_can_pull") == true);
    CHECK(after.at("archived") == true);
    CHECK(after.at("package_registry") == "disabled");
    CHECK(after.at("duplicates") == "refuse");
    CHECK(contains(text({"project", "show", "grp/p"}), "archived, packages off"));
    after = json({"project", "edit", "grp/p", "--anyone-can-pull", "false", "--archived", "false",
                  "--package-registry", "enabled"});
    CHECK(after.at("anyone_can_pull") == false);
    CHECK(after.at("archived") == false);
    CHECK(after.at("package_registry") == "enabled");
    CHECK(contains(refusal(1, {"project", "edit", "grp/none", "--archived=true"}),
                   "pilothouse project list"));
}

TEST_CASE_FIXTURE(tests::cli_fixture, "a project is deleted only with a yes") {
    text({"project", "create", "grp/p"});
    CHECK(contains(refusal(2, {"project", "delete", "grp/p"}), "--yes"));
    CHECK(json({"project", "list"}).as_array().size() == 1);
    CHECK(json({"project", "delete", "grp/p", "--yes"}).at("path") == "grp/p");
    CHECK(json({"project", "list"}).as_array().empty());
    refusal(1, {"project", "delete", "grp/p", "--yes"});

    text({"project", "create", "grp/q"});
    CHECK(run({"project", "delete", "grp/q"}, true).exit_status == 0);
}

TEST_CASE_FIXTURE(tests::cli_fixture, "a member gets a role, another role, and none") {
    text({"project", "create", "grp/p"});
    auto const alice = json({"user", "create", "alice"});
    auto const added = json({"member", "add", "grp/p", "alice", "--role", "guest"});
    CHECK(added.at("id") == alice.at("id"));
    CHECK(added.at("username") == "alice");
    CHECK(added.at("role") == "guest");
    CHECK(json({"member", "add", "grp/p", "alice", "--role", "owner"}).at("role") == "owner");

    auto const all = json({"member", "list", "grp/p"});
    REQUIRE(all.as_array().size() == 1);
    CHECK(all.at(0).at("role") == "owner");
    CHECK(contains(text({"member", "list", "grp/p"}), "owner"));

    text({"member", "remove", "grp/p", "alice"});
    CHECK(json({"member", "list", "grp/p"}).as_array().empty());
    CHECK(contains(refusal(1, {"member", "remove", "grp/p", "alice"}), "member list grp/p"));
    CHECK(
        contains(refusal(1, {"member", "add", "grp/p", "nobody", "--role", "guest"}), "user list"));
    CHECK(contains(refusal(1, {"member", "list", "grp/none"}), "project list"));
}

TEST_CASE_FIXTURE(tests::cli_fixture, "changes of people and projects count at the next request") {
    text({"project", "create", "grp/p"});
    text({"user", "create", "alice"});
    text({"member", "add", "grp/p", "alice", "--role", "developer"});
    auto const token = std::string(
        json({"token", "create", "--user", "alice", "--scope", "api"}).at("token").as_string());
    auto const push = [&] { return verdict(token, permission::push_chart, "grp/p"); };

    CHECK(push() == "good");
    text({"member", "add", "grp/p", "alice", "--role", "reporter"});
    CHECK(push() == "denied");
    text({"member", "remove", "grp/p", "alice"});
    CHECK(push() == "not_found");
    text({"project", "edit", "grp/p", "--visibility", "public"});
    CHECK(push() == "denied");
    text({"member", "add", "grp/p", "alice", "--role", "maintainer"});
    CHECK(push() == "good");
    text({"project", "edit", "grp/p", "--archived=true"});
    CHECK(push() == "denied");
    text({"user", "block", "alice"});
    CHECK(push() == "blocked");
    text({"user", "unblock", "alice"});
    text({"project", "edit", "grp/p", "--archived=false"});
    CHECK(push() == "good");
    text({"project", "delete", "grp/p", "--yes"});
    CHECK(push() == "not_found");
}

}  // namespace pilothouse::tests::directory_commands_test
