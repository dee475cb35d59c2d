// Releases that are stopped, started again and restarted.
#include "tests/use_cases/release/yard.hpp"

#include <algorithm>

namespace pilothouse::tests::stop_test {

using release::rendered_object;
using storage::operation_state;
using strings = std::vector<std::string>;
using names = std::set<std::string>;
using enum storage::release_status;
using namespace std::chrono_literals;

namespace {

rendered_object object(std::string kind, std::string name, bool hook = false) {
    return {
        kind == "Deployment" ? "apps/v1" : "v1", std::move(kind), "", std::move(name), "", hook};
}

release::operation_options patient(std::chrono::seconds timeout, bool wait = true) {
    release::operation_options how;
    how.timeout = timeout;
    how.wait = wait;
    return how;
}

struct quay : yard {
    quay() {
        parts.looks = &looks;
        helm.deployed = {object("Deployment", "hello"), object("ConfigMap", "words"),
                         object("CronJob", "bell"), object("Deployment", "before", true)};
    }
    std::string shop = installed().id;

    storage::operation_record stopped(release::operation_options how = {}) {
        auto const o = finish(stop(shop, how).value().operation.id);
        helm.calls.clear();
        return o;
    }
    strings told(std::string const& id, std::string_view what) {
        strings all;
        for (auto const& e : events(id))
            if (e.what == what) all.push_back(e.text);
        return all;
    }
};

}  // namespace

TEST_CASE("a stopped release has no pods, and is as it was to Helm") {
    quay y;
    auto const begun = y.stop(y.shop).value();
    CHECK(begun.operation.kind == storage::operation_kind::stop);
    CHECK(begun.operation.description == "Stop web/shop");
    CHECK(begun.release.status == deployed);
    auto const o = y.finish(begun.operation.id);
    CHECK(outcome(o) == "done");
    CHECK(y.scales.down == names{"web/hello", "web/bell"});  // no hook
    CHECK(y.told(o.id, "stopped") == strings{"Deployment web/hello", "CronJob web/bell"});
    auto const now = y.release_of(y.shop);
    CHECK(now.stopped);
    CHECK(now.status == deployed);
    CHECK(now.revision == 1);
    CHECK_FALSE(now.changed_elsewhere);
    CHECK(now.source.version == "1.0.0");
    CHECK(y.helm.calls.empty());
    CHECK(y.history().size() == 1);

    // Again, and nothing comes of it.
    CHECK(outcome(y.stopped()) == "done");
    CHECK(y.scales.down.size() == 2);
    CHECK(y.release_of(y.shop).stopped);
}

TEST_CASE("a stop waits until no pod is left, and names whose pods stay too long") {
    quay y;
    y.scales.clinging["web/hello"] = 2;
    SUBCASE("they go") {
        y.scales.before = [&](std::string const& call) {
            auto const asked = std::ranges::count(y.scales.calls, "count web/hello");
            if (call == "count web/hello" && asked == 3) y.scales.clinging.clear();
        };
        auto const o = y.stopped();
        CHECK(outcome(o) == "done");
        CHECK(y.told(o.id, "waiting") == strings{"Deployment web/hello has 2 pods left"});
    }
    SUBCASE("they stay") {
        CHECK(outcome(y.stopped(patient(1s))) ==
              "timed_out: not stopped within 1 seconds: Deployment web/hello has 2 pods left");
    }
    SUBCASE("nobody waits") {
        CHECK(outcome(y.stopped(patient(1s, false))) == "done");
        CHECK(std::ranges::count(y.scales.calls, "count web/hello") == 0);
    }
    CHECK(y.release_of(y.shop).stopped);
    CHECK(y.release_of(y.shop).status == deployed);
}

TEST_CASE("pods of no workload go on, and the stop says so") {
    quay y;
    y.helm.deployed.push_back(object("Pod", "loner"));
    auto const o = y.stopped();
    CHECK(outcome(o) == "done");
    CHECK(o.warning == "pods of no workload are left as they are: Pod web/loner");
}

TEST_CASE("a cluster that is away for a moment in a stop is asked again") {
    quay y;
    y.scales.away.push_back({errc::unavailable, "the cluster cannot be reached"});
    auto const o = y.stopped();
    CHECK(outcome(o) == "done");
    CHECK(y.told(o.id, "waiting") == strings{"the cluster cannot be reached"});
}

TEST_CASE("a stop that cannot be ends as it was told, and is one as far as it came") {
    quay y;
    failure const why{errc::denied, "not allowed to patch"};
    bool far = false;
    SUBCASE("at once") { y.scales.always_away = why; }
    SUBCASE("with the second object") {
        far = true;
        y.scales.before = [&](std::string const& call) {
            if (call == "down web/bell") y.scales.always_away = why;
        };
    }
    auto const o = y.stopped();
    CHECK(outcome(o).starts_with("denied: "));
    CHECK(outcome(o).ends_with(": not allowed to patch"));
    CHECK(y.release_of(y.shop).stopped == far);
    CHECK(y.release_of(y.shop).status == deployed);
    CHECK(y.release_of(y.shop).revision == 1);
}

TEST_CASE("a release in a cluster that cannot be reached is as it was when a stop gives up") {
    quay y;
    y.helm.always_away = failure(errc::unavailable, "away");
    CHECK(outcome(y.stopped()) == "unavailable: away");
    CHECK(y.release_of(y.shop).status == deployed);
    CHECK_FALSE(y.release_of(y.shop).stopped);
}

TEST_CASE("a stop is cancelled while it waits, and the release stays stopped") {
    quay y;
    y.scales.clinging["web/hello"] = 1;
    auto const id = y.stop(y.shop).value().operation.id;
    bool asked = false;
    y.run_until([&] {
        bool const waits = std::ranges::count(y.scales.calls, "count web/hello") > 0;
        if (waits && !asked) {
            asked = true;
            REQUIRE(run_to_end(y.read.cancel(y.use(), id)));
        }
        return y.is_done(id);
    });
    CHECK(outcome(y.operation(id)) == "cancelled: the operation was cancelled");
    CHECK(y.release_of(y.shop).stopped);
}

TEST_CASE("a server that dies in a stop or a restart does it again, once") {
    quay y;
    y.scales.clinging["web/hello"] = 1;
    y.looks.unready_now = [](auto const&) {
        return fake_inspector::states{{"Deployment", "web", "hello", "0 of 1 ready"}};
    };
    bool stops = true;
    SUBCASE("a stop") {}
    SUBCASE("a restart") { stops = false; }
    auto const id = (stops ? y.stop(y.shop) : y.restart(y.shop)).value().operation.id;
    y.kill_when([&] { return stops ? y.scales.calls.size() >= 4 : !y.looks.asked.empty(); });
    CHECK(y.operation(id).state == operation_state::running);
    y.scales.clinging.clear();
    y.looks.unready_now = nullptr;
    bool cancelled = false;
    SUBCASE("unless somebody cancelled it") {
        cancelled = true;
        REQUIRE(run_to_end(y.read.cancel(y.use(), id)));
    }
    SUBCASE("as it was asked for") {}
    auto const o = y.finish(id);
    CHECK(outcome(o) == (cancelled ? "cancelled: the operation was cancelled" : "done"));
    CHECK(y.release_of(y.shop).stopped == stops);
    CHECK(y.release_of(y.shop).status == deployed);
    CHECK(y.scales.marks.size() == (stops ? 0 : 1));
    if (!stops) CHECK(y.scales.marks["web/hello"] == id);
    CHECK(y.helm.calls.empty());
}

TEST_CASE("an update and a rollback start what was stopped, before Helm changes it") {
    quay y;
    (void)y.finish(y.update(y.shop)->operation.id);
    (void)y.stopped();
    bool before = false;
    scripted_run run;
    run.before = [&] { before = y.scales.down.empty(); };
    y.helm.script.push_back(run);
    bool back = false;
    SUBCASE("an update") {}
    SUBCASE("a rollback") { back = true; }
    auto const begun = back ? y.roll_back(y.shop, 1) : y.update(y.shop);
    auto const o = y.finish(begun.value().operation.id);
    CHECK(outcome(o) == "done");
    CHECK(before);
    CHECK(y.told(o.id, "scaled_back") == strings{"Deployment web/hello", "CronJob web/bell"});
    CHECK_FALSE(y.release_of(y.shop).stopped);
    // What is not stopped is not looked at.
    y.scales.calls.clear();
    (void)y.finish(y.update(y.shop)->operation.id);
    CHECK(y.scales.calls.empty());
}

TEST_CASE("a stopped release that cannot be started is not updated") {
    quay y;
    (void)y.stopped();
    y.scales.always_away = failure(errc::denied, "not allowed to patch");
    auto const o = y.finish(y.update(y.shop)->operation.id);
    CHECK(outcome(o) == "denied: Deployment web/hello: not allowed to patch");
    CHECK(y.helm.calls.empty());
    CHECK(y.release_of(y.shop).stopped);
}

TEST_CASE("a server that is stopped in a stop or in a start goes on when it runs again") {
    quay y;
    y.times.patience = 20s;
    bool starts = false;
    SUBCASE("a stop") {}
    SUBCASE("a start") {
        starts = true;
        (void)y.stopped();
    }
    y.scales.calls.clear();
    y.scales.always_away = failure(errc::unavailable, "away");
    auto const id = (starts ? y.update(y.shop) : y.stop(y.shop)).value().operation.id;
    y.run_until([&] { return !y.scales.calls.empty(); });
    CHECK(y.operation(id).state == operation_state::queued);
    y.scales.always_away.reset();
    CHECK(outcome(y.finish(id)) == "done");
    CHECK(y.release_of(y.shop).stopped == !starts);
    CHECK(y.history().size() == (starts ? 2 : 1));
}

TEST_CASE("an update that fails leaves running what it has started") {
    quay y;
    (void)y.stopped();
    y.helm.script.push_back(run_that_fails(errc::timed_out, "context deadline exceeded"));
    CHECK(outcome(y.finish(y.update(y.shop)->operation.id)).starts_with("timed_out"));
    CHECK(y.scales.down.empty());
    CHECK_FALSE(y.release_of(y.shop).stopped);
}

TEST_CASE("what is stopped is uninstalled as it is") {
    quay y;
    (void)y.stopped();
    y.scales.calls.clear();
    CHECK(outcome(y.finish(y.uninstall(y.shop)->operation.id)) == "done");
    CHECK(y.scales.calls.empty());
}

TEST_CASE("a restart gives new pods, and waits until they are ready") {
    quay y;
    int looks = 0;
    y.looks.unready_now = [&](auto const& asked) {
        CHECK(asked.size() == 1);
        if (++looks == 3) return fake_inspector::states{};
        return fake_inspector::states{{"Deployment", "web", "hello", "1 of 2 ready"}};
    };
    auto const o = y.finish(y.restart(y.shop)->operation.id);
    CHECK(outcome(o) == "done");
    CHECK(o.description == "Restart web/shop");
    CHECK(y.scales.marks == std::map<std::string, std::string>{{"web/hello", o.id}});
    CHECK(y.told(o.id, "waiting") == strings{"Deployment web/hello: 1 of 2 ready"});
    CHECK_FALSE(y.release_of(y.shop).stopped);

    looks = -1000;
    CHECK(outcome(y.finish(y.restart(y.shop, patient(1s))->operation.id)) ==
          "timed_out: not ready within 1 seconds: Deployment web/hello: 1 of 2 ready");
    looks = 0;
    (void)y.finish(y.restart(y.shop, patient(1s, false))->operation.id);
    CHECK(looks == 0);
}

TEST_CASE("what is stopped cannot be restarted") {
    quay y;
    (void)y.stopped();
    auto const refused = y.restart(y.shop);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::wrong_state);
    CHECK(refused.error().detail == "the release is stopped: update it to start it");
}

