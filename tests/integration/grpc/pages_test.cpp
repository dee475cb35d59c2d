// Pages of releases, by either door.
#include "tests/integration/grpc/caller.hpp"

#include <future>
#include <map>
#include <set>

namespace pilothouse::tests::pages_test {

namespace {

std::string install_one(caller& who, std::string const& version, std::string const& name) {
    auto const begun = who.install(version, {{"applicationName", name}});
    INFO(begun.message);
    REQUIRE(begun.code == 0);
    return release_in(begun.reply);
}

// How often each was on a page.
std::map<std::string, int> all_pages(caller& who, int size) {
    std::map<std::string, int> seen;
    std::string after;
    do {
        auto const page = who.list(size, after);
        REQUIRE(page.code == 0);
        CHECK(page.reply.helm_releases_size() > 0);
        CHECK(page.reply.helm_releases_size() <= size);
        for (auto const& r : page.reply.helm_releases()) ++seen[r.id()];
        after = page.reply.next_page_token();
        CHECK(after.size() <= 100);
    } while (!after.empty());
    return seen;
}

}  // namespace

TEST_CASE_FIXTURE(manned_house, "pages follow each other, and none is empty") {
    auto const version = product_version();
    caller first(*this, door::grpc, token);
    for (int i = 0; i < 7; ++i) install_one(first, version, "shop" + std::to_string(i));
    for (auto const way : both_doors) {
        caller who(*this, way, token);
        for (int const size : {1, 2, 3, 6, 7, 8}) {
            CAPTURE(size);
            auto const seen = all_pages(who, size);
            CHECK(seen.size() == 7);
            for (auto const& [id, times] : seen) CHECK(times == 1);
        }
    }
}

TEST_CASE_FIXTURE(manned_house, "250 releases are paged through while more are installed") {
    parts.limits.waiting_of_caller = parts.limits.waiting = 1000;
    parts.limits.running = parts.limits.running_in_cluster = 20;
    auto const version = product_version();
    caller who(*this, door::grpc, token);
    std::set<std::string> known;
    for (int i = 0; i < 250; ++i) {
        known.insert(install_one(who, version, "shop" + std::to_string(i)));
        if (i % 3 == 0) time.advance(std::chrono::nanoseconds(1));
    }
    REQUIRE(known.size() == 250);

    auto const by_default = who.list(0);
    CHECK(by_default.reply.helm_releases_size() == 100);
    CHECK(!by_default.reply.next_page_token().empty());
    auto const whole = who.list(1000);
    CHECK(whole.reply.helm_releases_size() == 250);
    CHECK(whole.reply.next_page_token().empty());

    work();
    std::atomic<bool> over{false};
    auto installing = std::async(std::launch::async, [&] {
        caller other(*this, door::grpc, token);
        int count = 0;
        for (; !over && count < 200; ++count)
            install_one(other, version, "more" + std::to_string(count));
        return count;
    });
    for (auto const way : both_doors) {
        caller reader(*this, way, token);
        auto const seen = all_pages(reader, 7);
        for (auto const& id : known) CHECK(seen.count(id) == 1);
        for (auto const& [id, times] : seen) CHECK(times == 1);
    }
    over = true;
    CHECK(installing.get() > 0);
}

TEST_CASE_FIXTURE(manned_house, "a page has 0 to 1000 releases, and a token is one of the list's") {
    add_cluster("prod");
    caller first(*this, door::grpc, token);
    auto const version = product_version();
    install_one(first, version, "a");
    install_one(first, version, "b");
    auto const after = first.list(1).reply.next_page_token();
    REQUIRE(!after.empty());
    let(skipper, run_to_end(stores->clusters().find("prod")).value(), storage::role::developer);
    for (auto const way : both_doors) {
        caller who(*this, way, token);
        for (int const size : {-1, 1001}) CHECK(who.list(size).field == "page_size");
        for (int const size : {0, 1, 1000}) CHECK(who.list(size).code == 0);
        auto changed = after;
        changed[7] = changed[7] == 'A' ? 'B' : 'A';
        for (std::string const& bad : {changed, after + "A", std::string("forged"), after.substr(1),
                                       std::string(101, 'A')}) {
            CAPTURE(bad);
            auto const refused = who.list(1, bad);
            CHECK(refused.code == 3);
            CHECK(refused.field == "page_token");
        }
        CHECK(who.list(1, after).code == 0);
        CHECK(who.list(1, after, "prod").code == 3);
    }
}

}  // namespace pilothouse::tests::pages_test
