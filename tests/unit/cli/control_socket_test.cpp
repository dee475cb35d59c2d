// A command's way into a running server.
#include "server/cli/control_socket.hpp"

#include "server/cli/control_client.hpp"
#include "server/cli/control_message.hpp"
#include "tests/support/demo_chart.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/cli/cli_fixture.hpp"
#include "transfer/open_file.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <filesystem>
#include <fstream>
#include <thread>

namespace pilothouse::tests::control_socket_test {

namespace fs = std::filesystem;

namespace {

struct fixture : tests::cli_fixture {
    tests::temp_dir folder;
    runtime cores{2};
    std::unique_ptr<cli::control_socket> socket;

    fixture() { start(); }
    ~fixture() {
        socket.reset();
        cores.stop();
    }

    void start(fs::path const& where) {
        auto started = cli::control_socket::start(where, cores, services);
        REQUIRE(started);
        socket = std::move(*started);
    }
    void start() { start(folder.path()); }

    cli::cli_result ask(std::vector<std::string> const& arguments, bool confirmed = false) {
        auto const answer = cli::ask_server(folder.path(), arguments, confirmed);
        REQUIRE(answer);
        REQUIRE(answer->has_value());
        return **answer;
    }

    // What the socket sends to whoever sends this.
    std::string raw(std::string const& request) {
        asio::io_context loop;
        asio::local::stream_protocol::socket peer(loop);
        peer.connect((folder.path() / "control.sock").string());
        boost::system::error_code ignored;
        asio::write(peer, asio::buffer(request), ignored);
        peer.shutdown(asio::socket_base::shutdown_send, ignored);
        std::string answer;
        asio::read(peer, asio::dynamic_buffer(answer), ignored);
        return answer;
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "a command runs in the server, and answers as it would in place") {
    auto const made = ask({"user", "create", "alice", "--json"});
    CHECK(made.exit_status == 0);
    CHECK(boost::json::parse(made.out).at("username") == "alice");
    CHECK(json({"user", "list"}).as_array().size() == 1);

    auto const again = ask({"user", "create", "alice"});
    CHECK(again.exit_status == 1);
    CHECK(again.out.empty());
    CHECK(!again.err.empty());
    CHECK(ask({"frobnicate"}).exit_status == 2);
    CHECK(ask({"user", "create", "--help"}).exit_status == 0);
}

TEST_CASE_FIXTURE(fixture, "a yes that was given to the client counts in the server") {
    ask({"project", "create", "grp/p"});
    CHECK(ask({"project", "delete", "grp/p"}).exit_status == 2);
    CHECK(ask({"project", "delete", "grp/p"}, true).exit_status == 0);
}

TEST_CASE_FIXTURE(fixture, "only the owner may open the socket") {
    auto const rights = fs::status(folder.path() / "control.sock").permissions();
    CHECK(rights == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE_FIXTURE(fixture, "a socket that a killed server left behind is replaced") {
    socket.reset();
    auto const path = folder.path() / "control.sock";
    CHECK(!fs::exists(path));
    {
        asio::io_context loop;
        asio::local::stream_protocol::acceptor dead(loop, path.string());
    }
    REQUIRE(fs::exists(path));
    auto const nobody = cli::ask_server(folder.path(), {"user", "list"}, false);
    REQUIRE(nobody);
    CHECK(!nobody->has_value());
    start();
    CHECK(ask({"user", "list"}).exit_status == 0);
}

TEST_CASE_FIXTURE(fixture, "where no server listens there is none to ask") {
    socket.reset();
    for (fs::path const& where :
         {folder.path(), folder.path() / "not-there", fs::path("/dev/null")}) {
        auto const answer = cli::ask_server(where, {"user", "list"}, false);
        REQUIRE(answer);
        CHECK(!answer->has_value());
    }
}

TEST_CASE_FIXTURE(fixture, "a folder with a very long path has a socket too") {
    socket.reset();
    auto const deep = folder.path() / std::string(120, 'd') / std::string(120, 'e');
    fs::create_directories(deep);
    start(deep);
    auto const answer = cli::ask_server(deep, {"user", "list"}, false);
    REQUIRE(answer);
    REQUIRE(answer->has_value());
    CHECK((*answer)->exit_status == 0);
    socket.reset();
    CHECK(!fs::exists(deep / "control.sock"));
}

TEST_CASE_FIXTURE(fixture, "a folder that cannot be written is said, not crashed over") {
    auto const refused = cli::control_socket::start("/proc/nowhere", cores, services);
    REQUIRE(!refused);
    CHECK(refused.error().code == errc::unavailable);
}

TEST_CASE_FIXTURE(fixture, "nonsense is refused, too much is cut off, and others are served on") {
    CHECK(raw("").empty());
    CHECK(raw("no line feed").empty());
    CHECK(contains(raw("\n"), "\"exit\":1"));
    CHECK(contains(raw("GET / HTTP/1.1\r\n\r\n"), "\"exit\":1"));
    CHECK(contains(raw("{\"argv\":[\"gc\"]}\n"), "\"exit\":1"));
    CHECK(raw(std::string(2 * cli::request_bytes_max, 'x') + "\n").empty());
    CHECK(ask({"user", "list"}).exit_status == 0);
    auto const too_long =
        cli::ask_server(folder.path(), {std::string(cli::request_bytes_max, 'x')}, false);
    REQUIRE(!too_long);
    CHECK(too_long.error().code == errc::invalid_argument);
}

TEST_CASE_FIXTURE(fixture, "many commands at once are all done") {
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([this, t] {
            for (int i = 0; i < 5; ++i)
                (void)cli::ask_server(
                    folder.path(),
                    {"user", "create", "u" + std::to_string(t) + "-" + std::to_string(i)}, false);
        });
    for (auto& t : threads) t.join();
    CHECK(json({"user", "list"}).as_array().size() == 40);
}

TEST_CASE_FIXTURE(fixture, "one command too many is told so, and others are served on") {
    asio::io_context loop;
    std::vector<asio::local::stream_protocol::socket> idle;
    for (int i = 0; i < 64; ++i) {
        idle.emplace_back(loop);
        idle.back().connect((folder.path() / "control.sock").string());
    }
    for (std::size_t i = 0; i < 20; ++i) {
        auto const refused =
            ask({"user", "create", "alice", "--full-name", std::string(i * 3000, 'x')});
        CHECK(refused.exit_status == 1);
        CHECK(refused.out.empty());
        CHECK(contains(refused.err, "pilothouse: the server is busy with 64 other commands"));
    }
    idle.clear();
    cli::cli_result answer;
    do answer = ask({"user", "list", "--json"});
    while (contains(answer.err, "busy"));
    CHECK(answer.out == "[]\n");
}

TEST_CASE_FIXTURE(fixture, "files go with a command, and come with its answer") {
    ask({"project", "create", "grp/p"});
    auto const archive = tests::demo_chart("demo", "1.2.3", std::string(200'000, '#') + "\n");
    auto const file = folder.path() / "demo.tgz";
    std::ofstream(file, std::ios::binary) << archive;
    auto const opened = transfer::open_file::read_from(file).value();
    std::vector<cli::attachment> const attached{{opened.descriptor(), archive.size()}};
    auto const put = [&](std::string const& digest, std::vector<std::string> more = {}) {
        std::vector<std::string> all{"transfer", "put", "grp/p", "stable", "--digest", digest};
        all.insert(all.end(), more.begin(), more.end());
        return cli::ask_server(folder.path(), all, true, attached).value().value();
    };
    auto const handed_out = [&](std::vector<std::string> const& command) {
        std::string received;
        auto const keep = [&received](std::string_view bytes) {
            received += bytes;
            return result<void>();
        };
        auto const got = cli::ask_server(folder.path(), command, true, {}, keep);
        CHECK(got.value().value().out.empty());
        return received;
    };
    CHECK(put(sha256("other").hex()).exit_status == 1);
    CHECK(contains(put(sha256(archive).hex(), {"--file-name", "demo-1.2.4.tgz"}).out,
                   "demo-1.2.3.tgz"));
    CHECK(handed_out({"transfer", "held", "grp/p", "stable"}) == "[]");
    CHECK(
        contains(put(sha256(archive).hex(), {"--created", "2020-01-02T03:04:05Z"}).out, "created"));
    CHECK(contains(put(sha256(archive).hex()).out, "unchanged"));
    CHECK(json({"chart", "show", "grp/p", "stable", "demo"}).at("created_at") ==
          "2020-01-02T03:04:05.000000000Z");

    std::vector<std::string> const get{"transfer", "get", "grp/p", "stable", "demo-1.2.3.tgz"};
    CHECK(handed_out(get) == archive);
    CHECK(contains(handed_out({"transfer", "held", "grp/p", "stable"}), "demo-1.2.3.tgz"));
    CHECK(contains(handed_out({"transfer", "index", "grp/p", "stable"}), "demo-1.2.3.tgz"));
    auto const unwanted = cli::ask_server(folder.path(), get, true, {}, [](std::string_view) {
        return result<void>(failure(errc::full, "no room"));
    });
    REQUIRE(!unwanted);
    CHECK(unwanted.error().code == errc::full);
}

TEST_CASE_FIXTURE(fixture, "a file that does not come whole is no file") {
    ask({"project", "create", "grp/p"});
    CHECK(contains(raw("{\"argv\":[\"transfer\",\"put\",\"grp/p\",\"stable\",\"--digest\",\"x\"],"
                       "\"confirmed\":true,\"attached\":[1000]}\nhalf"),
                   "\"exit\":1"));
    CHECK(ask({"user", "list"}).exit_status == 0);
}

TEST_CASE_FIXTURE(fixture, "what runs at its caller's is not run for him") {
    for (char const* const what : {"import", "export"}) {
        auto const answer = ask({what, "grp/p", "stable", "/tmp/nowhere"});
        CHECK(answer.exit_status == 1);
        CHECK(contains(answer.err, "runs where its files are"));
    }
}

TEST_CASE_FIXTURE(fixture, "who connects and says nothing does not keep the server from stopping") {
    asio::io_context loop;
    asio::local::stream_protocol::socket idle(loop);
    idle.connect((folder.path() / "control.sock").string());
    CHECK(ask({"user", "list"}).exit_status == 0);  // so the idle one was accepted before
    socket->stop();
    socket->stop();
    boost::system::error_code ended;
    char byte = 0;
    CHECK(idle.read_some(asio::buffer(&byte, 1), ended) == 0);
    CHECK(ended);
    CHECK(!fs::exists(folder.path() / "control.sock"));
}

}  // namespace pilothouse::tests::control_socket_test
