// The contract of storage::operation_log: whose turn it is.
#include "storage/operation_log.hpp"

#include "tests/contract/release_scene.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace pilothouse::tests::operation_queue_test {

namespace {

using storage::claim_limits;
using storage::operation_record;
using storage::operation_state;
using texts = std::vector<std::string>;

// The name of the release whose turn it is; empty: none.
std::string next(storage::stores& s, claim_limits limits = {}) {
    auto const claimed = wait(s.operations().claim(limits));
    return claimed ? claimed->operation.name : std::string();
}

texts all_in_turn(storage::stores& s, claim_limits limits) {
    texts order;
    for (auto name = next(s, limits); !name.empty(); name = next(s, limits)) order.push_back(name);
    return order;
}

void end_of(storage::stores& s, std::string const& name) {
    for (auto const& o : wait(s.operations().list({"", {}, {}, true}, 0, 1000)))
        if (o.name == name) (void)finish(s, o.id);
}

constexpr claim_limits no_limits{1000, 1000};

}  // namespace

TEST_CASE_TEMPLATE("Who claims gets the operation with all that it needs", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    CHECK_FALSE(wait(stores->operations().claim({})));
    auto const made = begin(*stores, install_of(make_cluster(*stores)));
    stores.time.advance(std::chrono::hours(1));
    auto const claimed = wait(stores->operations().claim({}));
    REQUIRE(claimed);
    CHECK(claimed->operation.id == made.operation.id);
    CHECK(claimed->operation.state == operation_state::running);
    CHECK(claimed->operation.started == stores.time.now());
    CHECK(claimed->operation.cluster_name == "prod");
    CHECK(claimed->release.id == made.release.id);
    CHECK(claimed->release.source.archive == make_source().archive);
    CHECK(claimed->sealed_values == "sealed values of shop");
    auto const now = wait(stores->operations().find(made.operation.id)).value();
    CHECK(now.state == operation_state::running);
    CHECK(now.started == stores.time.now());
    CHECK_FALSE(wait(stores->operations().claim({})));
}

TEST_CASE_TEMPLATE("In one cluster the oldest is next", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;  // all at the very same moment
    auto const cluster = make_cluster(*stores);
    texts asked;
    for (int i = 0; i < 30; ++i) {
        asked.push_back("n" + std::to_string(i * 7 % 30));
        (void)begin(*stores, install_of(cluster, asked.back()));
    }
    CHECK(all_in_turn(*stores, no_limits) == asked);
}

TEST_CASE_TEMPLATE("No more run than may, in all and in one cluster", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    for (char const* const cluster : {"a", "b", "c"}) {
        auto const id = make_cluster(*stores, cluster);
        for (int i = 0; i < 5; ++i)
            (void)begin(*stores, install_of(id, cluster + std::to_string(i)));
    }
    CHECK(next(*stores, {0, 2}).empty());
    CHECK(next(*stores, {4, 0}).empty());
    CHECK(all_in_turn(*stores, {4, 2}).size() == 4);
    CHECK(all_in_turn(*stores, {100, 1}).empty());
    CHECK(all_in_turn(*stores, {100, 2}).size() == 2);  // two in each
    CHECK(all_in_turn(*stores, {7, 100}).size() == 1);
    // One that is being cancelled still runs.
    auto const running = wait(stores->operations().list({"", {}, {}, true}, 0, 100));
    REQUIRE(running.size() == 7);
    REQUIRE(wait(stores->operations().cancel(running[0].id)));
    CHECK(next(*stores, {7, 100}).empty());
    (void)finish(*stores, running[0].id);
    CHECK_FALSE(next(*stores, {7, 100}).empty());
}

