// The program without a server of its own: in this process, or by the server that holds the folder.
#include "server/cli/control_socket.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/cli/cli_fixture.hpp"

#include <iostream>
#include <sstream>

#include <fcntl.h>
#include <unistd.h>

namespace pilothouse::tests::run_command_line_test {

namespace {

// What is printed while it lives.
class printed {
public:
    explicit printed(std::ostream& stream)
        : stream_(stream), before_(stream.rdbuf(text_.rdbuf())) {}
    ~printed() { stream_.rdbuf(before_); }
    printed(printed const&) = delete;
    printed& operator=(printed const&) = delete;
    [[nodiscard]] std::string text() const { return text_.str(); }

private:
    std::ostream& stream_;
    std::ostringstream text_;
    std::streambuf* before_;
};

struct fixture {
    tests::temp_dir folder;
    std::string data = (folder.path() / "data").string();
    std::string out, err;

    int call(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--data", data});
        printed to_out(std::cout), to_err(std::cerr);
        int const status = cli::run_command_line(std::move(arguments));
        out = to_out.text();
        err = to_err.text();
        return status;
    }
};

// A standard input that is no terminal.
class no_terminal {
public:
    no_terminal() : before_(::dup(STDIN_FILENO)) {
        int const nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        ::dup2(nothing, STDIN_FILENO);
        ::close(nothing);
    }
    ~no_terminal() {
        ::dup2(before_, STDIN_FILENO);
        ::close(before_);
    }
    no_terminal(no_terminal const&) = delete;
    no_terminal& operator=(no_terminal const&) = delete;

private:
    int before_;
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "without a server, commands work on the folder, one after the other") {
    CHECK(call({"user", "create", "alice", "--json"}) == 0);
    CHECK(boost::json::parse(out).at("username") == "alice");
    CHECK(call({"user", "list"}) == 0);
    CHECK(out.find("alice") != std::string::npos);
    CHECK(err.empty());
}

TEST_CASE_FIXTURE(fixture, "a refusal is on standard error, and leaves standard output empty") {
    CHECK(call({"user", "block", "nobody"}) == 1);
    CHECK(out.empty());
    CHECK(err.find("pilothouse: ") == 0);
    CHECK(call({"user", "frobnicate"}) == 2);
    CHECK(out.empty());
    CHECK(call({"health"}) == 1);
    CHECK(err.find("no server") != std::string::npos);
}

TEST_CASE_FIXTURE(fixture, "a folder that cannot be made is said, not crashed over") {
    data = "/proc/nowhere/data";
    CHECK(call({"user", "create", "alice"}) == 1);
    CHECK(err.find("pilothouse: cannot use the data folder /proc/nowhere/data") == 0);
}

TEST_CASE_FIXTURE(fixture, "who only looks makes no folder where there is none, and is told so") {
    std::vector<std::vector<std::string>> const looks = {
        {"user", "list"},
        {"project", "list"},
        {"project", "show", "a/b"},
        {"member", "list", "a/b"},
        {"token", "list"},
        {"deploy-token", "list", "a/b"},
        {"job-token", "list", "a/b"},
        {"channel", "list", "a/b"},
        {"chart", "list", "a/b", "stable"},
        {"chart", "show", "a/b", "stable", "c", "1.0.0"},
        {"settings", "show"},
        {"group", "list"},
        {"user", "show", "u"},
        {"member", "show", "a/b", "u"},
        {"access-token", "list", "a/b"},
        {"protection", "list", "a/b"},
        {"audit", "list"},
    };
    for (bool const empty : {false, true}) {
        if (empty) std::filesystem::create_directory(data);
        for (auto const& look : looks) {
            CAPTURE(look.front());
            CHECK(call(look) == 1);
            CHECK(out.empty());
            CHECK(err.find("pilothouse: there is no data folder at " + data) == 0);
            CHECK(err.find("pilothouse serve --data") != std::string::npos);
            CHECK(std::filesystem::exists(data) == empty);
            CHECK((!empty || std::filesystem::is_empty(data)));
        }
    }
    CHECK(call({"user", "create", "alice"}) == 0);
    CHECK(call({"user", "list"}) == 0);
}

TEST_CASE_FIXTURE(fixture, "where nobody can be asked, nothing is deleted without --yes") {
    no_terminal const quiet;
    CHECK(call({"project", "create", "grp/p"}) == 0);
    CHECK(call({"project", "delete", "grp/p"}) == 2);
    CHECK(err.find("--yes") != std::string::npos);
    CHECK(call({"project", "delete", "grp/p", "--yes"}) == 0);
    CHECK(call({"project", "show", "grp/p"}) == 1);
}

TEST_CASE_FIXTURE(fixture, "what is not there is said before anybody is asked") {
    no_terminal const quiet;
    CHECK(call({"project", "create", "grp/p"}) == 0);
    for (std::vector<std::string> const& line :
         {std::vector<std::string>{"project", "delete", "grp/q"},
          {"group", "delete", "none"},
          {"user", "delete", "nobody"},
          {"chart", "remove", "grp/p", "stable"},
          {"chart", "promote", "grp/p", "edge", "stable"}}) {
        CAPTURE(line.front());
        CHECK(call(line) == 1);
        CHECK(out.empty());
        CHECK(err.starts_with("pilothouse: "));
        CHECK(err.find("--yes") == std::string::npos);
    }
}

TEST_CASE_FIXTURE(fixture, "the server that holds the folder runs the command") {
    system_clock const time;
    auto const parts = core::open(settings{}, storage::folder_backend{data}, time).value();
    cli::services services(*parts);
    runtime cores(1);
    auto socket = cli::control_socket::start(data, cores, services).value();

    CHECK(call({"user", "create", "alice"}) == 0);
    CHECK(run_to_end(parts->stores->users().find("alice")));
    CHECK(call({"health"}) == 0);
    CHECK(call({"user", "create", "alice"}) == 1);
    socket->stop();
    cores.stop();
}

TEST_CASE_FIXTURE(fixture, "what only a server works off is not queued where none runs") {
    REQUIRE(call({"user", "create", "alice"}) == 0);
    for (std::vector<std::string> const& command :
         {std::vector<std::string>{"install", "quay", "fleet/charts/stable/hello@1.0.0"},
          std::vector<std::string>{"update", "quay/shop/hello", "--detach"},
          std::vector<std::string>{"uninstall", "quay/shop/hello", "--yes"},
          std::vector<std::string>{"rollback", "quay/shop/hello"},
          std::vector<std::string>{"stop", "quay/shop/hello"},
          std::vector<std::string>{"restart", "quay/shop/hello"}}) {
        auto words = command;
        words.insert(words.begin(), "release");
        CHECK(call(words) == 1);
        CHECK(err.find("no server runs on the data folder") != std::string::npos);
    }
}

}  // namespace pilothouse::tests::run_command_line_test
