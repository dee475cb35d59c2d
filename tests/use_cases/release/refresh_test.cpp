// What is known of releases is kept young: what somebody did by hand is seen.
#include "release/refresher.hpp"

#include "tests/use_cases/release/yard.hpp"

namespace pilothouse::tests::refresh_test {

using namespace std::chrono_literals;
using enum storage::release_status;

namespace {

// A server on which people look at releases.
struct watched_yard : yard {
    descriptor nowhere{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
    logger log{log_format::json, log_level::error, nowhere.get()};
    asio::io_context loop{1};
    release::refresher refresher{parts, log};

    watched_yard() {
        parts.looked_at = [this](storage::cluster_id c) { refresher.look_at(c); };
        // What it throws comes out of work().
        asio::co_spawn(loop, refresher.run(), [](std::exception_ptr thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
    }
    ~watched_yard() {
        refresher.stop();
        work();
    }
    // Until nothing happens any more.
    void work() {
        loop.restart();
        while (loop.run_one_for(20ms) != 0) {
        }
    }
    result<storage::release_record> look(std::string const& id) {
        auto answer = run_to_end(read.find(use(), id));
        work();
        return answer;
    }
    void grow_old() { time.advance(parts.limits.refresh); }
    storage::release_record seen(std::string const& id) {
        grow_old();
        REQUIRE(look(id));
        return release_of(id);
    }
    void upgrade_by_hand(std::string label = "") {
        helm.add("web", "shop", deployed, std::move(label), "Upgrade complete");
    }
};

}  // namespace

TEST_CASE("who looks is answered at once; the cluster is asked behind that, when it is time") {
    watched_yard y;
    auto const r = y.installed();
    CHECK(y.look(r.id)->revision == 1);
    CHECK(y.helm.lists == 1);
    y.upgrade_by_hand();
    // Young enough: nobody asks.
    CHECK(y.look(r.id)->revision == 1);
    CHECK(y.helm.lists == 1);
    y.grow_old();
    CHECK(y.look(r.id)->revision == 1);
    CHECK(y.helm.lists == 2);
    auto const now = y.look(r.id).value();
    CHECK(now.revision == 2);
    CHECK(now.changed_elsewhere);
    CHECK(now.description == "Upgrade complete");
    CHECK(now.seen == y.time.now());
}

TEST_CASE("a list has its whole cluster asked once") {
    watched_yard y;
    y.push_demo();
    auto other = yard::installation();
    other.name = "other";
    REQUIRE_FALSE(y.finish(y.install()->operation.id).error);
    REQUIRE_FALSE(y.finish(y.install(other)->operation.id).error);
    storage::release_place const start;
    storage::release_filter const all;
    CHECK(run_to_end(y.read.list(y.use(), all, start, 10)).size() == 2);
    CHECK(run_to_end(y.read.list(y.use(), all, start, 10)).size() == 2);
    y.work();
    CHECK(y.helm.lists == 1);
}

TEST_CASE("an upgrade by hand that inherited our label is somebody else's, all the same") {
    watched_yard y;
    auto const r = y.installed();
    y.upgrade_by_hand(y.helm.cluster[{"web", "shop"}].back().operation);
    CHECK(y.seen(r.id).changed_elsewhere);
    // The next operation goes on from there, and its revision is ours again.
    CHECK(outcome(y.finish(y.update(r.id)->operation.id)) == "done");
    CHECK_FALSE(y.seen(r.id).changed_elsewhere);
}

TEST_CASE("what our own operation made unseen is ours") {
    watched_yard y;
    auto const r = y.installed();
    y.times.stranded = 1ms;
    y.helm.script.push_back({.before = [&] { y.helm.always_away = {errc::unavailable, "gone"}; }});
    auto const o = y.finish(y.update(r.id)->operation.id);
    CHECK(o.error->code == errc::unavailable);
    CHECK(y.release_of(r.id).status == unknown);
    y.helm.always_away.reset();
    auto const now = y.seen(r.id);
    CHECK(now.status == deployed);
    CHECK(now.revision == 2);
    CHECK_FALSE(now.changed_elsewhere);
}

TEST_CASE("a release that was uninstalled by hand is gone when two looks agree") {
    watched_yard y;
    auto const r = y.installed();
    SUBCASE("wholly") { y.helm.cluster.clear(); }
    SUBCASE("its history kept") { y.helm.cluster[{"web", "shop"}].back().status = uninstalled; }
    CHECK(y.seen(r.id).status == deployed);
    y.grow_old();
    CHECK(y.look(r.id));
    CHECK(y.found(r.id).error().code == errc::not_found);
    CHECK(y.look(r.id).error().code == errc::not_found);
    CHECK(y.install());
}

TEST_CASE("a release that was away for one look alone stays") {
    watched_yard y;
    auto const r = y.installed();
    auto const kept = y.helm.cluster;
    y.helm.cluster.clear();
    CHECK(y.seen(r.id).status == deployed);
    SUBCASE("it is back") { y.helm.cluster = kept; }
    SUBCASE("the cluster cannot be asked") { y.helm.always_away = {errc::unavailable, "gone"}; }
    CHECK(y.seen(r.id).status == deployed);
    y.helm.always_away.reset();
    y.helm.cluster.clear();
    CHECK(y.seen(r.id).status == deployed);
}

TEST_CASE("a failed installation that left nothing stays to be seen") {
    watched_yard y;
    y.push_demo();
    y.helm.script.push_back(run_that_fails(errc::invalid_argument, "a template is wrong", {}));
    auto const o = y.finish(y.install()->operation.id);
    for (int i = 0; i < 3; ++i) CHECK(y.seen(o.release).status == failed);
}

TEST_CASE("what an operation works on is left to it") {
    watched_yard y;
    auto const r = y.installed();
    REQUIRE(y.update(r.id));
    y.upgrade_by_hand();
    auto const now = y.seen(r.id);
    CHECK(now.status == pending_upgrade);
    CHECK(now.revision == 1);
    y.helm.cluster.clear();
    for (int i = 0; i < 3; ++i) CHECK(y.seen(r.id).status == pending_upgrade);
}

TEST_CASE("a cluster that cannot be reached changes nothing of what was seen") {
    watched_yard y;
    auto const r = y.installed();
    y.helm.always_away = {errc::unavailable, "gone"};
    auto const now = y.seen(r.id);
    CHECK(now.status == deployed);
    CHECK(now.seen == r.seen);
}

TEST_CASE("drift is asked of the cluster, for what the newest revision made") {
    yard y;
    auto const r = y.installed();
    CHECK(run_to_end(y.read.drift(y.use(), r.id)).error().code == errc::unavailable);
    y.parts.looks = &y.looks;
    y.helm.deployed = {{"apps/v1", "Deployment", "", "hello", "kind: Deployment\n", false}};
    y.looks.drifted_now = [](auto const& objects) {
        return fake_inspector::states{{objects.at(0).kind, objects.at(0).name_space,
                                       objects.at(0).name, "changed: spec.replicas"}};
    };
    auto const found = run_to_end(y.read.drift(y.use(), r.id)).value();
    REQUIRE(found.size() == 1);
    CHECK(found.front().name_space == "web");
    CHECK(found.front().state == "changed: spec.replicas");
    CHECK(run_to_end(y.read.drift(y.use(), "rnone")).error().code == errc::not_found);
    y.add_cluster("other");
    CHECK(run_to_end(y.read.drift(y.use("other"), r.id)).error().code == errc::not_found);
    y.helm.always_away = {errc::unavailable, "gone"};
    CHECK(run_to_end(y.read.drift(y.use(), r.id)).error().code == errc::unavailable);
}

}  // namespace pilothouse::tests::refresh_test