TEST_CASE_TEMPLATE("A crowd in one cluster does not keep another one waiting", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const busy = make_cluster(*stores, "busy");
    auto const calm = make_cluster(*stores, "calm");
    for (int i = 0; i < 20; ++i) (void)begin(*stores, install_of(busy, "b" + std::to_string(i)));
    for (int i = 0; i < 3; ++i) (void)begin(*stores, install_of(calm, "c" + std::to_string(i)));
    auto const order = all_in_turn(*stores, no_limits);
    REQUIRE(order.size() == 23);
    CHECK(texts(order.begin(), order.begin() + 8) ==
          texts{"b0", "c0", "b1", "c1", "b2", "c2", "b3", "b4"});
}

TEST_CASE_TEMPLATE("One after the other, clusters take turns", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    for (char const* const cluster : {"a", "b", "c"}) {
        auto const id = make_cluster(*stores, cluster);
        for (int i = 0; i < 3; ++i)
            (void)begin(*stores, install_of(id, cluster + std::to_string(i)));
    }
    texts order;
    for (int i = 0; i < 9; ++i) {
        order.push_back(next(*stores, {1, 1}));
        CHECK(next(*stores, {1, 1}).empty());
        end_of(*stores, order.back());
    }
    CHECK(order == texts{"a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2"});
}

TEST_CASE_TEMPLATE("In one cluster a caller with many does not keep another one waiting", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    auto const ask = [&](std::string const& name, storage::user_id by) {
        auto wanted = install_of(cluster, name);
        wanted.operation.by = by;
        (void)begin(*stores, std::move(wanted));
    };
    auto const ada = make_user(*stores, "ada").id;
    auto const eve = make_user(*stores, "eve").id;
    for (int i = 0; i < 5; ++i) ask("e" + std::to_string(i), eve);
    for (int i = 0; i < 2; ++i) ask("a" + std::to_string(i), ada);
    ask("o", {});  // the operator's, who is nobody's user
    texts order;
    for (int i = 0; i < 8; ++i) {
        stores.time.advance(std::chrono::seconds(1));
        order.push_back(next(*stores, {1, 1}));
        end_of(*stores, order.back());
    }
    CHECK(order == texts{"e0", "a0", "o", "e1", "a1", "e2", "e3", "e4"});

    // Where more run at once, the one for whom least is running.
    for (int i = 5; i < 9; ++i) ask("e" + std::to_string(i), eve);
    CHECK(next(*stores, {4, 4}) == "e5");
    CHECK(next(*stores, {4, 4}) == "e6");
    ask("a5", ada);
    ask("a6", ada);
    stores.time.advance(std::chrono::seconds(1));
    CHECK(next(*stores, {4, 4}) == "a5");
    stores.time.advance(std::chrono::seconds(1));
    CHECK(next(*stores, {4, 4}) == "a6");
}

TEST_CASE_TEMPLATE("The cluster that least is running for comes first", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const one = make_cluster(*stores, "one");
    auto const two = make_cluster(*stores, "two");
    for (char const* const name : {"a", "b", "c"}) (void)begin(*stores, install_of(one, name));
    CHECK(next(*stores, no_limits) == "a");
    CHECK(next(*stores, no_limits) == "b");
    (void)begin(*stores, install_of(two, "x"));
    (void)begin(*stores, install_of(two, "y"));
    CHECK(next(*stores, no_limits) == "x");
    end_of(*stores, "a");
    end_of(*stores, "b");
    CHECK(next(*stores, no_limits) == "c");  // nothing is running for it any more
    CHECK(next(*stores, no_limits) == "y");
}

TEST_CASE_TEMPLATE("What is queued anew comes where it was, and has not started", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    auto const first = begin(*stores, install_of(cluster, "first")).operation.id;
    (void)begin(*stores, install_of(cluster, "second"));
    auto const again = [](operation_record& o) -> result<void> {
        o.state = operation_state::queued;
        o.attempted_again = true;
        return {};
    };
    for (bool const cancelled : {false, true}) {
        CHECK(next(*stores, {1, 1}) == "first");
        if (cancelled) REQUIRE(wait(stores->operations().cancel(first)));
        auto const noted = wait(stores->operations().note(first, again));
        REQUIRE(noted);
        CHECK(noted->state == operation_state::queued);
        CHECK(noted->attempted_again);
        CHECK_FALSE(noted->started);
        CHECK_FALSE(wait(stores->operations().find(first)).value().started);
        CHECK(wait(stores->operations().count()).running == 0);
    }
    auto const claimed = wait(stores->operations().claim({}));
    REQUIRE(claimed);
    CHECK(claimed->operation.id == first);
    CHECK(claimed->operation.attempted_again);
    CHECK(claimed->sealed_values == "sealed values of first");
}