TEST_CASE("a stop is judged like every change of a release") {
    quay y;
    CHECK(y.stop("r0").error().code == errc::not_found);
    CHECK(y.stop(y.shop, patient(99h)).error().code == errc::invalid_argument);
    release::release_request once{y.shop, {}, release::request_key{"Stop", "a key"}};
    auto const first = run_to_end(y.change.stop(y.use(), once)).value();
    CHECK_FALSE(first.repeated);
    auto const second = run_to_end(y.change.stop(y.use(), once)).value();
    CHECK(second.repeated);
    CHECK(second.operation.id == first.operation.id);
    CHECK(y.restart(y.shop).error().code == errc::busy);
    y.helm.no_helm = failure(errc::unavailable, "no helm");
    (void)y.finish(first.operation.id);
    CHECK(y.stop(y.shop).error().code == errc::unavailable);
}

TEST_CASE("what somebody else has in hand is not stopped; what was cut off here is mended first") {
    quay y;
    SUBCASE("somebody else's") {
        y.helm.add("web", "shop", pending_upgrade);
        CHECK(outcome(y.stopped()).starts_with("wrong_state: revision 2 is pending-upgrade"));
        CHECK(y.scales.calls.empty());
        CHECK_FALSE(y.release_of(y.shop).stopped);
    }
    SUBCASE("ours") {
        auto const update = y.update(y.shop)->operation.id;
        scripted_run run;
        run.hangs = run.deaf = true;
        y.helm.script.push_back(run);
        y.times.stranded = 1ms;
        y.kill_when([&] { return y.helm.running == 1; });
        y.helm.add("web", "shop", pending_upgrade, update, "");
        y.helm.always_away = failure(errc::unavailable, "away");
        (void)y.finish(update);
        y.helm.always_away.reset();
        CHECK(outcome(y.stopped()) == "done");
        CHECK(y.history().back() == std::pair(3, deployed));
        CHECK(y.release_of(y.shop).stopped);
        CHECK_FALSE(y.release_of(y.shop).changed_elsewhere);
    }
    SUBCASE("changed by hand") {
        y.helm.add("web", "shop", deployed);
        CHECK(outcome(y.stopped()) == "done");
        CHECK(y.release_of(y.shop).changed_elsewhere);
    }
    SUBCASE("uninstalled by hand") {
        y.helm.cluster.clear();
        CHECK(outcome(y.stopped()).starts_with("not_found: "));
    }
}

TEST_CASE("of a failed upgrade, what it left of the revision before is stopped, too") {
    quay y;
    y.helm.script.push_back(run_that_fails(errc::timed_out, "context deadline exceeded"));
    (void)y.finish(y.update(y.shop)->operation.id);
    y.helm.manifests_asked.clear();
    CHECK(outcome(y.stopped()) == "done");
    CHECK(y.helm.manifests_asked == std::vector{0, 1});
    CHECK(y.release_of(y.shop).status == failed);
}

}  // namespace pilothouse::tests::stop_test
