// Which house a command line is for, and what of it goes there.
#include "server/cli/server_choice.hpp"

#include "server/cli/parsed_line.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/cli/cli_fixture.hpp"

#include <array>
#include <cstdlib>
#include <fstream>
#include <utility>

namespace pilothouse::tests::server_choice_test {

using cli::choose_server;
using cli::server_options;

namespace {

// The environment as a test says, and as it was.
struct environment {
    environment() {
        for (auto const* name : names) ::unsetenv(name);
    }
    ~environment() {
        for (auto const* name : names) ::unsetenv(name);
    }
    environment(environment const&) = delete;
    environment& operator=(environment const&) = delete;

    static constexpr std::array names = {"PILOTHOUSE_SERVER", "PILOTHOUSE_TOKEN",
                                         "PILOTHOUSE_CA_FILE", "PILOTHOUSE_DATA"};
    static void set(char const* name, char const* text) { ::setenv(name, text, 1); }
};

server_options server(std::string address) {
    server_options o;
    o.server = std::move(address);
    o.token = "plhp_x";
    return o;
}

std::string chosen(server_options const& o, bool on_folder = false) {
    auto const c = choose_server(o, on_folder);
    if (!c) return std::string(name_of(c.error().code)) + ": " + c.error().detail;
    return *c ? (*c)->where.text() : "here";
}

}  // namespace

TEST_CASE_FIXTURE(environment, "a server's address may have a path, and slashes behind it") {
    struct row {
        char const *address, *route;
    };
    for (auto const& [address, route] : {
             row{"https://h", "https://h/-/command"},
             row{"https://h/", "https://h/-/command"},
             row{"https://h:8443//", "https://h:8443/-/command"},
             row{"HTTPS://H/charts", "https://h/charts/-/command"},
             row{"https://h/a/charts/", "https://h/a/charts/-/command"},
             row{"http://127.0.0.1:8080", "http://127.0.0.1:8080/-/command"},
             row{"http://[::1]:8080", "http://[::1]:8080/-/command"},
             row{"http://localhost", "http://localhost/-/command"},
         }) {
        CAPTURE(address);
        CHECK(chosen(server(address)) == route);
    }
}

TEST_CASE_FIXTURE(environment, "an address that is none is refused, and not repeated") {
    for (auto const* address :
         {"h", "ftp://h", "https://", "https:///x", "https://u:secret@h", "https://h?x=y",
          "https://h?", "https://h#x", "https://h:99999", "https://a b", "\n"}) {
        CAPTURE(address);
        auto const said = chosen(server(address));
        CHECK(said.starts_with("invalid_argument: the server's address"));
        CHECK(said.find("secret") == std::string::npos);
    }
}

TEST_CASE_FIXTURE(environment,
                  "a token goes in the clear to this machine alone, unless it is allowed") {
    for (auto const* address : {"http://h", "http://192.0.2.1", "http://localhost.example.com",
                                "http://127.0.0.1.example.com", "http://10.0.0.1:8080"}) {
        CAPTURE(address);
        auto o = server(address);
        CHECK(chosen(o).find("everybody on the way") != std::string::npos);
        o.allow_plaintext = true;
        CHECK(chosen(o) == std::string(address) + "/-/command");
    }
}

TEST_CASE_FIXTURE(environment,
                  "the command line wins over the environment, the folder over its server") {
    CHECK(chosen({}) == "here");
    set("PILOTHOUSE_SERVER", "");
    CHECK(chosen({}) == "here");
    set("PILOTHOUSE_SERVER", "https://env");
    CHECK(chosen({}).find("--token-file") != std::string::npos);
    set("PILOTHOUSE_TOKEN", "plhp_env");
    CHECK(chosen({}) == "https://env/-/command");
    CHECK(chosen({}, true) == "here");
    CHECK(chosen(server("https://line")) == "https://line/-/command");
    CHECK(chosen(server("https://line"), true).find("--data and --server") != std::string::npos);
    set("PILOTHOUSE_DATA", "/srv/pilothouse");
    CHECK(chosen({}) == "https://env/-/command");

    set("PILOTHOUSE_CA_FILE", "/env.pem");
    auto o = server("https://line");
    CHECK(choose_server(o, false).value()->ca_file == "/env.pem");
    CHECK(choose_server(o, false).value()->token.reveal() == "plhp_x");
    o.ca_file = "/line.pem";
    o.token.clear();
    CHECK(choose_server(o, false).value()->ca_file == "/line.pem");
    CHECK(choose_server(o, false).value()->token.reveal() == "plhp_env");
}

TEST_CASE_FIXTURE(environment, "what is for a server is refused without one") {
    for (auto const& o :
         {server_options{"", "t", "", "", false}, server_options{"", "", "f", "", false},
          server_options{"", "", "", "c", false}, server_options{"", "", "", "", true}}) {
        CHECK(chosen(o).find("name it with --server") != std::string::npos);
        CHECK(chosen(o, true).find("name it with --server") != std::string::npos);
    }
}

TEST_CASE_FIXTURE(environment, "a token's file gives its first line") {
    tests::temp_dir folder;
    auto const file = (folder.path() / "token").string();
    auto o = server("https://h");
    o.token.clear();
    o.token_file = file;
    CHECK(chosen(o).starts_with("not_found: " + file));
    for (auto const& [text, token] :
         {std::pair{"plhp_a", "plhp_a"}, {"plhp_a\n", "plhp_a"}, {"plhp_a\r\nmore\n", "plhp_a"}}) {
        std::ofstream(file, std::ios::trunc) << text;
        CHECK(choose_server(o, false).value()->token.reveal() == token);
    }
    for (auto const& text : {std::string(), std::string("\n"), std::string(70'000, 'x')}) {
        std::ofstream(file, std::ios::trunc) << text;
        CHECK_FALSE(choose_server(o, false));
    }
    o.token = "plhp_b";
    CHECK(chosen(o).find("name one of them") != std::string::npos);
}

TEST_CASE("the server hears nothing of its address, nor of the token among the arguments") {
    using words = std::vector<std::string>;
    struct row {
        words line, sent;
    };
    for (auto const& [line, sent] : {
             row{{"--server", "https://h", "--token-file", "f", "user", "list"}, {"user", "list"}},
             row{{"user", "list", "--server=https://h", "--token=t", "--json"},
                 {"user", "list", "--json"}},
             row{{"--token", "a", "user", "list", "--token", "b", "--server", "s"},
                 {"user", "list"}},
             row{{"user", "create", "x", "--name=--token", "--token", "t", "--server", "s"},
                 {"user", "create", "x", "--name=--token"}},
             row{{"user", "show", "t", "--token", "t", "--ca-file", "t"}, {"user", "show", "t"}},
         }) {
        cli::parsed_line const parsed(line);
        REQUIRE_FALSE(parsed.answer().has_value());
        CHECK(parsed.for_the_server() == sent);
    }
}

}  // namespace pilothouse::tests::server_choice_test