TEST_CASE_TEMPLATE("Two who claim at once never get the same", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    std::vector<storage::cluster_id> clusters;
    for (int i = 0; i < 4; ++i) clusters.push_back(make_cluster(*stores, "c" + std::to_string(i)));
    constexpr int count = 60;
    for (int i = 0; i < count; ++i)
        (void)begin(*stores,
                    install_of(clusters[static_cast<std::size_t>(i) % 4], "n" + std::to_string(i)));
    std::mutex mutex;
    std::map<std::string, int> claims;
    std::map<storage::cluster_id, int> running;
    int most = 0, most_in_cluster = 0, ended = 0;
    auto const work = [&] {
        for (;;) {
            auto const mine = wait(stores->operations().claim({3, 2}));
            if (!mine) {
                std::lock_guard const lock(mutex);
                if (ended == count) return;
                continue;
            }
            {
                std::lock_guard const lock(mutex);
                ++claims[mine->operation.id];
                most_in_cluster = std::max(most_in_cluster, ++running[mine->operation.cluster]);
                int all = 0;
                for (auto const& [id, n] : running) all += n;
                most = std::max(most, all);
            }
            {
                std::lock_guard const lock(mutex);
                --running[mine->operation.cluster];
            }
            (void)finish(*stores, mine->operation.id);
            std::lock_guard const lock(mutex);
            ++ended;
        }
    };
    std::vector<std::thread> workers;
    for (int i = 0; i < 4; ++i) workers.emplace_back(work);
    for (auto& w : workers) w.join();
    CHECK(claims.size() == count);
    for (auto const& [id, n] : claims) CHECK(n == 1);
    CHECK(most <= 3);
    CHECK(most_in_cluster <= 2);
}

TEST_CASE_TEMPLATE("Of two requests for one release at once one is the first", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    auto const release = make_release(*stores, cluster);
    std::mutex mutex;
    std::vector<result<storage::begun>> installs, updates, repeats;
    std::vector<std::thread> callers;
    for (int i = 0; i < 4; ++i)
        callers.emplace_back([&] {
            auto install = wait(stores->operations().begin(install_of(cluster, "same")));
            auto update = wait(stores->operations().begin(change_of(release.id)));
            auto once = install_of(cluster, "once");
            once.once = {"user", "Install", "key", sha256("request")};
            auto repeat = wait(stores->operations().begin(once));
            std::lock_guard const lock(mutex);
            installs.push_back(std::move(install));
            updates.push_back(std::move(update));
            repeats.push_back(std::move(repeat));
        });
    for (auto& c : callers) c.join();
    auto const good = [](auto const& r) { return r.has_value(); };
    CHECK(std::ranges::count_if(installs, good) == 1);
    CHECK(std::ranges::count_if(updates, good) == 1);
    std::string winner;
    for (auto const& u : updates)
        if (u) winner = u->operation.id;
    for (auto const& u : updates)
        if (!u) CHECK(u.error().detail == "conflicting operation \"" + winner + "\" detected");
    for (auto const& i : installs)
        if (!i) CHECK(i.error().code == errc::conflict);
    std::set<std::string> begun;
    int repeated = 0;
    for (auto const& r : repeats) {
        REQUIRE(r);
        begun.insert(r->operation.id);
        repeated += r->repeated;
    }
    CHECK(begun.size() == 1);
    CHECK(repeated == 3);
}

}  // namespace pilothouse::tests::operation_queue_test
