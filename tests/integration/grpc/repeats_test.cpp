// Requests that come twice, because the first answer was lost (contracts: releases 1.6).
#include "tests/integration/grpc/caller.hpp"

namespace pilothouse::tests::repeats_test {

namespace {

struct fixture : manned_house {
    std::string version = product_version();
    caller who{*this, door::grpc, token};
    // The key is of the method, whichever door it comes by.
    caller by_curl{*this, door::json, token};

    fixture() {
        work();
        keyed("first");
    }
    void keyed(std::string const& key) { who.key = by_curl.key = key; }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "an install that comes twice is done once") {
    auto const first = who.install(version, {{"a", "1"}});
    REQUIRE(first.code == 0);
    CHECK(by_curl.install(version, {{"a", "1"}}).reply.id() == first.reply.id());
    CHECK(who.follow_to_end(first.reply.id()).has_response());
    auto const late = who.install(version, {{"a", "1"}});
    CHECK(late.reply.id() == first.reply.id());
    // Clients look for the end in a later answer alone.
    CHECK(!late.reply.done());
    CHECK(helm.calls == std::vector<std::string>{"install default/demo"});

    CHECK(who.install(version, {{"a", "2"}}).code == 3);
    CHECK(by_curl.install(version).code == 3);
    keyed("second");
    CHECK(who.install(version, {{"a", "1"}}).code == 6);
    keyed(std::string(129, 'x'));
    CHECK(who.install(version, {{"a", "1"}}).code == 3);
}

TEST_CASE_FIXTURE(fixture, "a key is its caller's, and its method's") {
    auto const first = who.install(version);
    auto const id = release_in(first.reply);
    who.follow_to_end(first.reply.id());
    CHECK(who.update(id).reply.id() != first.reply.id());
    auto const mate = add_user("mate");
    let(mate, cluster, storage::role::developer);
    let_read_charts(mate);
    caller other(*this, door::grpc, add_token(mate));
    other.key = "first";
    CHECK(other.install(version).code == 6);
    // Another token of the same user is the same caller.
    caller same(*this, door::grpc, add_token(skipper));
    same.key = "first";
    CHECK(same.install(version).reply.id() == first.reply.id());
}

TEST_CASE_FIXTURE(fixture, "an update that comes twice is done once") {
    auto const installed = who.install(version).reply;
    who.follow_to_end(installed.id());
    auto const id = release_in(installed);
    auto const first = who.update(id, version, {{"a", "1"}});
    REQUIRE(first.code == 0);
    CHECK(who.update(id, version, {{"a", "1"}}).reply.id() == first.reply.id());
    who.follow_to_end(first.reply.id());
    CHECK(by_curl.update(id, version, {{"a", "1"}}).reply.id() == first.reply.id());
    CHECK(who.update(id, version, {{"a", "2"}}).code == 3);
    CHECK(helm.calls.size() == 2);
}

TEST_CASE_FIXTURE(fixture,
                  "an uninstall that comes twice is done once, though the release is gone") {
    auto const installed = who.install(version).reply;
    who.follow_to_end(installed.id());
    auto const id = release_in(installed);
    auto const first = who.uninstall(id);
    REQUIRE(first.code == 0);
    CHECK(who.uninstall(id).reply.id() == first.reply.id());
    CHECK(who.follow_to_end(first.reply.id()).has_response());
    for (auto* const again : {&who, &by_curl}) {
        auto const repeated = again->uninstall(id);
        INFO(repeated.message);
        CHECK(repeated.code == 0);
        CHECK(repeated.reply.id() == first.reply.id());
        CHECK(release_in(repeated.reply) == id);
    }
    keyed("second");
    CHECK(who.uninstall(id).code == 5);
    keyed("");
    CHECK(by_curl.uninstall(id).code == 5);
    // And of another release the key is not.
    keyed("first");
    CHECK(who.uninstall("r" + std::string(19, 'x')).code == 5);
}

}  // namespace pilothouse::tests::repeats_test
