// The contract of storage::service_store.
#include "storage/service_store.hpp"

#include "tests/contract/service_scene.hpp"

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace pilothouse::tests::service_store_test {

namespace {

using storage::service_id;
using storage::service_record;
using texts = std::vector<std::string>;

service_record whole_record(storage::stores& s) {
    auto r = service_of(make_environment(s).id, "The shop");
    r.release_name = "the-shop";
    r.sealed_configuration = "1.k1." + std::string(100'000, 'A');
    r.configuration = 3;
    r.deployed = 2;
    r.deployed_revision = 7;
    r.release = "r1234567890abcdefghi";
    r.auto_deploy = true;
    r.by_operator = true;
    r.follows_as = make_user(s, "ben").id;
    r.creator = make_user(s).id;
    r.created = from_nanoseconds(1'234'567'890);
    r.updated = from_nanoseconds(1'234'567'891);
    return r;
}

void check_same(service_record const& a, service_record const& b) {
    CHECK(a.id == b.id);
    CHECK(a.uuid == b.uuid);
    CHECK(a.environment == b.environment);
    CHECK(a.name == b.name);
    CHECK(a.release_name == b.release_name);
    CHECK(a.sealed_configuration == b.sealed_configuration);
    CHECK(a.configuration == b.configuration);
    CHECK(a.deployed == b.deployed);
    CHECK(a.release == b.release);
    CHECK(a.auto_deploy == b.auto_deploy);
    CHECK(a.deployed_revision == b.deployed_revision);
    CHECK(a.follows_as == b.follows_as);
    CHECK(a.by_operator == b.by_operator);
    CHECK(a.creator == b.creator);
    CHECK(a.created == b.created);
    CHECK(a.updated == b.updated);
}

service_record now(storage::stores& s, std::string uuid) {
    auto found = wait(s.services().find(std::move(uuid)));
    REQUIRE(found);
    return *found;
}

texts names(storage::stores& s, storage::environment_id environment) {
    texts all;
    for (auto const& r : wait(s.services().list(environment))) all.push_back(r.name);
    return all;
}

auto renamed(std::string name) {
    return [name = std::move(name)](service_record& r) -> result<void> {
        r.name = name;
        return {};
    };
}

}  // namespace

TEST_CASE_TEMPLATE("A service is kept as it was made, and found by its UUID", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto wanted = whole_record(*stores);
    wanted.id = {4711};
    auto const made = wait(stores->services().create(wanted));
    REQUIRE(made);
    CHECK(made->id != service_id());
    CHECK(made->id != wanted.id);
    wanted.id = made->id;
    check_same(*made, wanted);
    check_same(now(*stores, made->uuid), wanted);
    CHECK(refusal(wait(stores->services().find(random_uuid()))) == errc::not_found);
    CHECK(refusal(wait(stores->services().find(""))) == errc::not_found);
}

TEST_CASE("A service is there after a restart") {
    opened<folder_adapter> stores;
    auto const made = wait(stores->services().create(whole_record(*stores))).value();
    stores.reopen();
    check_same(now(*stores, made.uuid), made);
}

TEST_CASE_TEMPLATE("Services of an environment are listed by name", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const here = make_environment(*stores);
    auto const there = make_environment(*stores, here.project, here.cluster, "there");
    CHECK(names(*stores, here.id).empty());
    for (char const* const name : {"shop", "a", "Zoo", "b"})
        (void)make_service(*stores, here.id, name);
    (void)make_service(*stores, there.id, "c");
    CHECK(names(*stores, here.id) == texts{"Zoo", "a", "b", "shop"});
    CHECK(names(*stores, there.id) == texts{"c"});
    CHECK(names(*stores, {99}).empty());
}

TEST_CASE_TEMPLATE("In an environment the name of a service is taken once, and that of its release",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const here = make_environment(*stores);
    auto const there = make_environment(*stores, here.project, here.cluster, "there");
    auto const shop = make_service(*stores, here.id, "shop");

    auto same_name = service_of(here.id, "shop");
    same_name.release_name = "another";
    auto const by_name = wait(stores->services().create(same_name));
    CHECK(refusal(by_name) == errc::conflict);
    CHECK(by_name.error().detail.find("with this name") != std::string::npos);
    auto same_release = service_of(here.id, "another");
    same_release.release_name = shop.release_name;
    auto const by_release = wait(stores->services().create(same_release));
    CHECK(refusal(by_release) == errc::conflict);
    CHECK(by_release.error().detail.find("release name") != std::string::npos);
    auto same_uuid = service_of(here.id, "third");
    same_uuid.uuid = shop.uuid;
    CHECK(refusal(wait(stores->services().create(same_uuid))) == errc::conflict);
    CHECK(names(*stores, here.id) == texts{"shop"});
    check_same(now(*stores, shop.uuid), shop);
    (void)make_service(*stores, there.id, "shop");

    auto const second = make_service(*stores, here.id, "second");
    CHECK(refusal(wait(stores->services().edit(second.id, renamed("shop")))) == errc::conflict);
    check_same(now(*stores, second.uuid), second);
    CHECK(wait(stores->services().edit(second.id, renamed("second"))));
    CHECK(wait(stores->services().edit(second.id, renamed("third")))->name == "third");
}

TEST_CASE_TEMPLATE("A service needs environment and creator", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const environment = make_environment(*stores).id;
    auto of_gone = service_of(environment);
    of_gone.creator = {99};
    auto as_gone = service_of(environment);
    as_gone.follows_as = {99};
    for (auto const& wanted : {service_of({99}), of_gone, as_gone})
        CHECK(refusal(wait(stores->services().create(wanted))) == errc::not_found);
    CHECK(names(*stores, environment).empty());
}

TEST_CASE_TEMPLATE("All of a service changes but what it is known by, and its creation", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = wait(stores->services().create(whole_record(*stores))).value();
    auto expected = made;
    expected.name = "other";
    expected.sealed_configuration = "1.k2.BBBB";
    expected.configuration = 4;
    expected.deployed = 0;
    expected.deployed_revision = 0;
    expected.release = "";
    expected.auto_deploy = false;
    expected.follows_as = {};
    expected.by_operator = false;
    expected.updated = from_nanoseconds(6);
    auto const edited =
        wait(stores->services().edit(made.id, [&](service_record& r) -> result<void> {
            check_same(r, made);
            r = expected;
            r.id = {99};
            r.uuid = "other";
            r.environment = {99};
            r.release_name = "other";
            r.creator = {99};
            r.created = from_nanoseconds(5);
            return {};
        }));
    REQUIRE(edited);
    check_same(*edited, expected);
    check_same(now(*stores, made.uuid), expected);
}

TEST_CASE_TEMPLATE("Whoever a service follows as may go; it follows as nobody then", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = wait(stores->services().create(whole_record(*stores))).value();
    REQUIRE(wait(stores->users().remove(made.follows_as, true)));
    CHECK(now(*stores, made.uuid).follows_as == storage::user_id());
    CHECK(now(*stores, made.uuid).creator == made.creator);
}

TEST_CASE_TEMPLATE("A change of a service that fails changes nothing, and is the answer", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = wait(stores->services().create(whole_record(*stores))).value();
    auto const fails = [](service_record& r) -> result<void> {
        r.name = "changed";
        return failure(errc::denied, "no");
    };
    CHECK(refusal(wait(stores->services().edit(made.id, fails))) == errc::denied);
    check_same(now(*stores, made.uuid), made);
    CHECK(refusal(wait(stores->services().edit(service_id{99}, fails))) == errc::not_found);
    auto const as_gone = [](service_record& r) -> result<void> {
        r.follows_as = {99};
        return {};
    };
    CHECK(refusal(wait(stores->services().edit(made.id, as_gone))) == errc::not_found);
    check_same(now(*stores, made.uuid), made);
}

TEST_CASE_TEMPLATE("Two changes of one service at once both count", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = make_service(*stores, make_environment(*stores).id);
    auto const count = [&](auto change) {
        for (int i = 0; i < 20; ++i) (void)wait(stores->services().edit(made.id, change));
    };
    std::thread configuring([&] {
        count([](service_record& r) -> result<void> {
            ++r.configuration;
            return {};
        });
    });
    count([](service_record& r) -> result<void> {
        ++r.deployed;
        return {};
    });
    configuring.join();
    CHECK(now(*stores, made.uuid).configuration == 21);
    CHECK(now(*stores, made.uuid).deployed == 20);
}

TEST_CASE_TEMPLATE("A service is removed with its deployments", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const environment = make_environment(*stores).id;
    auto const doomed = make_service(*stores, environment, "doomed");
    auto const spared = make_service(*stores, environment, "spared");
    auto const of_doomed = make_deployment(*stores, doomed.id);
    auto const of_spared = make_deployment(*stores, spared.id);
    REQUIRE(wait(stores->services().remove(doomed.id)));
    CHECK(is_service_gone(*stores, doomed));
    CHECK(is_deployment_gone(*stores, of_doomed));
    CHECK_FALSE(is_service_gone(*stores, spared));
    CHECK_FALSE(is_deployment_gone(*stores, of_spared));
    CHECK(names(*stores, environment) == texts{"spared"});
    CHECK(refusal(wait(stores->services().remove(doomed.id))) == errc::not_found);
    // Its names are free, and its number not given again.
    CHECK(make_service(*stores, environment, "doomed").id > doomed.id);
}

TEST_CASE_TEMPLATE("A service stays when its release goes", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const environment = make_environment(*stores);
    auto const release = make_release(*stores, environment.cluster, "shop", environment.name_space);
    auto wanted = service_of(environment.id);
    wanted.release = release.id;
    wanted.release_name = "shop";
    auto const made = wait(stores->services().create(wanted)).value();
    auto const removal =
        begin(*stores, change_of(release.id, storage::operation_kind::uninstall)).operation;
    (void)finish(*stores, removal.id, left_nothing());
    CHECK(is_gone(*stores, release.id));
    check_same(now(*stores, made.uuid), made);
}

TEST_CASE_TEMPLATE("Services that follow their channel are known in all environments", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    CHECK(wait(stores->services().automatic()).empty());
    auto const project = make_project(*stores).id;
    auto const cluster = make_cluster(*stores);
    auto const staging = make_environment(*stores, project, cluster, "staging").id;
    auto const production = make_environment(*stores, project, cluster, "production").id;
    auto following = service_of(staging, "z");
    following.auto_deploy = true;
    auto const first = wait(stores->services().create(following)).value();
    auto const second = make_service(*stores, production, "a");
    auto const names = [&] {
        texts all;
        for (auto const& r : wait(stores->services().automatic())) all.push_back(r.name);
        return all;
    };
    CHECK(names() == texts{"z"});
    auto const follow = [](service_record& r) -> result<void> {
        r.auto_deploy = true;
        return {};
    };
    REQUIRE(wait(stores->services().edit(second.id, follow)));
    CHECK(names() == texts{"z", "a"});
    REQUIRE(wait(stores->services().remove(first.id)));
    CHECK(names() == texts{"a"});
}

}  // namespace pilothouse::tests::service_store_test
