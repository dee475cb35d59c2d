// Deployments that wait behind others, where the settings let them.
#include "deploy/waiting_line.hpp"

#include "base/descriptor.hpp"
#include "tests/use_cases/deploy/quay.hpp"

#include <fcntl.h>

namespace pilothouse::tests::waiting_test {

using storage::deployment_outcome;

namespace {

struct long_quay : quay {
    descriptor nowhere{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
    logger log{log_format::json, log_level::error, nowhere.get()};
    deploy::waiting_line line{docks, faulty.users(), log};

    explicit long_quay(std::size_t waiting_max = 2) { docks.waiting_max = waiting_max; }

    std::string outcome_of(std::string const& uuid) {
        auto const d = run_to_end(stores->deployments().find(uuid)).value();
        return d.outcome == deployment_outcome::none        ? "none"
               : d.outcome == deployment_outcome::success   ? "success"
               : d.outcome == deployment_outcome::cancelled ? "cancelled"
                                                            : "error: " + d.message;
    }
    // The newest.
    std::string last_asked(std::string const& uuid) {
        return run_to_end(stores->deployments().list(of(uuid).service.id, 1)).front().uuid;
    }
};

}  // namespace

TEST_CASE("what waits begins when what is before it has ended") {
    long_quay q;
    auto const uuid = q.service();
    q.push_demo("1.1.0");
    q.push_demo("1.2.0");
    REQUIRE(q.try_deploy(uuid));
    auto const second = q.try_deploy(uuid, "1.1.0");
    REQUIRE(second);
    CHECK(second->waiting == 2);
    REQUIRE(q.try_deploy(uuid, "1.2.0"));
    auto const full = q.try_deploy(uuid);
    REQUIRE_FALSE(full);
    CHECK(full.error().code == errc::busy);
    CHECK(q.try_deploy(uuid, "9.0.0").error().code == errc::busy);

    run_to_end(q.line.advance());  // the first has not ended
    CHECK(q.view(uuid).lined_up.size() == 2);
    q.work();
    CHECK(q.state(uuid) == "DEPLOYMENT_QUEUED UP_TO_DATE");
    run_to_end(q.line.advance());
    CHECK(q.view(uuid).lined_up.size() == 1);
    q.work();
    CHECK(q.view(uuid).release->source.version == "1.1.0");
    run_to_end(q.line.advance());
    q.work();
    CHECK(q.state(uuid) == "DEPLOYED UP_TO_DATE");
    CHECK(q.view(uuid).release->source.version == "1.2.0");
    CHECK(q.view(uuid).waiting == 0);
    run_to_end(q.line.advance());
    CHECK(run_to_end(q.stores->operations().count()).queued == 0);
}

TEST_CASE("where nothing may wait, nothing does") {
    long_quay q(0);
    auto const uuid = q.service();
    REQUIRE(q.try_deploy(uuid));
    CHECK(q.try_deploy(uuid).error().code == errc::busy);
}

TEST_CASE("a version that there is not does not wait") {
    long_quay q;
    auto const uuid = q.service();
    REQUIRE(q.try_deploy(uuid));
    CHECK(q.try_deploy(uuid, "9.0.0").error().code == errc::invalid_argument);
}

TEST_CASE("one that waits is cancelled alone, or with what is under way") {
    long_quay q;
    auto const uuid = q.service();
    REQUIRE(q.try_deploy(uuid));
    auto const first = q.last_asked(uuid);
    REQUIRE(q.try_deploy(uuid));
    auto const second = q.last_asked(uuid);
    REQUIRE(run_to_end(q.deploying.cancel(q.of(uuid), second)));
    CHECK(q.outcome_of(second) == "cancelled");
    CHECK(q.state(uuid).starts_with("DEPLOYMENT_QUEUED"));
    CHECK(run_to_end(q.deploying.cancel(q.of(uuid), second)).error().code == errc::wrong_state);
    CHECK(run_to_end(q.deploying.cancel(q.of(uuid), random_uuid())).error().code ==
          errc::wrong_state);

    REQUIRE(q.try_deploy(uuid));
    auto const third = q.last_asked(uuid);
    REQUIRE(run_to_end(q.deploying.cancel(q.of(uuid))));
    CHECK(q.outcome_of(third) == "cancelled");
    CHECK(q.state(uuid) == "CANCELED NEVER_DEPLOYED");
    CHECK(q.outcome_of(first) == "cancelled");

    REQUIRE(q.try_deploy(uuid));
    REQUIRE(run_to_end(q.deploying.cancel(q.of(uuid), q.last_asked(uuid))));
    CHECK(q.state(uuid) == "CANCELED NEVER_DEPLOYED");
}

TEST_CASE("what is refused when its turn comes is over, and says why") {
    long_quay q;
    auto const uuid = q.service();
    q.push_demo("1.1.0");
    REQUIRE(q.try_deploy(uuid));
    REQUIRE(q.try_deploy(uuid, "1.1.0"));
    auto const second = q.last_asked(uuid);
    q.work();
    q.yank_demo("1.1.0");
    run_to_end(q.line.advance());
    CHECK(q.outcome_of(second).starts_with("error: source.helm_repository: there is no version"));
    CHECK(run_to_end(q.deploying.history(q.of(uuid), 10)).size() == 2);
}

TEST_CASE("what is asked for beside a line is refused") {
    long_quay q;
    auto const uuid = q.service();
    REQUIRE(q.try_deploy(uuid));
    REQUIRE(q.try_deploy(uuid));
    q.work();
    CHECK(run_to_end(q.deploying.uninstall(q.of(uuid))).error().code == errc::busy);
    CHECK(run_to_end(q.configure.edit(q.of(uuid), quay::text(q.document()))).error().code ==
          errc::busy);
}

}  // namespace pilothouse::tests::waiting_test
