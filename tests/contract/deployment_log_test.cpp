// The contract of storage::deployment_log.
#include "storage/service_store.hpp"
#include "tests/contract/service_scene.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests::deployment_log_test {

namespace {

using storage::deployment_kind;
using storage::deployment_outcome;
using storage::deployment_record;
using storage::deployments_max;
using storage::dry_runs_max;
using storage::service_id;
using texts = std::vector<std::string>;

service_id make_service_alone(storage::stores& s) {
    return make_service(s, make_environment(s).id).id;
}

deployment_record whole_record(storage::stores& s) {
    auto d = deployment_of(make_service_alone(s), deployment_kind::dry_run);
    d.configuration = 3;
    d.chart = "shop";
    d.version = "1.2.0";
    d.operation = "o1234567890abcdefghi";
    d.by = make_user(s).id;
    d.by_name = "ada";
    d.created = from_nanoseconds(1'234'567'890);
    d.started = from_nanoseconds(1'234'567'891);
    d.finished = from_nanoseconds(1'234'567'892);
    d.outcome = deployment_outcome::error;
    d.message = "not ready: deployment/shop";
    d.result = R"({"changes":[{"kind":"Secret","text":"masked"}]})" + std::string(500'000, ' ');
    return d;
}

void check_same(deployment_record const& a, deployment_record const& b) {
    CHECK(a.uuid == b.uuid);
    CHECK(a.service == b.service);
    CHECK(a.kind == b.kind);
    CHECK(a.configuration == b.configuration);
    CHECK(a.chart == b.chart);
    CHECK(a.version == b.version);
    CHECK(a.operation == b.operation);
    CHECK(a.by == b.by);
    CHECK(a.by_name == b.by_name);
    CHECK(a.created == b.created);
    CHECK(a.started == b.started);
    CHECK(a.finished == b.finished);
    CHECK(a.outcome == b.outcome);
    CHECK(a.message == b.message);
    CHECK((a.result == b.result));  // too long to be shown
}

deployment_record now(storage::stores& s, std::string uuid) {
    auto found = wait(s.deployments().find(std::move(uuid)));
    REQUIRE(found);
    return *found;
}

texts uuids(storage::stores& s, service_id service, std::size_t count = 10'000) {
    texts all;
    for (auto const& d : wait(s.deployments().list(service, count))) all.push_back(d.uuid);
    return all;
}

std::string add(storage::stores& s, service_id service,
                deployment_kind kind = deployment_kind::deploy, bool finished = true) {
    auto wanted = deployment_of(service, kind);
    if (finished) wanted.finished = from_nanoseconds(1);
    REQUIRE(wait(s.deployments().add(wanted)));
    return wanted.uuid;
}

texts add_many(storage::stores& s, service_id service, std::size_t count,
               deployment_kind kind = deployment_kind::deploy) {
    texts added;
    for (std::size_t i = 0; i < count; ++i) added.push_back(add(s, service, kind));
    return added;
}

bool has(texts const& all, std::string const& one) {
    return std::ranges::find(all, one) != all.end();
}

}  // namespace

TEST_CASE("Each kind of deployment has a word") {
    CHECK(name_of(deployment_kind::deploy) == "deploy");
    CHECK(name_of(deployment_kind::dry_run) == "dry-run");
    CHECK(name_of(deployment_kind::uninstall) == "uninstall");
    CHECK(name_of(deployment_kind::remove) == "remove");
    CHECK(name_of(deployment_kind::stop) == "stop");
    CHECK(name_of(deployment_kind::restart) == "restart");
}

TEST_CASE_TEMPLATE("A deployment is kept as it was asked for, and found by its UUID", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const wanted = whole_record(*stores);
    auto const made = wait(stores->deployments().add(wanted));
    REQUIRE(made);
    check_same(*made, wanted);
    check_same(now(*stores, wanted.uuid), wanted);
    CHECK(refusal(wait(stores->deployments().find(random_uuid()))) == errc::not_found);

    auto const bare = deployment_of(wanted.service);
    REQUIRE(wait(stores->deployments().add(bare)));
    check_same(now(*stores, bare.uuid), bare);
    CHECK_FALSE(now(*stores, bare.uuid).started);
    CHECK_FALSE(now(*stores, bare.uuid).finished);
}

TEST_CASE_TEMPLATE("A deployment is found by its operation", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const wanted = whole_record(*stores);
    REQUIRE(wait(stores->deployments().add(wanted)));
    auto waiting = deployment_of(wanted.service, deployment_kind::deploy);
    waiting.operation.clear();
    REQUIRE(wait(stores->deployments().add(waiting)));
    auto const found = wait(stores->deployments().of_operation(wanted.operation));
    REQUIRE(found);
    check_same(*found, wanted);
    for (std::string const none : {"", "o0000000000abcdefghi"}) {
        auto const missing = wait(stores->deployments().of_operation(none));
        REQUIRE_FALSE(missing);
        CHECK(missing.error().code == errc::not_found);
    }
}

TEST_CASE("A deployment is there after a restart") {
    opened<folder_adapter> stores;
    auto const made = wait(stores->deployments().add(whole_record(*stores))).value();
    stores.reopen();
    check_same(now(*stores, made.uuid), made);
}

TEST_CASE_TEMPLATE("A deployment needs service and asker, and a UUID of its own", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const service = make_service_alone(*stores);
    auto of_gone = deployment_of(service);
    of_gone.by = {99};
    for (auto const& wanted : {deployment_of({99}), of_gone})
        CHECK(refusal(wait(stores->deployments().add(wanted))) == errc::not_found);
    CHECK(uuids(*stores, service).empty());

    auto const first = make_deployment(*stores, service);
    auto again = deployment_of(service, deployment_kind::stop);
    again.uuid = first.uuid;
    CHECK(refusal(wait(stores->deployments().add(again))) == errc::conflict);
    check_same(now(*stores, first.uuid), first);
    CHECK(uuids(*stores, service) == texts{first.uuid});
}

TEST_CASE_TEMPLATE("Deployments of a service are listed the newest first, without their results",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const whole = wait(stores->deployments().add(whole_record(*stores))).value();
    auto const elsewhere =
        make_environment(*stores, make_project(*stores, "grp/b").id, make_cluster(*stores, "b"));
    auto const beside = make_service(*stores, elsewhere.id).id;
    // Made at the same moment, as far as the clock tells: what was added later is newer.
    auto second = deployment_of(whole.service);
    second.created = whole.created;
    REQUIRE(wait(stores->deployments().add(second)));
    auto const other = make_deployment(*stores, beside);
    auto earlier = deployment_of(whole.service);
    earlier.created = from_nanoseconds(1);
    REQUIRE(wait(stores->deployments().add(earlier)));

    CHECK(uuids(*stores, whole.service) == texts{earlier.uuid, second.uuid, whole.uuid});
    CHECK(uuids(*stores, whole.service, 2) == texts{earlier.uuid, second.uuid});
    CHECK(uuids(*stores, whole.service, 0).empty());
    CHECK(uuids(*stores, beside) == texts{other.uuid});
    CHECK(uuids(*stores, {99}).empty());
    auto expected = whole;
    expected.result.clear();
    check_same(wait(stores->deployments().list(whole.service, 10)).at(2), expected);
}

TEST_CASE_TEMPLATE("Of a deployment changes what is known at its begin and its end", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = wait(stores->deployments().add(whole_record(*stores))).value();
    auto expected = made;
    expected.configuration = 8;
    expected.version = "8.0.0";
    expected.operation = "o2234567890abcdefghi";
    expected.started = from_nanoseconds(2'000'000'000);
    expected.finished.reset();
    expected.outcome = deployment_outcome::cancelled;
    expected.message = "cancelled";
    expected.result = "{}";
    auto const edited =
        wait(stores->deployments().edit(made.uuid, [&](deployment_record& d) -> result<void> {
            check_same(d, made);
            d = {};
            d.uuid = "other";
            d.service = {99};
            d.kind = deployment_kind::stop;
            d.by = {99};
            d.configuration = expected.configuration;
            d.version = expected.version;
            d.operation = expected.operation;
            d.started = expected.started;
            d.finished = expected.finished;
            d.outcome = expected.outcome;
            d.message = expected.message;
            d.result = expected.result;
            return {};
        }));
    REQUIRE(edited);
    check_same(*edited, expected);
    check_same(now(*stores, made.uuid), expected);
}

TEST_CASE_TEMPLATE("A change of a deployment that fails changes nothing, and is the answer",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = wait(stores->deployments().add(whole_record(*stores))).value();
    auto const fails = [](deployment_record& d) -> result<void> {
        d.message = "changed";
        return failure(errc::wrong_state, "no");
    };
    CHECK(refusal(wait(stores->deployments().edit(made.uuid, fails))) == errc::wrong_state);
    check_same(now(*stores, made.uuid), made);
    CHECK(refusal(wait(stores->deployments().edit(random_uuid(), fails))) == errc::not_found);
}

TEST_CASE_TEMPLATE("Of the deployments of a service the oldest go, of no other service", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const environment = make_environment(*stores).id;
    auto const service = make_service(*stores, environment, "shop").id;
    auto const beside = make_service(*stores, environment, "beside").id;
    auto const old_beside = add(*stores, beside);
    auto const added = add_many(*stores, service, deployments_max);
    CHECK(uuids(*stores, service).size() == deployments_max);
    auto const one_more = add(*stores, service);
    auto const left = uuids(*stores, service);
    CHECK(left.size() == deployments_max);
    CHECK(left.front() == one_more);
    CHECK_FALSE(has(left, added[0]));
    CHECK(left.back() == added[1]);
    CHECK(uuids(*stores, beside) == texts{old_beside});
}

TEST_CASE_TEMPLATE("Deployments that are not finished stay, however many there are", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const service = make_service_alone(*stores);
    auto const waiting = add(*stores, service, deployment_kind::deploy, false);
    auto const added = add_many(*stores, service, deployments_max);
    CHECK(uuids(*stores, service).size() == deployments_max + 1);
    auto const one_more = add(*stores, service);
    auto const left = uuids(*stores, service);
    CHECK(left.size() == deployments_max + 1);
    CHECK(left.front() == one_more);
    CHECK(left.back() == waiting);
    CHECK_FALSE(has(left, added[0]));

    auto const elsewhere =
        make_environment(*stores, make_project(*stores, "grp/b").id, make_cluster(*stores, "b"));
    auto const crowd = make_service(*stores, elsewhere.id).id;
    for (std::size_t i = 0; i < deployments_max + 5; ++i)
        (void)add(*stores, crowd, deployment_kind::deploy, false);
    CHECK(uuids(*stores, crowd).size() == deployments_max + 5);
    // They push nothing out.
    auto const finished = add(*stores, crowd);
    (void)add(*stores, crowd, deployment_kind::stop, false);
    CHECK(has(uuids(*stores, crowd), finished));
    CHECK(uuids(*stores, crowd).size() == deployments_max + 7);
}

TEST_CASE_TEMPLATE("Of dry runs the newest few are kept, beside what else was asked", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const environment = make_environment(*stores).id;
    auto const service = make_service(*stores, environment, "shop").id;
    auto const beside = make_service(*stores, environment, "beside").id;
    auto const of_other = add(*stores, beside, deployment_kind::dry_run);
    auto const deployed = add(*stores, service, deployment_kind::deploy);
    auto const runs = add_many(*stores, service, dry_runs_max + 3, deployment_kind::dry_run);
    auto const left = uuids(*stores, service);
    CHECK(left.size() == dry_runs_max + 1);
    CHECK(left.front() == runs.back());
    CHECK(left.back() == deployed);
    CHECK_FALSE(has(left, runs[2]));
    CHECK(has(left, runs[3]));
    CHECK(uuids(*stores, beside) == texts{of_other});
}

TEST_CASE_TEMPLATE("A deployment that was not begun is taken back", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const service = make_service_alone(*stores);
    auto const stays = make_deployment(*stores, service);
    auto const goes = make_deployment(*stores, service);
    REQUIRE(wait(stores->deployments().remove(goes.uuid)));
    CHECK(is_deployment_gone(*stores, goes));
    CHECK(uuids(*stores, service) == texts{stays.uuid});
    CHECK(refusal(wait(stores->deployments().remove(goes.uuid))) == errc::not_found);
}

TEST_CASE_TEMPLATE("Deployments that are not settled name an operation, and no end", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const service = make_service_alone(*stores);
    make_deployment(*stores, service);  // waits
    auto begun = deployment_of(service);
    begun.operation = "o1234567890abcdefghi";
    REQUIRE(wait(stores->deployments().add(begun)));
    auto ended = deployment_of(service);
    ended.operation = "o1234567890abcdefghj";
    ended.outcome = deployment_outcome::success;
    REQUIRE(wait(stores->deployments().add(ended)));
    auto const open = wait(stores->deployments().unsettled());
    REQUIRE(open.size() == 1);
    CHECK(open[0].uuid == begun.uuid);
}

TEST_CASE_TEMPLATE("Deployments that wait are those of all services that nothing was done of",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    CHECK(wait(stores->deployments().waiting()).empty());
    auto const environment = make_environment(*stores).id;
    auto const shop = make_service(*stores, environment, "shop").id;
    auto const desk = make_service(*stores, environment, "desk").id;
    auto const first = make_deployment(*stores, shop);
    auto const second = make_deployment(*stores, desk);
    make_deployment(*stores, shop, deployment_kind::dry_run);
    auto begun = deployment_of(shop);
    begun.operation = "o1234567890abcdefghi";
    REQUIRE(wait(stores->deployments().add(begun)));
    auto given_up = deployment_of(shop);
    given_up.outcome = deployment_outcome::cancelled;
    REQUIRE(wait(stores->deployments().add(given_up)));
    auto const waiting = wait(stores->deployments().waiting());
    REQUIRE(waiting.size() == 2);
    check_same(waiting[0], first);
    check_same(waiting[1], second);
}

}  // namespace pilothouse::tests::deployment_log_test
