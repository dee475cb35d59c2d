// Services that follow their channel; and what is sealed, when the key changes.
#include "deploy/follow_channels.hpp"
#include "deploy/sealed_configurations.hpp"

#include "base/descriptor.hpp"
#include "tests/use_cases/deploy/quay.hpp"

#include <fcntl.h>

namespace pilothouse::tests::following_test {

namespace {

struct follower : quay {
    descriptor nowhere{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
    logger log{log_format::json, log_level::error, nowhere.get()};
    deploy::follow_channels following{docks, faulty.users(), log};

    std::string following_service(std::string const& range, storage::user_id creator = {}) {
        push_demo();
        auto o = document(range);
        o["auto_deploy"] = true;
        auto const made = try_create(o);
        REQUIRE(made);
        auto uuid = made->view.service.uuid;
        if (creator != storage::user_id()) {
            auto copy = run_to_end(stores->services().find(uuid)).value();
            REQUIRE(run_to_end(stores->services().remove(copy.id)));
            copy.creator = copy.follows_as = creator;
            copy.by_operator = false;
            REQUIRE(run_to_end(stores->services().create(copy)));
        }
        return uuid;
    }
    void look() {
        run_to_end(following.look());
        work();
    }
    std::string version(std::string const& uuid) { return view(uuid).release->source.version; }
};

}  // namespace

TEST_CASE("a newer version within the range is deployed by itself, once") {
    follower f;
    auto const uuid = f.following_service("^1.0.0");
    f.look();
    CHECK(f.state(uuid) == "READY NEVER_DEPLOYED");  // nobody deployed it yet
    REQUIRE(f.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    f.push_demo("2.0.0");
    f.push_demo("1.1.0-rc.1");
    f.push_demo("0.9.0");
    f.look();
    CHECK(f.version(uuid) == "1.0.0");
    f.push_demo("1.1.0");
    f.look();
    CHECK(f.state(uuid) == "DEPLOYED UP_TO_DATE");
    CHECK(f.version(uuid) == "1.1.0");
    auto const calls = f.helm.calls.size();
    f.look();
    CHECK(f.helm.calls.size() == calls);
}

TEST_CASE("what failed is not tried again before there is a newer version") {
    follower f;
    auto const uuid = f.following_service("^1.0.0");
    REQUIRE(f.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    f.push_demo("1.1.0");
    f.helm.script.push_back(run_that_fails(errc::timed_out, "too late"));
    f.look();
    CHECK(f.state(uuid) == "DEPLOYMENT_ERROR OUT_OF_DATE");
    auto const calls = f.helm.calls.size();
    f.push_demo("3.0.0");  // the channel changes, its newest in the range does not
    f.look();
    CHECK(f.helm.calls.size() == calls);
    f.push_demo("1.2.0");
    f.look();
    CHECK(f.state(uuid) == "DEPLOYED UP_TO_DATE");
    CHECK(f.version(uuid) == "1.2.0");
}

TEST_CASE("what is under way is looked at again when it has ended") {
    follower f;
    auto const uuid = f.following_service("^1.0.0");
    REQUIRE(f.try_deploy(uuid));
    f.push_demo("1.1.0");
    run_to_end(f.following.look());
    f.work();
    CHECK(f.version(uuid) == "1.0.0");
    f.look();
    CHECK(f.version(uuid) == "1.1.0");
}

TEST_CASE("a service that does not follow, or names one version, stays as it is") {
    follower f;
    f.push_demo();
    auto const made = f.try_create(f.document("^1.0.0"));
    REQUIRE(made);
    auto const& uuid = made->view.service.uuid;
    REQUIRE(f.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    f.push_demo("1.1.0");
    f.look();
    CHECK(f.version(uuid) == "1.0.0");

    follower g;
    auto const exact = g.following_service("1.0.0");
    REQUIRE(g.deployed(exact) == "DEPLOYED UP_TO_DATE");
    g.push_demo("1.1.0");
    g.look();
    CHECK(g.version(exact) == "1.0.0");
}

TEST_CASE("nothing is deployed that its maker may not deploy any more") {
    follower f;
    storage::user_record u;
    u.username = "maker";
    auto const maker = run_to_end(f.stores->users().create(u)).value().id;
    auto const uuid = f.following_service("^1.0.0", maker);
    REQUIRE(f.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    f.push_demo("1.1.0");
    f.look();
    CHECK(f.version(uuid) == "1.0.0");

    storage::membership as;
    as.role = storage::role::developer;
    REQUIRE(run_to_end(f.stores->members().set(storage::place_id(f.project.id), maker, as)));
    REQUIRE(run_to_end(f.stores->cluster_members().set(f.cluster.id, maker, as.role)));
    f.push_demo("1.2.0");
    f.look();
    CHECK(f.version(uuid) == "1.2.0");
    CHECK(f.view(uuid).last->by == maker);

    REQUIRE(run_to_end(f.stores->users().edit(maker, [](storage::user_record& r) {
        r.blocked = true;
        return result<void>();
    })));
    f.push_demo("1.3.0");
    f.look();
    CHECK(f.version(uuid) == "1.2.0");

    REQUIRE(run_to_end(f.stores->users().remove(maker, true)));
    f.push_demo("1.4.0");
    f.look();
    CHECK(f.version(uuid) == "1.2.0");
}

TEST_CASE("whoever changes a service that follows answers for what it does by itself") {
    follower f;
    storage::user_record u;
    u.username = "maker";
    auto const maker = run_to_end(f.stores->users().create(u)).value().id;
    auto const uuid = f.following_service("^1.0.0", maker);  // who may nothing
    REQUIRE(f.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    auto o = f.document("^1.0.0");
    REQUIRE(run_to_end(f.configure.edit(f.of(uuid), quay::text(o))));  // switched off by another
    CHECK(run_to_end(f.stores->services().find(uuid))->follows_as == maker);
    o["auto_deploy"] = true;
    REQUIRE(run_to_end(f.configure.edit(f.of(uuid), quay::text(o))));
    CHECK(f.state(uuid) == "DEPLOYED UP_TO_DATE");  // when it is deployed is not what is
    auto const now = run_to_end(f.stores->services().find(uuid)).value();
    CHECK(now.by_operator);
    CHECK(now.follows_as == storage::user_id());
    CHECK(now.creator == maker);
    f.push_demo("1.1.0");
    f.look();
    CHECK(f.version(uuid) == "1.1.0");
    CHECK(f.view(uuid).last->by_name == "command line");
}

TEST_CASE("a version that is named for a service that follows is deployed once") {
    follower f;
    auto const uuid = f.following_service("^1.0.0");
    f.push_demo("1.1.0");
    REQUIRE(f.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    REQUIRE(f.version(uuid) == "1.1.0");
    REQUIRE(f.try_deploy(uuid, "1.0.0"));
    f.work();
    CHECK(f.state(uuid) == "DEPLOYED UP_TO_DATE");
    CHECK(f.version(uuid) == "1.0.0");
    CHECK(run_to_end(f.configure.find(f.of(uuid)))->configuration.version == "^1.0.0");
    deploy::follow_channels after_restart(f.docks, f.faulty.users(), f.log);
    run_to_end(after_restart.look());
    f.work();
    CHECK(f.version(uuid) == "1.0.0");
    f.push_demo("1.2.0");
    f.look();
    CHECK(f.version(uuid) == "1.2.0");
}

TEST_CASE("configurations are sealed anew, and mean what they meant") {
    quay q;
    auto const uuid = q.service();
    deploy::sealed_configurations all(q.docks);
    CHECK(run_to_end(all.are_current()));
    auto const old = run_to_end(q.stores->services().find(uuid))->sealed_configuration;
    REQUIRE(q.keys.rotate());
    CHECK_FALSE(run_to_end(all.are_current()));
    auto const count = run_to_end(all.seal_anew());
    REQUIRE(count);
    CHECK(*count == 1);
    CHECK(run_to_end(all.are_current()));
    CHECK(run_to_end(q.stores->services().find(uuid))->sealed_configuration != old);
    REQUIRE(q.keys.forget_old());
    CHECK(run_to_end(q.configure.find(q.of(uuid)))->configuration.chart == "demo");
}

}  // namespace pilothouse::tests::following_test
