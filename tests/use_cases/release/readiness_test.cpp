// What is told of objects that are not ready, while Helm waits and when it waited too long.
#include "tests/use_cases/release/yard.hpp"

#include <algorithm>

namespace pilothouse::tests::readiness_test {

using release::object_state;
using release::rendered_object;
using strings = std::vector<std::string>;

namespace {

rendered_object object(std::string kind, std::string name, bool hook = false) {
    return {kind == "Deployment" ? "apps/v1" : "batch/v1",
            std::move(kind),
            "",
            std::move(name),
            "",
            hook};
}

struct waiting_yard : yard {
    waiting_yard() {
        parts.looks = &looks;
        push_demo();
        helm.deployed = {object("Deployment", "hello"), object("Job", "seed")};
    }
    void not_ready(object_state state) {
        looks.unready_now = [state](auto const&) { return fake_inspector::states{state}; };
    }
    storage::operation_record late(std::string message, release::install_request wanted) {
        helm.script.push_back(run_that_fails(errc::timed_out, std::move(message)));
        return finish(install(std::move(wanted))->operation.id);
    }
    storage::operation_record late(std::string message = "context deadline exceeded") {
        return late(std::move(message), installation());
    }
    strings told(std::string const& id, std::string_view what) {
        strings all;
        for (auto const& e : events(id))
            if (e.what == what) all.push_back(e.text);
        return all;
    }
};

}  // namespace

TEST_CASE("a wait in vain names the object that was not ready, and why") {
    waiting_yard y;
    y.not_ready({"Deployment", "web", "hello",
                 std::string("0 of 1 ready: image of ") + planted + " not found"});
    auto const o = y.late();
    CHECK(outcome(o) ==
          "timed_out: context deadline exceeded\n"
          "Deployment web/hello: 0 of 1 ready: image of [redacted] not found");
    CHECK(y.told(o.id, "not_ready") ==
          strings{"Deployment web/hello: 0 of 1 ready: image of [redacted] not found"});
    // In the release's namespace; and jobs nobody waited for.
    auto const& asked = y.looks.asked.back();
    REQUIRE(asked.size() == 1);
    CHECK(asked.front().name_space == "web");
    CHECK(asked.front().kind == "Deployment");
}

TEST_CASE("jobs are asked about where they were waited for, hooks always") {
    waiting_yard y;
    auto wanted = yard::installation();
    SUBCASE("waited for") { wanted.options.wait_for_jobs = true; }
    SUBCASE("a hook") {
        wanted.options.wait = false;
        y.helm.deployed.back().hook = true;
    }
    y.not_ready({"Job", "web", "seed", "0 of 1 succeeded"});
    auto const o = y.late("timed out waiting for the condition", wanted);
    CHECK(outcome(o) ==
          "timed_out: timed out waiting for the condition\nJob web/seed: 0 of 1 succeeded");
    CHECK(y.looks.asked.back().back().kind == "Job");
}

TEST_CASE("what waits for a hook is not told of") {
    waiting_yard y;
    y.helm.deployed.back().hook = true;
    y.looks.unready_now = [](auto const&) {
        return fake_inspector::states{
            {"Deployment", "web", "hello", std::string(release::not_there_yet)},
            {"Job", "web", "seed", "0 of 1 succeeded"}};
    };
    CHECK(outcome(y.late()) ==
          "timed_out: context deadline exceeded\nJob web/seed: 0 of 1 succeeded");
}

TEST_CASE("what Helm named itself is not named twice, unless the cause is known") {
    waiting_yard y;
    std::string const said = "resource Deployment/web/hello not ready. status: InProgress";
    SUBCASE("not known") {
        y.not_ready({"Deployment", "web", "hello", "0 of 1 ready"});
        CHECK(outcome(y.late(said)) == "timed_out: " + said);
    }
    SUBCASE("known") {
        y.not_ready({"Deployment", "web", "hello", "0 of 1 ready: ImagePullBackOff"});
        CHECK(outcome(y.late(said)) ==
              "timed_out: " + said + "\nDeployment web/hello: 0 of 1 ready: ImagePullBackOff");
    }
}

TEST_CASE("a cluster that cannot be asked leaves Helm's words as they are") {
    waiting_yard y;
    SUBCASE("by the inspector") {
        y.looks.unready_now = [](auto const&) -> result<fake_inspector::states> {
            return failure(errc::unavailable, "not reached");
        };
    }
    SUBCASE("by nobody") { y.parts.looks = nullptr; }
    CHECK(outcome(y.late()) == "timed_out: context deadline exceeded");
}

TEST_CASE("of many objects ten are named, and how many more there are") {
    waiting_yard y;
    y.looks.unready_now = [](auto const&) {
        fake_inspector::states all;
        for (int i = 0; i < 12; ++i)
            all.push_back({"Deployment", "web", "hello-" + std::to_string(i), "0 of 1 ready"});
        return all;
    };
    auto const o = y.late();
    CHECK(std::ranges::count(o.error->message, '\n') == 11);
    CHECK(o.error->message.ends_with("\nand 2 more"));
}

TEST_CASE("while Helm waits, what is not ready yet is told whenever it changes") {
    waiting_yard y;
    int looks = 0;
    y.looks.unready_now = [&](auto const&) {
        auto const ready = std::to_string(++looks < 5 ? 0 : 1);
        return fake_inspector::states{{"Deployment", "web", "hello", ready + " of 2 ready"}};
    };
    y.helm.script.push_back({.hangs = true});
    auto const id = y.install()->operation.id;
    y.run_until([&] { return looks > 8 && y.told(id, "waiting").size() > 1; });
    CHECK(y.told(id, "waiting") ==
          strings{"Deployment web/hello: 0 of 2 ready", "Deployment web/hello: 1 of 2 ready"});
}

TEST_CASE("nobody looks at what an uninstall waits for") {
    waiting_yard y;
    auto const r = y.installed();
    y.looks.asked.clear();
    y.helm.script.push_back(run_that_fails(errc::timed_out, "still exists", {}));
    CHECK(y.finish(y.uninstall(r.id)->operation.id).error);
    CHECK(y.looks.asked.empty());
}

}  // namespace pilothouse::tests::readiness_test
