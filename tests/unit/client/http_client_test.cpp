// The client against a server that says what a test tells it to, byte for byte.
#include "client/http_client.hpp"

#include "tests/support/result_text.hpp"

#include "base/runtime.hpp"

#include <doctest/doctest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/completion_condition.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <atomic>
#include <deque>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <sys/socket.h>

namespace pilothouse::tests::http_client_test {

using asio::ip::tcp;

namespace {

// Each answer is for one request; an empty one ends the connection unanswered, and one that ends in
// "…" says nothing more but keeps the connection.
class stub_server {
public:
    explicit stub_server(std::deque<std::string> answers)
        : acceptor_(loop_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          answers_(std::move(answers)),
          thread_([this] { serve(); }) {}
    // Everything that was to be asked for has been, or the test is over.
    ~stub_server() { stop(); }

    void stop() {
        if (!thread_.joinable()) return;
        over_ = true;
        ::shutdown(current_, SHUT_RDWR);
        tcp::socket knock(loop_);
        boost::system::error_code ignored;
        knock.connect(acceptor_.local_endpoint(), ignored);
        knock.close(ignored);
        thread_.join();
    }
    std::string base() const {
        return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }
    std::vector<std::string> requests;  // to be read after stop()
    int connections = 0;

private:
    void serve() {
        while (!over_) {
            // None is closed before the end, so that stop() cannot meet another's descriptor.
            auto& peer = held_.emplace_back(acceptor_.accept());
            current_ = peer.native_handle();
            if (over_) return;
            ++connections;
            while (talk(peer)) {
            }
            boost::system::error_code ignored;
            if (!keep_) peer.shutdown(asio::socket_base::shutdown_both, ignored);
        }
    }
    bool talk(tcp::socket& peer) {
        std::string request;
        boost::system::error_code wrong;
        asio::read_until(peer, asio::dynamic_buffer(request), "\r\n\r\n", wrong);
        keep_ = false;
        if (wrong) return false;
        auto const head = request.find("\r\n\r\n") + 4;
        if (auto const at = request.find("Content-Length: "); at < head) {
            auto const whole = head + std::stoul(request.substr(at + 16));
            if (request.size() < whole)
                asio::read(peer, asio::dynamic_buffer(request),
                           asio::transfer_exactly(whole - request.size()), wrong);
        }
        requests.push_back(request);
        if (answers_.empty()) return false;
        auto answer = answers_.front();
        answers_.pop_front();
        keep_ = answer.ends_with("…");
        if (keep_) answer.resize(answer.size() - std::string("…").size());
        asio::write(peer, asio::buffer(answer), wrong);
        return !answer.empty() && !keep_ && answer.find("Connection: close") == answer.npos;
    }

    asio::io_context loop_;
    tcp::acceptor acceptor_;
    std::deque<std::string> answers_;
    std::atomic<bool> over_ = false;
    bool keep_ = false;
    std::deque<tcp::socket> held_;
    std::atomic<int> current_ = -1;
    std::thread thread_;
};

struct fixture {
    client::client_settings settings{.connect = std::chrono::seconds(5),
                                     .head = std::chrono::seconds(5),
                                     .stall = std::chrono::seconds(5),
                                     .total = std::chrono::seconds(20),
                                     .head_bytes_max = 4096,
                                     .ca_file = {},
                                     .allow_private = true};
    asio::io_context loop{1};
    std::unique_ptr<client::http_client> client;
    std::string body;

