// What is asked of a Helm service, and what it is seen as until that has ended.
#include "tests/use_cases/deploy/quay.hpp"

namespace pilothouse::tests::deployments_test {

using storage::deployment_kind;
using storage::deployment_outcome;
namespace json = boost::json;

namespace {

errc code_of(result<deploy::service_view> const& answer) {
    REQUIRE_FALSE(answer);
    return answer.error().code;
}

}  // namespace

TEST_CASE("a service is installed, updated, uninstalled and installed again") {
    quay q;
    auto const uuid = q.service();
    auto const begun = q.try_deploy(uuid);
    REQUIRE(begun);
    CHECK(name_of(begun->status.state) == "DEPLOYMENT_QUEUED");
    CHECK(begun->waiting == 1);
    q.work();
    CHECK(q.state(uuid) == "DEPLOYED UP_TO_DATE");
    CHECK(q.helm.calls.back() == "install web/shop");
    CHECK(q.helm.values_seen.back() == std::string(R"({"db":{"password":")") + planted + "\"}}");

    CHECK(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    CHECK(q.helm.calls.back() == "upgrade web/shop");

    auto const uninstalling = run_to_end(q.deploying.uninstall(q.of(uuid)));
    REQUIRE(uninstalling);
    REQUIRE(*uninstalling);
    CHECK(name_of((*uninstalling)->status.state) == "DELETE_QUEUED");
    q.work();
    CHECK(q.state(uuid) == "DELETED NEVER_DEPLOYED");
    auto const again = run_to_end(q.deploying.uninstall(q.of(uuid)));
    REQUIRE(again);
    CHECK_FALSE(*again);

    CHECK(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    CHECK(q.helm.calls.back() == "install web/shop");
}

TEST_CASE("a version that is named becomes the configured one") {
    quay q;
    auto const uuid = q.service();
    q.push_demo("1.1.0");
    REQUIRE(q.try_deploy(uuid, "1.1.0"));
    q.work();
    CHECK(q.state(uuid) == "DEPLOYED UP_TO_DATE");
    CHECK(run_to_end(q.configure.find(q.of(uuid)))->configuration.version == "1.1.0");
    CHECK(q.view(uuid).release->source.version == "1.1.0");
    CHECK(code_of(q.try_deploy(uuid, "7.0.0")) == errc::invalid_argument);
    CHECK(q.state(uuid) == "DEPLOYED UP_TO_DATE");
}

TEST_CASE("of a range the newest is deployed") {
    quay q;
    q.push_demo("1.0.0");
    q.push_demo("1.4.0");
    q.push_demo("2.0.0");
    q.push_demo("1.5.0-rc.1");
    auto const made = q.try_create(q.document("^1.0.0"));
    REQUIRE(made);
    auto const& uuid = made->view.service.uuid;
    CHECK(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    CHECK(q.view(uuid).release->source.version == "1.4.0");
    CHECK(q.view(uuid).last->version == "1.4.0");
    CHECK(run_to_end(q.configure.find(q.of(uuid)))->configuration.version == "^1.0.0");
}

TEST_CASE("while one thing is under way nothing else is asked for") {
    quay q;
    auto const uuid = q.service();
    REQUIRE(q.try_deploy(uuid));
    CHECK(code_of(q.try_deploy(uuid)) == errc::busy);
    CHECK(run_to_end(q.deploying.uninstall(q.of(uuid))).error().code == errc::busy);
    CHECK(run_to_end(q.deploying.remove(q.of(uuid), true)).error().code == errc::busy);
    CHECK(run_to_end(q.deploying.dry_run(q.of(uuid), "")).error().code == errc::busy);
    q.work();
    CHECK(run_to_end(q.deploying.history(q.of(uuid), 10)).size() == 1);
}

TEST_CASE("a deployment that fails says why, and is mended by the next") {
    quay q;
    auto const uuid = q.service();
    q.helm.script.push_back(run_that_fails(errc::timed_out, "context deadline exceeded"));
    CHECK(q.deployed(uuid) == "DEPLOYMENT_ERROR OUT_OF_DATE");
    auto const failed = q.view(uuid);
    REQUIRE(failed.last);
    CHECK(failed.last->outcome == deployment_outcome::error);
    CHECK(failed.last->message.find("context deadline exceeded") != std::string::npos);
    CHECK(failed.last->started);
    CHECK(failed.last->finished);
    CHECK(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
}

TEST_CASE("what waits is cancelled at once, and what has ended is not") {
    quay q;
    auto const uuid = q.service();
    auto const nothing = run_to_end(q.deploying.cancel(q.of(uuid)));
    CHECK(code_of(nothing) == errc::wrong_state);
    REQUIRE(q.try_deploy(uuid));
    auto const cancelled = run_to_end(q.deploying.cancel(q.of(uuid)));
    REQUIRE(cancelled);
    CHECK(q.state(uuid) == "CANCELED NEVER_DEPLOYED");
    CHECK(q.view(uuid).last->outcome == deployment_outcome::cancelled);
    CHECK(code_of(run_to_end(q.deploying.cancel(q.of(uuid)))) == errc::wrong_state);
    CHECK(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
}

TEST_CASE("a service is deleted with its release, and is there until that is gone") {
    quay q;
    auto const uuid = q.service();
    REQUIRE(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    REQUIRE(run_to_end(q.deploying.remove(q.of(uuid), false)));
    CHECK(q.state(uuid) == "DELETE_QUEUED UP_TO_DATE");
    CHECK(code_of(q.try_deploy(uuid)) == errc::busy);
    q.work();
    CHECK(q.state(uuid) == std::string(name_of(errc::not_found)));
    CHECK(q.helm.calls.back() == "uninstall web/shop");
    CHECK(q.helm.cluster.empty());
}

TEST_CASE("a removal that fails leaves a service that is deployed again") {
    quay q;
    auto const uuid = q.service();
    REQUIRE(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    REQUIRE(run_to_end(q.deploying.remove(q.of(uuid), false)));
    q.helm.script.push_back(run_that_fails(errc::broken, "no", {}));
    q.work();
    CHECK(q.state(uuid).starts_with("DELETE_ERROR"));
    CHECK(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
}

TEST_CASE("a service is forgotten, and what is in the cluster stays") {
    quay q;
    auto const uuid = q.service();
    REQUIRE(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    REQUIRE(run_to_end(q.deploying.remove(q.of(uuid), true)));
    CHECK(q.state(uuid) == std::string(name_of(errc::not_found)));
    CHECK(q.helm.cluster.size() == 1);
    // It belongs to nobody who is configured under its name, and the refusal names the way out.
    auto const next = q.try_create(q.document());
    REQUIRE(next);
    auto const uuid_of_next = next->view.service.uuid;
    CHECK(q.state(uuid_of_next) == "READY NEVER_DEPLOYED");
    auto const refused = q.try_deploy(uuid_of_next);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::conflict);
    CHECK(refused.error().detail.find("pilothouse release uninstall dev/web/shop") !=
          std::string::npos);
    CHECK(run_to_end(q.deploying.history(q.of(uuid_of_next), 10)).empty());
    auto const nothing = run_to_end(q.deploying.uninstall(q.of(uuid_of_next)));
    REQUIRE(nothing);
    CHECK_FALSE(*nothing);
    CHECK(q.helm.cluster.size() == 1);
}

TEST_CASE("a dry run changes nothing, and what it found is kept") {
    quay q;
    auto const uuid = q.service();
    auto const found = run_to_end(q.deploying.dry_run(q.of(uuid), ""));
    REQUIRE(found);
    CHECK(found->kind == deployment_kind::dry_run);
    CHECK(found->finished);
    CHECK(found->result.starts_with("["));
    CHECK(q.state(uuid) == "READY NEVER_DEPLOYED");
    auto const kept = run_to_end(q.deploying.deployment(q.of(uuid), found->uuid));
    REQUIRE(kept);
    CHECK(kept->result == found->result);
    CHECK(run_to_end(q.deploying.dry_run(q.of(uuid), "7.0.0")).error().code ==
          errc::invalid_argument);
    CHECK(run_to_end(q.deploying.history(q.of(uuid), 10)).size() == 1);
}

TEST_CASE("what comes through another door is seen here") {
    quay q;
    auto const uuid = q.service();
    REQUIRE(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    auto const release = q.view(uuid).release->id;
    auto const begun = q.roll_back(release, 1);
    REQUIRE(begun);
    CHECK(q.state(uuid) == "DEPLOYMENT_QUEUED OUT_OF_DATE");
    CHECK(code_of(q.try_deploy(uuid)) == errc::busy);
    q.work();
    CHECK(q.state(uuid) == "DEPLOYED OUT_OF_DATE");
    REQUIRE(q.uninstall(release));
    q.work();
    CHECK(q.state(uuid) == "DELETED NEVER_DEPLOYED");
}

TEST_CASE("a service is stopped, restarted when it runs, and started by a deployment") {
    quay q;
    auto const uuid = q.service();
    CHECK(code_of(run_to_end(q.deploying.stop(q.of(uuid)))) == errc::wrong_state);
    CHECK(code_of(run_to_end(q.deploying.restart(q.of(uuid)))) == errc::wrong_state);
    REQUIRE(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");

    auto const restarting = run_to_end(q.deploying.restart(q.of(uuid)));
    REQUIRE(restarting);
    CHECK(name_of(restarting->status.state) == "RESTART_QUEUED");
    q.work();
    CHECK(q.state(uuid) == "RESTARTED UP_TO_DATE");

    auto const stopping = run_to_end(q.deploying.stop(q.of(uuid)));
    REQUIRE(stopping);
    CHECK(name_of(stopping->status.state) == "STOP_QUEUED");
    CHECK(code_of(run_to_end(q.deploying.restart(q.of(uuid)))) == errc::busy);
    q.work();
    CHECK(q.state(uuid) == "STOPPED UP_TO_DATE");
    CHECK(q.view(uuid).release->stopped);
    CHECK(code_of(run_to_end(q.deploying.stop(q.of(uuid)))) == errc::wrong_state);
    CHECK(code_of(run_to_end(q.deploying.restart(q.of(uuid)))) == errc::wrong_state);

    CHECK(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    CHECK_FALSE(q.view(uuid).release->stopped);
}

TEST_CASE("what is outside of the namespace is refused unless the configuration allows it") {
    quay q;
    auto const uuid = q.service();
    REQUIRE(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    CHECK(q.helm.options_seen.back().namespaced_only);
    auto allowed = q.document();
    allowed["allow_cluster_wide_resources"] = true;
    REQUIRE(run_to_end(q.configure.edit(q.of(uuid), quay::text(allowed))));
    REQUIRE(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    CHECK_FALSE(q.helm.options_seen.back().namespaced_only);
}

TEST_CASE("an edit that comes before a deployment begins is deployed, not undone") {
    quay q;
    auto const uuid = q.service();
    auto const before = q.of(uuid);
    auto changed = q.document();
    changed["timeout_sec"] = 42;
    REQUIRE(run_to_end(q.configure.edit(q.of(uuid), quay::text(changed))));
    REQUIRE(run_to_end(q.deploying.deploy(before, "")));
    q.work();
    CHECK(q.state(uuid) == "DEPLOYED UP_TO_DATE");
    CHECK(q.helm.options_seen.back().timeout == std::chrono::seconds(42));
    CHECK(run_to_end(q.configure.find(q.of(uuid)))->configuration.timeout ==
          std::chrono::seconds(42));
}

TEST_CASE("a deploy that is cancelled before it changes anything leaves what is in force") {
    quay q;
    auto const uuid = q.service();
    REQUIRE(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    REQUIRE(q.try_deploy(uuid));
    REQUIRE(run_to_end(q.deploying.cancel(q.of(uuid))));
    CHECK(q.state(uuid) == "CANCELED UP_TO_DATE");
    REQUIRE(run_to_end(q.deploying.restart(q.of(uuid))));
    q.work();
    CHECK(q.state(uuid) == "RESTARTED UP_TO_DATE");
}

TEST_CASE("what another door changed stays out of date through a restart and a stop") {
    quay q;
    auto const uuid = q.service();
    REQUIRE(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    REQUIRE(q.roll_back(q.view(uuid).release->id, 1));
    q.work();
    REQUIRE(q.state(uuid) == "DEPLOYED OUT_OF_DATE");
    REQUIRE(run_to_end(q.deploying.restart(q.of(uuid))));
    q.work();
    CHECK(q.state(uuid) == "RESTARTED OUT_OF_DATE");
    REQUIRE(run_to_end(q.deploying.stop(q.of(uuid))));
    q.work();
    CHECK(q.state(uuid) == "STOPPED OUT_OF_DATE");
    CHECK(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
}

TEST_CASE("the history names the chart that was stopped, restarted and uninstalled") {
    quay q;
    auto const uuid = q.service();
    REQUIRE(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    REQUIRE(run_to_end(q.deploying.stop(q.of(uuid))));
    q.work();
    REQUIRE(run_to_end(q.deploying.uninstall(q.of(uuid))));
    q.work();
    auto const rows = run_to_end(q.deploying.history(q.of(uuid), 10));
    REQUIRE(rows.size() == 3);
    for (auto const& d : rows) {
        CHECK(d.chart == "demo");
        CHECK(d.version == "1.0.0");
    }
}

TEST_CASE("a new name and new notes are nothing to deploy") {
    quay q;
    auto const uuid = q.service();
    REQUIRE(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    auto renamed = q.document("1.0.0", "till");
    renamed["description"] = "where it is paid";
    REQUIRE(run_to_end(q.configure.edit(q.of(uuid), quay::text(renamed))));
    CHECK(q.state(uuid) == "DEPLOYED UP_TO_DATE");
}

TEST_CASE("a dry run of what is stopped says that a deployment starts it") {
    quay q;
    auto const uuid = q.service();
    REQUIRE(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    auto const before = run_to_end(q.deploying.dry_run(q.of(uuid), ""));
    REQUIRE(before);
    CHECK(before->result.find("\"started\"") == std::string::npos);
    REQUIRE(run_to_end(q.deploying.stop(q.of(uuid))));
    q.work();
    auto const after = run_to_end(q.deploying.dry_run(q.of(uuid), ""));
    REQUIRE(after);
    CHECK(after->result.starts_with(R"([{"change":"started")"));
}

TEST_CASE("a chart that cannot be installed is a wrong request, not a moment that passes") {
    quay q;
    q.add_chart("shelf", R"("type":"library")");
    auto o = q.document();
    o["source"].as_object()["helm_repository"].as_object()["chart_name"] = "shelf";
    auto const made = q.try_create(o);
    REQUIRE(made);
    auto const& uuid = made->view.service.uuid;
    auto const refused = q.try_deploy(uuid);
    CHECK(code_of(refused) == errc::invalid_argument);
    CHECK(refused.error().detail.find("library") != std::string::npos);
    auto const dry = run_to_end(q.deploying.dry_run(q.of(uuid), ""));
    REQUIRE_FALSE(dry);
    CHECK(dry.error().code == errc::invalid_argument);
    auto const all = run_to_end(q.together.deploy(q.in(q.home), std::nullopt));
    REQUIRE_FALSE(all);
    CHECK(all.error().code == errc::invalid_argument);
    CHECK(run_to_end(q.deploying.history(q.of(uuid), 10)).empty());
    CHECK(q.state(uuid) == "READY NEVER_DEPLOYED");
}

TEST_CASE("a dry run beside somebody else's release of the name says whose it is") {
    quay q;
    auto const uuid = q.service();
    REQUIRE(q.install());  // web/shop, through another door
    auto const refused = run_to_end(q.deploying.dry_run(q.of(uuid), ""));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::conflict);
    CHECK(refused.error().detail.find("not this service's") != std::string::npos);
    CHECK(q.state(uuid) == "READY NEVER_DEPLOYED");
}

}  // namespace pilothouse::tests::deployments_test
