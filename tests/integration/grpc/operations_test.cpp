// Operations as clients follow them, whatever becomes of them (contracts: releases 1.4); by either
// door.
#include "tests/integration/grpc/caller.hpp"
#include "tests/integration/grpc/raw_calls.hpp"

#include <google/protobuf/empty.pb.h>
#include <google/protobuf/unknown_field_set.h>

#include <atomic>
#include <set>
#include <thread>

namespace pilothouse::tests::operations_test {

using marketplace::HelmRelease;

namespace {

std::string const types = "type.googleapis.com/";
std::string const ours = types + "yandex.cloud.k8s.marketplace.v1.";
std::string const of_install = ours + "InstallHelmReleaseMetadata";
std::string const of_update = ours + "UpdateHelmReleaseMetadata";
std::string const of_uninstall = ours + "UninstallHelmReleaseMetadata";

struct fixture : manned_house {
    std::string version = product_version();
    caller who{*this, door::grpc, token};
    caller by_curl{*this, door::json, token};

    // What holds of every operation, at every look.
    void check_always(Operation const& o, std::string const& metadata, std::string const& release) {
        CHECK(o.id().size() == 20);
        CHECK(o.metadata().type_url() == metadata);
        CHECK(release_in(o) == release);
        CHECK(o.created_at().seconds() == 1'767'323'045);
        CHECK(o.modified_at().seconds() >= o.created_at().seconds());
        CHECK(o.created_by() == std::to_string(skipper.id.value));
        CHECK(!o.description().empty());
        CHECK(o.description().size() <= 256);
        CHECK(o.description().find(planted) == std::string::npos);
        if (o.done()) {
            CHECK(o.has_error() != o.has_response());
            if (o.has_error()) CHECK(o.error().code() != 0);
        } else {
            CHECK(!o.has_error());
            CHECK(!o.has_response());
        }
    }
    // From its first answer to its end.
    Operation followed(told<Operation> const& begun, std::string const& metadata) {
        INFO(begun.message);
        REQUIRE(begun.code == 0);
        auto const release = release_in(begun.reply);
        check_always(begun.reply, metadata, release);
        CHECK(!begun.reply.done());
        // Clients poll at once.
        for (auto* const c : {&who, &by_curl}) {
            auto const now = c->follow(begun.reply.id());
            REQUIRE(now.code == 0);
            check_always(now.reply, metadata, release);
        }
        auto const end = who.follow_to_end(begun.reply.id());
        check_always(end, metadata, release);
        auto const as_json = by_curl.follow(begun.reply.id());
        CHECK(meant_by(as_json.reply) == meant_by(end));
        return end;
    }
    HelmRelease response_of(Operation const& o) {
        HelmRelease r;
        CHECK(o.response().type_url() == ours + "HelmRelease");
        CHECK(o.response().UnpackTo(&r));
        return r;
    }
    Operation hanging(std::string const& name) {
        scripted_run run;
        run.hangs = true;
        run.leaves = release::release_status::failed;
        run.before = [this] { runs = true; };
        helm.script.push_back(run);
        return who.install(version, {{"applicationName", name}}).reply;
    }
    // Helm itself, so that it leaves something.
    void wait_until_it_runs() {
        while (!runs) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }

    std::atomic<bool> runs{false};
};

}  // namespace

TEST_CASE_FIXTURE(fixture,
                  "an operation says the same of itself from its first answer to its end") {
    push_demo("1.1.0");
    work();
    for (auto* const asks : {&who, &by_curl}) {
        auto const installed =
            followed(asks->install(version, {{"db.password", planted}}), of_install);
        auto const shown = response_of(installed);
        auto const id = release_in(installed);
        CHECK(shown.id() == id);
        CHECK(shown.cluster_id() == "dev");
        CHECK(shown.app_name() == "demo");
        CHECK(shown.app_namespace() == "default");
        CHECK(shown.product_id() == release::product_of(project.id, "demo"));
        CHECK(shown.product_name().empty());
        CHECK(shown.product_version() == version);
        CHECK(shown.status() == HelmRelease::DEPLOYED);
        CHECK(shown.created_at().seconds() == 1'767'323'045);
        for (auto* const c : {&who, &by_curl}) {
            CHECK(meant_by(c->get(id).reply) == meant_by(shown));
            auto const page = c->list().reply;
            REQUIRE(page.helm_releases_size() == 1);
            CHECK(meant_by(page.helm_releases(0)) == meant_by(shown));
        }

        auto const newer = product_version("demo", "1.1.0");
        auto const updated = response_of(followed(asks->update(id, newer), of_update));
        CHECK(updated.id() == id);
        CHECK(updated.product_version() == newer);
        CHECK(updated.product_id() == shown.product_id());
        CHECK(updated.created_at().seconds() == shown.created_at().seconds());

        auto const gone = followed(asks->uninstall(id), of_uninstall);
        CHECK(gone.response().type_url() == types + "google.protobuf.Empty");
        CHECK(gone.response().value().empty());
        // What it made is gone; what it was is told still.
        auto const later = who.follow(installed.id()).reply;
        check_always(later, of_install, id);
        CHECK(response_of(later).status() == HelmRelease::UNINSTALLED);
        CHECK(response_of(later).product_version() == version);
    }
}

TEST_CASE_FIXTURE(fixture, "metadata name the cluster, and the version where there is one") {
    work();
    auto const begun = who.install(version).reply;
    marketplace::InstallHelmReleaseMetadata install;
    REQUIRE(begun.metadata().UnpackTo(&install));
    CHECK(install.cluster_id() == "dev");
    CHECK(install.product_version_id() == version);
    who.follow_to_end(begun.id());
    auto const changed = who.update(release_in(begun), "", {{"a", "1"}}).reply;
    marketplace::UpdateHelmReleaseMetadata update;
    REQUIRE(changed.metadata().UnpackTo(&update));
    CHECK(update.cluster_id() == "dev");
    CHECK(update.product_version_id() == version);
    who.follow_to_end(changed.id());
    marketplace::UninstallHelmReleaseMetadata uninstall;
    REQUIRE(who.uninstall(release_in(begun)).reply.metadata().UnpackTo(&uninstall));
    CHECK(uninstall.cluster_id() == "dev");
}

TEST_CASE_FIXTURE(fixture, "a release's fields have the numbers that clients know") {
    work();
    auto const begun = who.install(version).reply;
    who.follow_to_end(begun.id());
    marketplace::GetHelmReleaseRequest asked;
    asked.set_id(release_in(begun));
    auto const [status, bytes] =
        call_raw(channel(), "/yandex.cloud.k8s.marketplace.v1.HelmReleaseService/Get",
                 asked.SerializeAsString(), token);
    REQUIRE(status.ok());
    google::protobuf::Empty unread;
    REQUIRE(unread.ParseFromString(bytes));
    auto const& fields = unread.GetReflection()->GetUnknownFields(unread);
    std::set<int> numbers;
    for (int i = 0; i < fields.field_count(); ++i) {
        numbers.insert(fields.field(i).number());
        if (fields.field(i).number() == 10) CHECK(fields.field(i).length_delimited() == version);
        if (fields.field(i).number() == 7) CHECK(fields.field(i).varint() == 2);
    }
    // Not 6, the product's name, nor 9.
    CHECK(numbers == std::set<int>{1, 2, 3, 4, 5, 7, 8, 10});
}

TEST_CASE_FIXTURE(fixture, "what fails ends with its reason, which is never 0") {
    struct row {
        errc why;
        int code;
    };
    row const rows[] = {
        {errc::invalid_argument, 3}, {errc::timed_out, 4},    {errc::not_found, 5},
        {errc::denied, 7},           {errc::wrong_state, 9},  {errc::busy, 10},
        {errc::broken, 13},          {errc::unavailable, 14}, {errc::conflict, 6},
    };
    work();
    for (auto const& [why, code] : rows) {
        CAPTURE(code);
        helm.script.push_back(run_that_fails(
            why, std::string("Error: because of ") + planted + "\n- at '/replicas': got string"));
        auto const name = "shop" + std::to_string(code);
        auto const end =
            followed(who.install(version, {{"applicationName", name}, {"db.password", planted}}),
                     of_install);
        REQUIRE(end.has_error());
        CHECK(end.error().code() == code);
        CHECK(end.error().message() ==
              "Error: because of [redacted]\n- at '/replicas': got string");
        // It stays to be seen, and can be put away.
        auto const id = release_in(end);
        CHECK(who.get(id).reply.status() == HelmRelease::FAILED);
        CHECK(followed(who.uninstall(id), of_uninstall).has_response());
    }
}

TEST_CASE_FIXTURE(fixture, "an update that fails leaves the release failed") {
    work();
    auto const id = release_in(followed(who.install(version), of_install));
    helm.script.push_back(run_that_fails(errc::timed_out, "not ready"));
    auto const end = followed(who.update(id, "", {{"a", "1"}}), of_update);
    CHECK(end.error().code() == 4);
    CHECK(who.get(id).reply.status() == HelmRelease::FAILED);
    CHECK(who.get(id).reply.product_version() == version);
}

TEST_CASE_FIXTURE(fixture, "an operation that waits is cancelled at once") {
    auto const begun = who.install(version);
    auto const cancelled = by_curl.cancel(begun.reply.id());
    REQUIRE(cancelled.code == 0);
    CHECK(cancelled.reply.done());
    CHECK(cancelled.reply.error().code() == 1);
    check_always(cancelled.reply, of_install, release_in(begun.reply));
    CHECK(who.get(release_in(begun.reply)).code == 5);
    // Again: as it is.
    auto const again = who.cancel(begun.reply.id());
    CHECK(meant_by(again.reply) == meant_by(cancelled.reply));
    check_always(who.follow(begun.reply.id()).reply, of_install, release_in(begun.reply));
}

TEST_CASE_FIXTURE(fixture, "an operation that runs is cancelled by and by") {
    work();
    auto const begun = hanging("shop");
    wait_until_it_runs();
    auto const cancelled = who.cancel(begun.id());
    REQUIRE(cancelled.code == 0);
    check_always(cancelled.reply, of_install, release_in(begun));
    auto const end = who.follow_to_end(begun.id());
    check_always(end, of_install, release_in(begun));
    CHECK(end.error().code() == 1);
    CHECK(who.get(release_in(begun)).reply.status() == HelmRelease::FAILED);
}

TEST_CASE_FIXTURE(fixture, "an operation that is done stays as it is, whoever cancels it") {
    work();
    auto const end = followed(who.install(version), of_install);
    for (auto* const c : {&who, &by_curl}) {
        auto const cancelled = c->cancel(end.id());
        CHECK(cancelled.code == 0);
        CHECK(meant_by(cancelled.reply) == meant_by(end));
    }
}

TEST_CASE_FIXTURE(fixture, "an operation of the command line is followed as an update") {
    work();
    auto const id = release_in(followed(who.install(version), of_install));
    who.follow_to_end(who.update(id, "", {{"a", "1"}}).reply.id());
    auto const rolled_back = roll_back(id);
    REQUIRE(rolled_back);
    auto const end = who.follow_to_end(rolled_back->operation.id);
    CHECK(end.metadata().type_url() == of_update);
    CHECK(end.created_by() == "command line");
    CHECK(response_of(end).product_version() == version);
}

TEST_CASE_FIXTURE(fixture, "a store that fails is no reason to give up following") {
    auto const begun = who.install(version).reply;
    for (auto const way : both_doors) {
        caller follower(*this, way, token);
        for (auto const how : {fault::failure, fault::exception}) {
            faulty.fuse.blow_at(1, how);
            CHECK(follower.follow(begun.id()).code == 14);
            faulty.fuse.blow_at(0, how);
            CHECK(follower.follow(begun.id()).code == 0);
        }
        faulty.fuse.blow_at(1, fault::exception);
        CHECK(follower.cancel(begun.id()).code == 13);
        faulty.fuse.blow_at(0, fault::exception);
    }
    CHECK(request("GET", "/operations/" + begun.id(), token).status == 200);
    faulty.fuse.blow_at(1, fault::exception);
    CHECK(request("GET", "/operations/" + begun.id(), token).status == 503);
    faulty.fuse.blow_at(0, fault::exception);
}

}  // namespace pilothouse::tests::operations_test