    result<client::answer> fetch(client::request r) {
        if (!client) client = client::http_client::make(loop.get_executor(), settings).value();
        body.clear();
        std::optional<result<client::answer>> outcome;
        loop.restart();
        asio::co_spawn(loop, keep(client->fetch(std::move(r), sink()), outcome),
                       [](std::exception_ptr e) {
                           if (e) std::rethrow_exception(e);
                       });
        loop.run();
        return std::move(*outcome);
    }
    result<client::answer> get(std::string const& url) {
        return fetch({.where = client::url::parse(url).value()});
    }
    client::body_sink sink() {
        return [this](std::string_view bytes) -> result<void> {
            body += bytes;
            return {};
        };
    }
    static task<void> keep(task<result<client::answer>> asked,
                           std::optional<result<client::answer>>& outcome) {
        outcome.emplace(co_await std::move(asked));
    }
};

std::string answer(std::string const& body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string redirect(std::string const& where) {
    return "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + where + "\r\n\r\n";
}

}  // namespace

TEST_CASE_FIXTURE(
    fixture, "bodies of every framing come whole, over one connection where that is possible") {
    stub_server server(
        {answer("one"),
         "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
         "3\r\ntwo\r\n2\r\n!!\r\n0\r\n\r\n",
         answer(std::string(200'000, 'x')),
         "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end"});
    for (std::string const& wanted : {std::string("one"), std::string("two!!"),
                                      std::string(200'000, 'x'), std::string("until the end")}) {
        auto const a = get(server.base() + "/x?y");
        REQUIRE(a);
        CHECK(a->status == 200);
        CHECK(body == wanted);
        CHECK(a->body_bytes == wanted.size());
    }
    server.stop();
    CHECK(server.connections == 1);
    CHECK(server.requests.front().starts_with("GET /x?y HTTP/1.1\r\nHost: 127.0.0.1:"));
}

TEST_CASE_FIXTURE(
    fixture, "an idle connection that the server ended is no failure, a silent server is one") {
    stub_server server({answer("one"), "", answer("two"), ""});
    REQUIRE(get(server.base()));
    auto const again =
        get(server.base());  // unanswered on the old connection, answered on a new one
    REQUIRE(again);
    CHECK(body == "two");
    client.reset();
    auto const silent = get(server.base());
    REQUIRE(!silent);
    CHECK(silent.error().code == errc::unavailable);
}

TEST_CASE_FIXTURE(fixture, "another status is an answer, and the sink gets nothing of it") {
    stub_server server(
        {"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nX-Reason: none\r\n\r\nnone"});
    auto const a = get(server.base());
    REQUIRE(a);
    CHECK(a->status == 404);
    CHECK(a->refusal == "none");
    CHECK(a->fields.at("x-reason") == "none");
    CHECK(body.empty());
}

TEST_CASE_FIXTURE(fixture, "answers that lie or have no end are cut off, each in words") {
    struct row {
        std::string answer;
        errc code;
    };
    std::string const ok = "HTTP/1.1 200 OK\r\n";
    for (auto const& r :
         {row{ok + "Connection: close\r\nContent-Length: 10\r\n\r\nshort", errc::unavailable},
          row{ok + "Content-Length: 1000000\r\n\r\n…", errc::too_large},
          row{ok + "Connection: close\r\n\r\n" + std::string(2000, 'x'), errc::too_large},
          row{ok + "Transfer-Encoding: chunked\r\n\r\nFFFFFF\r\n" + std::string(2000, 'x') + "…",
              errc::too_large},
          row{ok + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nab",
              errc::unavailable},
          row{ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef…", errc::unavailable},
          row{ok + "X: " + std::string(5000, 'x') + "…", errc::too_large},
          row{"SSH-2.0-x\r\n…", errc::unavailable},
          row{"HTTP/1.1 99999 OK\r\n\r\n…", errc::unavailable}}) {
        CAPTURE(r.answer.substr(0, 70));
        stub_server server({r.answer});
        client::request what{.where = client::url::parse(server.base()).value()};
        what.answer_bytes_max = 1000;
        auto const a = fetch(std::move(what));
        REQUIRE(!a);
        CHECK(a.error().code == r.code);
        CHECK(!a.error().detail.empty());
    }
}

TEST_CASE_FIXTURE(fixture, "who is silent, or slow, is not waited for") {
    settings.head = settings.stall = std::chrono::milliseconds(50);
    for (char const* const said :
         {"…", "HTTP/1.1 200…", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf…"}) {
        CAPTURE(said);
        stub_server server({said});
        auto const a = get(server.base());
        REQUIRE(!a);
        CHECK(a.error().code == errc::timed_out);
    }
    settings = fixture().settings;
    settings.total = std::chrono::milliseconds(50);
    client.reset();
    stub_server server({"HTTP/1.1 200 OK\r\n…"});
    auto const a = get(server.base());
    REQUIRE(!a);
    CHECK(a.error().code == errc::timed_out);
}

TEST_CASE_FIXTURE(fixture, "redirects are followed, five at most, and never in a circle") {
    stub_server good({redirect("/b"), redirect("c?d"), answer("there")});
    auto const a = get(good.base() + "/a");
    REQUIRE(a);
    CHECK(body == "there");
    CHECK(a->where.text() == good.base() + "/c?d");

    stub_server many({redirect("/1"), redirect("/2"), redirect("/3"), redirect("/4"),
                      redirect("/5"), redirect("/6"), answer("x")});
    CHECK(get(many.base()).error().detail == "redirected too often");
    stub_server circle({redirect("/b"), redirect("/a")});
    CHECK(get(circle.base() + "/a").error().detail == "redirected in a circle");
    for (char const* const where : {"ftp://x/", "file:///x", "http://u:p@h/", "//"}) {
        CAPTURE(where);
        stub_server bad({redirect(where)});
        CHECK(!get(bad.base()));
    }
    stub_server pushed({redirect("/b")});
    client::request post{.where = client::url::parse(pushed.base()).value(), .method = "POST"};
    auto const unfollowed = fetch(std::move(post));
    REQUIRE(unfollowed);
    CHECK(unfollowed->status == 302);
}

TEST_CASE_FIXTURE(fixture, "a login goes to its own origin alone, and is never taken up again") {
    stub_server elsewhere({answer("there")});
    stub_server home({redirect("/moved"), redirect(elsewhere.base() + "/x")});
    client::request what{.where = client::url::parse(home.base()).value()};
    what.who = client::login{"bosun", secret("whistle")};
    what.fields.emplace_back("PRIVATE-TOKEN", "anchor");
    REQUIRE(fetch(std::move(what)));
    home.stop();
    elsewhere.stop();
    REQUIRE(home.requests.size() == 2);
    for (auto const& request : home.requests) {
        CHECK(request.find("Authorization: Basic Ym9zdW46d2hpc3RsZQ==\r\n") != std::string::npos);
        CHECK(request.find("PRIVATE-TOKEN: anchor\r\n") != std::string::npos);
    }
    REQUIRE(elsewhere.requests.size() == 1);
    CHECK(elsewhere.requests[0].find("uthorization") == std::string::npos);
    CHECK(elsewhere.requests[0].find("anchor") == std::string::npos);
}

TEST_CASE_FIXTURE(fixture, "a token is sent as it is, or not at all") {
    stub_server server({answer("x")});
    client::request what{.where = client::url::parse(server.base()).value()};
    what.who = client::login{"", secret("to\r\nken")};
    CHECK(!fetch(what));
    what.who = client::login{"", secret("token")};
    CHECK(fetch(what));
    server.stop();
    REQUIRE(server.requests.size() == 1);
    CHECK(server.requests[0].find("Authorization: Bearer token\r\n") != std::string::npos);
}

TEST_CASE_FIXTURE(fixture,
                  "addresses that are not public are not connected to unless that was asked for") {
    settings.allow_private = false;
    stub_server server({answer("secret")});
    for (char const* const host :
         {"127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"}) {
        CAPTURE(host);
        auto const port = server.base().substr(server.base().rfind(':'));
        auto const a = get("http://" + std::string(host) + port + "/");
        REQUIRE(!a);
        CHECK(a.error().detail.find("no public address") != std::string::npos);
    }
    server.stop();
    CHECK(server.connections == 0);
}

TEST_CASE_FIXTURE(fixture, "files follow the body, in pieces and never held whole") {
    std::string const content(300'000, 'x');
    std::size_t largest = 0;
    auto const reader = [&](std::uint64_t offset, std::span<char> out) {
        largest = std::max(largest, out.size());
        return content.copy(out.data(), std::min<std::size_t>(out.size(), 50'000), offset);
    };
    stub_server server({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"});
    client::request r{.where = client::url::parse(server.base()).value(), .method = "POST"};
    r.body = "line\n";
    r.uploads = {{content.size(), reader}, {3, reader}};
    auto const a = fetch(std::move(r));
    REQUIRE(a);
    CHECK(a->status == 200);
    server.stop();
    auto const& got = server.requests.front();
    CHECK(got.find("Content-Length: 300008\r\n") != got.npos);
    CHECK(got.substr(got.find("\r\n\r\n") + 4) == "line\n" + content + "xxx");
    CHECK(largest <= 64 * 1024);
}

TEST_CASE_FIXTURE(fixture, "a file that became shorter is said, and nobody waited for") {
    stub_server server({});
    client::request r{.where = client::url::parse(server.base()).value(), .method = "POST"};
    r.uploads = {{5, [](std::uint64_t, std::span<char>) { return std::size_t{0}; }}};
    auto const a = fetch(std::move(r));
    REQUIRE_FALSE(a);
    CHECK(a.error().code == errc::invalid_argument);
}

TEST_CASE_FIXTURE(fixture, "what the sink does not take ends the request") {
    stub_server server({answer("one"), answer("two")});
    client = client::http_client::make(loop.get_executor(), settings).value();
    std::optional<result<client::answer>> outcome;
    client::request r{.where = client::url::parse(server.base()).value()};
    auto const full = [](std::string_view) -> result<void> {
        return failure(errc::full, "no room");
    };
    asio::co_spawn(loop, keep(client->fetch(r, full), outcome), [](std::exception_ptr) {});
    loop.run();
    CHECK(outcome->error().code == errc::full);
    CHECK(get(server.base()));
}

}  // namespace pilothouse::tests::http_client_test
