// How many commands run at once: who is counted, who is kept out, and when a turn ends.
#include "server/console/turns.hpp"
#include "server/version.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace pilothouse::tests::turns_test {

using console::turns;
using turn = std::shared_ptr<void const>;

namespace {

auth::principal user(std::int64_t number, bool admin = false) {
    auth::principal p;
    p.what = auth::principal::kind::user;
    p.user = storage::user_id{number};
    p.admin = admin;
    return p;
}

struct fixture {
    tests::test_server server;
    std::string admin = server.add_token(server.add_user("root", true), {"api"});
    std::string alice = server.add_token(server.add_user("alice"), {"api"});
    std::string bob = server.add_token(server.add_user("bob"), {"api"});

    static std::string head(std::string const& who, std::size_t length) {
        return "POST /-/command HTTP/1.1\r\nHost: x\r\nPRIVATE-TOKEN: " + who +
               "\r\nContent-Type: application/vnd.pilothouse.command\r\nPilothouse-Version: " +
               PILOTHOUSE_VERSION + "\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
    }
    static std::string whole(std::string const& who, std::string const& words) {
        auto const line = "{\"argv\":[" + words + "],\"confirmed\":false}\n";
        return head(who, line.size()) + line;
    }
    tests::http_reply run(std::string const& who, std::string const& words) {
        tests::http_client client(server.port());
        client.send(whole(who, words));
        return client.receive();
    }
};

}  // namespace

TEST_CASE("one caller has eight turns, and each that ends is free again") {
    turns all;
    std::vector<turn> taken;
    for (std::size_t i = 0; i < console::commands_of_one_max; ++i)
        taken.push_back(all.take(user(1)).value());
    auto const refused = all.take(user(1));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == errc::unavailable);
    CHECK(refused.error().detail.find("8 other commands of yours") != std::string::npos);
    CHECK(all.take(user(2)).has_value());
    taken.pop_back();
    CHECK(all.take(user(1)).has_value());  // and ends at once
    taken.push_back(all.take(user(1)).value());
    CHECK_FALSE(all.take(user(1)).has_value());
}

TEST_CASE("the last turns are for administrators, and there are 64 in all") {
    turns all;
    std::vector<turn> taken;
    for (std::int64_t i = 0; i < 56; ++i) taken.push_back(all.take(user(1 + i / 8)).value());
    auto const refused = all.take(user(100));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().detail.find("56 other commands,") != std::string::npos);
    for (std::int64_t i = 0; i < 8; ++i) taken.push_back(all.take(user(200 + i, true)).value());
    CHECK_FALSE(all.take(user(300, true)).has_value());
    taken.clear();
    CHECK(all.take(user(100)).has_value());
}

TEST_CASE("a turn may outlive those that gave it") {
    auto all = std::make_unique<turns>();
    auto const last = all->take(user(1)).value();
    all.reset();
    CHECK(last != nullptr);
}

TEST_CASE_FIXTURE(fixture, "requests that are not there yet take nobody's turn") {
    std::vector<std::unique_ptr<tests::http_client>> slow;
    for (int i = 0; i < 70; ++i) {
        slow.push_back(std::make_unique<tests::http_client>(server.port()));
        slow.back()->send(head(alice, 100) + "{\"argv\":[");
    }
    CHECK(run(alice, "\"group\",\"list\"").status == 200);
    CHECK(run(bob, "\"group\",\"list\"").status == 200);
    CHECK(run(admin, "\"user\",\"list\"").status == 200);
}

TEST_CASE_FIXTURE(fixture, "who does not read his answers waits, and nobody else") {
    auto project = server.add_project("grp/p", storage::visibility::internal);
    auto const tell_more = [](storage::project_record& p) -> result<void> {
        p.description = std::string(5'000'000, '"');  // a line of 20 MB: no socket holds it
        return {};
    };
    auto& projects = server.core().stores->projects();
    REQUIRE(run_to_end(projects.edit(project.id, tell_more)).has_value());
    std::vector<std::unique_ptr<tests::http_client>> unread;
    for (std::size_t i = 0; i < console::commands_of_one_max; ++i) {
        unread.push_back(std::make_unique<tests::http_client>(server.port()));
        unread.back()->send(whole(alice, "\"project\",\"show\",\"grp/p\",\"--json\""));
        REQUIRE(unread.back()->receive_head().status == 200);
    }
    auto const refused = run(alice, "\"group\",\"list\"");
    CHECK(refused.status == 503);
    CHECK(refused.body.find("8 other commands of yours") != std::string::npos);
    CHECK(run(bob, "\"group\",\"list\"").status == 200);
    CHECK(run(admin, "\"user\",\"list\"").status == 200);

    unread.clear();  // the server finds that out as it sends on
    auto served = run(alice, "\"group\",\"list\"");
    for (int i = 0; i < 500 && served.status == 503; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        served = run(alice, "\"group\",\"list\"");
    }
    CHECK(served.status == 200);
}

}  // namespace pilothouse::tests::turns_test
