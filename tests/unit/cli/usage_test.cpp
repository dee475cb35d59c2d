// What the command line says of itself, and of arguments that make no sense.
#include "server/cli/parsed_line.hpp"
#include "tests/unit/cli/cli_fixture.hpp"

#include <cstdlib>

namespace pilothouse::tests::usage_test {

namespace {

using words = std::vector<std::string>;

// Every command there is, as its first words.
std::vector<words> const commands = {
    {"user", "create"},
    {"user", "list"},
    {"user", "show"},
    {"user", "edit"},
    {"user", "delete"},
    {"user", "block"},
    {"user", "unblock"},
    {"group", "create"},
    {"group", "list"},
    {"group", "show"},
    {"group", "edit"},
    {"group", "delete"},
    {"project", "create"},
    {"project", "list"},
    {"project", "show"},
    {"project", "edit"},
    {"project", "archive"},
    {"project", "unarchive"},
    {"project", "delete"},
    {"member", "add"},
    {"member", "list"},
    {"member", "show"},
    {"member", "edit"},
    {"member", "remove"},
    {"token", "create"},
    {"token", "list"},
    {"token", "show"},
    {"token", "rotate"},
    {"token", "revoke"},
    {"access-token", "create"},
    {"access-token", "list"},
    {"access-token", "show"},
    {"access-token", "rotate"},
    {"access-token", "revoke"},
    {"deploy-token", "create"},
    {"deploy-token", "list"},
    {"deploy-token", "show"},
    {"deploy-token", "revoke"},
    {"job-token", "create"},
    {"job-token", "list"},
    {"job-token", "revoke"},
    {"channel", "list"},
    {"channel", "show"},
    {"channel", "edit"},
    {"channel", "retain"},
    {"chart", "list"},
    {"chart", "show"},
    {"chart", "push"},
    {"chart", "remove"},
    {"chart", "promote"},
    {"chart", "deprecate"},
    {"chart", "undeprecate"},
    {"chart", "yank"},
    {"chart", "unyank"},
    {"protection", "add"},
    {"protection", "list"},
    {"protection", "edit"},
    {"protection", "remove"},
    {"audit", "list"},
    {"audit", "show"},
    {"settings", "show"},
    {"settings", "set"},
    {"gc"},
    {"health"},
};

}  // namespace

TEST_CASE_FIXTURE(tests::cli_fixture, "every command has help with a sentence and an example") {
    for (words const& command : commands) {
        words asked = command;
        asked.push_back("--help");
        auto const r = run(asked);
        CAPTURE(r.out);
        CHECK(r.exit_status == 0);
        CHECK(r.err.empty());
        std::string call = "pilothouse";
        for (auto const& word : command) call += " " + word;
        CHECK(contains(r.out, "Example:\n  " + call));
        CHECK(contains(r.out, "Usage: " + call));
        CHECK(contains(r.out, "--json"));
        CHECK(contains(r.out, "--data"));
    }
}

TEST_CASE_FIXTURE(tests::cli_fixture, "the example of each command is one that parses") {
    for (words const& command : commands) {
        words asked = command;
        asked.push_back("--help");
        auto const help = run(asked).out;
        auto example = help.substr(help.find("Example:\n  pilothouse ") + 22);
        example = example.substr(0, example.find('\n'));
        words arguments;
        for (std::size_t at = 0; at < example.size();) {
            auto const end = std::min(example.find(' ', at), example.size());
            arguments.push_back(example.substr(at, end - at));
            at = end + 1;
        }
        CAPTURE(example);
        CHECK(!cli::parsed_line(arguments).answer().has_value());
    }
}

TEST_CASE_FIXTURE(tests::cli_fixture, "help of the whole names every family, and how to serve") {
    auto const r = run({"--help"});
    CHECK(r.exit_status == 0);
    for (char const* const word :
         {"user", "group", "project", "member", "token", "access-token", "deploy-token",
          "job-token", "channel", "chart", "protection", "audit", "settings", "gc", "version",
          "completion", "pilothouse serve", "check-config"})
        CHECK(contains(r.out, word));
}

TEST_CASE_FIXTURE(tests::cli_fixture, "arguments that make no sense are status 2 with a way out") {
    std::vector<words> const rows = {
        {},
        {"user"},
        {"frobnicate"},
        {"user", "frobnicate"},
        {"user", "create"},
        {"user", "create", "a", "b"},
        {"user", "create", "a", "--no-such-flag"},
        {"user", "create", "a", "--data"},
        {"project", "create"},
        {"project", "create", "a/b", "--visibility", "secret"},
        {"project", "create", "a/b", "--visibility", "Public"},
        {"project", "create", "a/b", "--duplicates", "maybe"},
        {"project", "edit", "a/b"},
        {"project", "edit", "a/b", "--archived"},
        {"project", "edit", "a/b", "--archived=perhaps"},
        {"project", "edit", "a/b", "--package-registry=true"},
        {"member", "add", "a/b", "u"},
        {"member", "add", "a/b", "u", "--role", "captain"},
        {"member", "add", "a/b", "u", "--role", "none"},
        {"token", "create", "--user", "u"},
        {"token", "create", "--scope", "api"},
        {"token", "revoke"},
        {"token", "revoke", "abc"},
        {"deploy-token", "revoke", "3"},
        {"job-token", "create", "--project", "a/b", "--user", "u", "--ttl", "0"},
        {"job-token", "create", "--project", "a/b", "--user", "u", "--ttl", "-5"},
        {"job-token", "create", "--project", "a/b", "--user", "u", "--ttl", "99999999999"},
        {"chart", "show", "a/b", "stable"},
        {"chart", "list", "a/b"},
        {"channel", "show", "a/b"},
        {"channel", "edit", "a/b", "stable"},
        {"channel", "edit", "a/b", "stable", "--read-only"},
        {"channel", "edit", "a/b", "stable", "--read-only", "perhaps"},
        {"channel", "edit", "a/b", "stable", "--duplicates", "maybe"},
        {"channel", "edit", "a/b", "stable", "--index-format", "xml"},
        {"channel", "edit", "a/b", "stable", "--keep-newest", ""},
        {"chart", "promote", "a/b", "edge"},
        {"chart", "promote", "a/b", "edge", "stable", ""},
        {"chart", "promote", "a/b", "edge", "stable", "nginx", "1.0.0", "--range", "^1"},
        {"chart", "deprecate", "a/b", "edge"},
        {"chart", "yank", "a/b", "edge", "nginx", "--reason", "x"},
        {"chart", "yank", "a/b", "edge", "nginx", "1.0.0"},
        {"chart", "unyank", "a/b", "edge", "nginx", ""},
        {"settings", "set", "helm_max_file_size"},
        {"gc", "--grace", "-1"},
        {"gc", "--grace", "5x"},
        {"gc", "--grace", "366d"},
        {"group"},
        {"group", "create"},
        {"group", "create", "g", "--visibility", "secret"},
        {"group", "edit", "g"},
        {"group", "list", "--all"},
        {"project", "list", "--all"},
        {"user", "edit", "u"},
        {"user", "edit", "u", "--admin", "perhaps"},
        {"user", "edit", "u", "--username", ""},
        {"member", "edit", "a/b", "u"},
        {"member", "edit", "a/b", "u", "--role", "captain"},
        {"protection", "add", "a/b", "x-*"},
        {"protection", "add", "a/b", "x-*", "--push", "developer"},
        {"protection", "edit", "a/b", "1"},
        {"protection", "edit", "a/b", "first", "--push", "owner"},
        {"protection", "remove", "a/b"},
        {"access-token", "create", "a/b", "--scope", "api"},
        {"access-token", "create", "a/b", "--name", "ci"},
        {"access-token", "create", "a/b", "--name", "ci", "--scope", "api", "--role", "admin"},
        {"access-token", "revoke", "3"},
        {"token", "rotate"},
        {"token", "rotate", "-1"},
        {"audit", "list", "--limit", "0"},
        {"audit", "list", "--limit", "10001"},
        {"audit", "list", "--since", ""},
        {"audit", "show", "abc"},
        {"completion"},
        {"completion", "tcsh"},
        {"help", "frobnicate"},
        {"check-config", "--show"},
        // a variable that was not set is not a word left out
        {"chart", "remove", "a/b", "stable", ""},
        {"chart", "remove", "a/b", "stable", "nginx", ""},
        {"chart", "list", "a/b", "stable", ""},
        {"token", "list", "--user", ""},
        {"token", "create", "--user", "u", "--scope", "api", "--expires", ""},
        {"user", "list", "--data", ""},
        {"serve"},
    };
    for (words const& row : rows) {
        CAPTURE(row.size());
        CAPTURE((row.empty() ? "" : row.back()));
        CHECK(contains(refusal(2, row), "--help"));
    }
}

TEST_CASE_FIXTURE(tests::cli_fixture, "a mistyped command is answered with the nearest one") {
    CHECK(contains(refusal(2, {"usr", "list"}), "Did you mean `pilothouse user`?"));
    CHECK(contains(refusal(2, {"project", "crate", "a/b"}),
                   "Did you mean `pilothouse project create`?"));
    CHECK(contains(refusal(2, {"servee", "--data", "x"}), "Did you mean `pilothouse serve`?"));
    CHECK(contains(refusal(2, {"check-conf"}), "Did you mean `pilothouse check-config`?"));
    CHECK(!contains(refusal(2, {"frobnicate"}), "Did you mean"));
    CHECK(!contains(refusal(2, {"transfr"}), "Did you mean `pilothouse transfer`"));
}

TEST_CASE_FIXTURE(tests::cli_fixture,
                  "a mistyped option is answered with the nearest one, in order") {
    CHECK(refusal(2, {"user", "create", "a", "--nmae", "x"}) ==
          "pilothouse: not understood: --nmae x\n"
          "Did you mean `pilothouse user create --name`?\n"
          "`pilothouse user create --help` says what there is.\n");
    CHECK(contains(refusal(2, {"project", "edit", "a/b", "--archvied=true"}),
                   "Did you mean `pilothouse project edit --archived`?"));
}

TEST_CASE_FIXTURE(tests::cli_fixture, "`help` is --help, wherever it is asked for") {
    CHECK(text({"help"}) == text({"--help"}));
    CHECK(text({"help", "user"}) == text({"user", "--help"}));
    CHECK(text({"help", "user", "create"}) == text({"user", "create", "--help"}));
    CHECK(contains(text({"help", "serve"}), "--limits-idle-time"));
    CHECK(contains(text({"project", "create", "--help"}), "{private,internal,public}=private"));
    CHECK(contains(text({"project", "create", "--help"}), "=refuse"));
}

TEST_CASE_FIXTURE(tests::cli_fixture, "`serve` behind an option is told where it belongs") {
    CHECK(contains(refusal(2, {"--data", "x", "serve", "--listen", ":1"}),
                   "`serve` must be the first word"));
    CHECK(contains(refusal(2, {"--json", "check-config"}), "`check-config` must be the first"));
}

TEST_CASE_FIXTURE(tests::cli_fixture, "sizes and times may have units") {
    CHECK(json({"settings", "set", "helm_max_file_size", "10MiB"}).at("helm_max_file_size") ==
          10485760);
    CHECK(json({"settings", "set", "helm_max_file_size", "0"}).at("helm_max_file_size") == 0);
    CHECK(contains(refusal(1, {"settings", "set", "helm_max_file_size", "10MB"}), "10MiB"));
    for (char const* const grace : {"0", "90", "5m", "12h", "30d"})
        CHECK(json({"gc", "--dry-run", "--grace", grace}).at("dry_run") == true);
    CHECK(contains(text({"gc"}), "removed 0 files, 0 bytes; kept 0 files"));
}

TEST_CASE_FIXTURE(tests::cli_fixture, "the version is told to people and to programs") {
    CHECK(text({"version"}).starts_with("pilothouse "));
    CHECK(text({"--version"}) == text({"version"}));
    CHECK(json({"version"}).at("version").is_string());
    CHECK(text({"version", "--data", "not-there"}) == text({"version"}));
    CHECK(text({"--data", "not-there", "--version"}) == text({"version"}));
}

TEST_CASE_FIXTURE(tests::cli_fixture, "--data and --json may stand before and behind the command") {
    for (words const& row : {words{"--data", "there", "--json", "user", "list"},
                             words{"user", "list", "--json", "--data", "there"},
                             words{"user", "list", "--data=there", "--json"}}) {
        cli::parsed_line const line(row);
        REQUIRE(!line.answer().has_value());
        CHECK(line.data_folder() == "there");
        CHECK(line.json());
    }
}

TEST_CASE("the data folder comes from the flag, else the environment, else it is ./data") {
    ::unsetenv("PILOTHOUSE_DATA");
    CHECK(cli::parsed_line({"user", "list"}).data_folder() == "data");
    ::setenv("PILOTHOUSE_DATA", "/srv/elsewhere", 1);
    CHECK(cli::parsed_line({"user", "list"}).data_folder() == "/srv/elsewhere");
    CHECK(cli::parsed_line({"user", "list", "--data", "here"}).data_folder() == "here");
    CHECK(cli::parsed_line({"--data", "here", "user", "list"}).data_folder() == "here");
    ::setenv("PILOTHOUSE_DATA", "", 1);
    CHECK(cli::parsed_line({"user", "list"}).data_folder() == "data");
    ::unsetenv("PILOTHOUSE_DATA");
}

}  // namespace pilothouse::tests::usage_test
