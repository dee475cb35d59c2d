// The contract of storage::environment_store.
#include "storage/environment_store.hpp"

#include "tests/contract/service_scene.hpp"

#include <string>
#include <vector>

namespace pilothouse::tests::environment_store_test {

namespace {

using storage::environment_id;
using storage::environment_mode;
using storage::environment_record;
using texts = std::vector<std::string>;

environment_record whole_record(storage::stores& s) {
    auto e = environment_of(make_project(s).id, make_cluster(s), "Staging of the shop");
    e.name_space = "shop-staging";
    e.mode = environment_mode::production;
    e.creator = make_user(s).id;
    e.created = from_nanoseconds(1'234'567'890);
    e.updated = from_nanoseconds(1'234'567'891);
    return e;
}

void check_same(environment_record const& a, environment_record const& b) {
    CHECK(a.id == b.id);
    CHECK(a.uuid == b.uuid);
    CHECK(a.project == b.project);
    CHECK(a.project_path == b.project_path);
    CHECK(a.cluster == b.cluster);
    CHECK(a.cluster_name == b.cluster_name);
    CHECK(a.name == b.name);
    CHECK(a.name_space == b.name_space);
    CHECK(a.mode == b.mode);
    CHECK(a.creator == b.creator);
    CHECK(a.created == b.created);
    CHECK(a.updated == b.updated);
}

environment_record now(storage::stores& s, environment_id id) {
    auto found = wait(s.environments().find(id));
    REQUIRE(found);
    return *found;
}

texts names(storage::stores& s, storage::project_id project) {
    texts all;
    for (auto const& e : wait(s.environments().list(project))) all.push_back(e.name);
    return all;
}

auto renamed(std::string name) {
    return [name = std::move(name)](environment_record& e) -> result<void> {
        e.name = name;
        return {};
    };
}

}  // namespace

TEST_CASE("The modes of environments have words") {
    for (auto const* const word : {"development", "preview", "production", "staging"}) {
        auto const mode = storage::environment_mode_named(word);
        REQUIRE(mode);
        CHECK(storage::name_of(*mode) == word);
    }
    for (auto const* const word : {"", "Development", "STAGING", "prod", "staging "})
        CHECK_FALSE(storage::environment_mode_named(word));
}

TEST_CASE_TEMPLATE("An environment is kept as it was made, and found by number and UUID", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto wanted = whole_record(*stores);
    wanted.id = {4711};
    wanted.project_path = "elsewhere";
    wanted.cluster_name = "elsewhere";
    auto const made = wait(stores->environments().create(wanted));
    REQUIRE(made);
    CHECK(made->id != environment_id());
    CHECK(made->id != wanted.id);
    wanted.id = made->id;
    wanted.project_path = "grp/app";
    wanted.cluster_name = "prod";
    check_same(*made, wanted);
    check_same(now(*stores, made->id), wanted);
    check_same(wait(stores->environments().find(wanted.uuid)).value(), wanted);
    CHECK(refusal(wait(stores->environments().find(environment_id{4711}))) == errc::not_found);
    CHECK(refusal(wait(stores->environments().find(random_uuid()))) == errc::not_found);
    CHECK(refusal(wait(stores->environments().find(std::string()))) == errc::not_found);
}

TEST_CASE("An environment is there after a restart") {
    opened<folder_adapter> stores;
    auto const made = wait(stores->environments().create(whole_record(*stores))).value();
    stores.reopen();
    check_same(now(*stores, made.id), made);
}

TEST_CASE_TEMPLATE("Environments of a project are listed by name", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const app = make_project(*stores, "grp/app").id;
    auto const other = make_project(*stores, "grp/other").id;
    auto const cluster = make_cluster(*stores);
    CHECK(names(*stores, app).empty());
    for (char const* const name : {"prod", "a", "Zoo", "b"})
        (void)make_environment(*stores, app, cluster, name);
    (void)make_environment(*stores, other, cluster, "c");
    CHECK(names(*stores, app) == texts{"Zoo", "a", "b", "prod"});
    CHECK(names(*stores, other) == texts{"c"});
    CHECK(names(*stores, {99}).empty());
}

TEST_CASE_TEMPLATE("In a project a name is taken once", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const app = make_project(*stores, "grp/app").id;
    auto const other = make_project(*stores, "grp/other").id;
    auto const cluster = make_cluster(*stores);
    (void)make_environment(*stores, app, cluster, "staging");
    auto again = environment_of(app, cluster, "staging");
    again.name_space = "elsewhere";
    auto const told = wait(stores->environments().create(again));
    CHECK(refusal(told) == errc::conflict);
    CHECK(told.error().detail.find("name") != std::string::npos);
    again.project = other;
    CHECK(wait(stores->environments().create(again)));
    CHECK(names(*stores, app) == texts{"staging"});

    auto const second = make_environment(*stores, app, cluster, "second");
    CHECK(refusal(wait(stores->environments().edit(second.id, renamed("staging")))) ==
          errc::conflict);
    CHECK(now(*stores, second.id).name == "second");
    CHECK(wait(stores->environments().edit(second.id, renamed("second"))));
    CHECK(wait(stores->environments().edit(second.id, renamed("third"))));
}

TEST_CASE_TEMPLATE("A namespace of a cluster belongs to one environment", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const app = make_project(*stores, "grp/app").id;
    auto const other = make_project(*stores, "grp/other").id;
    auto const prod = make_cluster(*stores, "prod");
    auto const first = make_environment(*stores, app, prod, "staging");
    auto again = environment_of(other, prod, "other");
    again.name_space = first.name_space;
    auto const told = wait(stores->environments().create(again));
    CHECK(refusal(told) == errc::conflict);
    CHECK(told.error().detail.find("namespace") != std::string::npos);
    again.cluster = make_cluster(*stores, "test");
    CHECK(wait(stores->environments().create(again)));
    // Free as soon as its environment is removed.
    REQUIRE(wait(stores->environments().remove(first.id)));
    auto const next = environment_of(other, prod, "staging");
    CHECK(next.name_space == first.name_space);
    CHECK(wait(stores->environments().create(next)).value().id != first.id);
}

TEST_CASE_TEMPLATE("The UUID of an environment is given once", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const first = make_environment(*stores);
    auto again = environment_of(first.project, first.cluster, "other");
    again.uuid = first.uuid;
    CHECK(refusal(wait(stores->environments().create(again))) == errc::conflict);
    CHECK(names(*stores, first.project) == texts{"staging"});
}

TEST_CASE_TEMPLATE("An environment needs project, cluster and creator", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const app = make_project(*stores).id;
    auto const cluster = make_cluster(*stores);
    auto of_gone = environment_of(app, cluster);
    of_gone.creator = {99};
    for (auto const& wanted : {environment_of({99}, cluster), environment_of(app, {99}), of_gone})
        CHECK(refusal(wait(stores->environments().create(wanted))) == errc::not_found);
    CHECK(names(*stores, app).empty());
}

TEST_CASE_TEMPLATE("Of an environment name and mode change, and nothing else", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = wait(stores->environments().create(whole_record(*stores))).value();
    auto const edited =
        wait(stores->environments().edit(made.id, [&](environment_record& e) -> result<void> {
            check_same(e, made);
            e = {};
            e.name = "other";
            e.mode = environment_mode::preview;
            e.updated = from_nanoseconds(6);
            e.name_space = "elsewhere";
            return {};
        }));
    REQUIRE(edited);
    auto expected = made;
    expected.name = "other";
    expected.mode = environment_mode::preview;
    expected.updated = from_nanoseconds(6);
    check_same(*edited, expected);
    check_same(now(*stores, made.id), expected);
}

TEST_CASE_TEMPLATE("A change of an environment that fails changes nothing, and is the answer",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = wait(stores->environments().create(whole_record(*stores))).value();
    auto const fails = [](environment_record& e) -> result<void> {
        e.name = "changed";
        return failure(errc::denied, "no");
    };
    CHECK(refusal(wait(stores->environments().edit(made.id, fails))) == errc::denied);
    check_same(now(*stores, made.id), made);
    CHECK(refusal(wait(stores->environments().edit(environment_id{99}, fails))) == errc::not_found);
}

TEST_CASE_TEMPLATE("An environment shows the path that its project has by now", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = make_environment(*stores);
    CHECK(made.project_path == "grp/app");
    auto const group = wait(stores->groups().find("grp")).value().id;
    REQUIRE(wait(stores->groups().edit(group, [](storage::group_record& g) -> result<void> {
        g.path = "team";
        return {};
    })));
    CHECK(now(*stores, made.id).project_path == "team/app");
    CHECK(wait(stores->environments().find(made.uuid))->project_path == "team/app");
    CHECK(wait(stores->environments().list(made.project)).at(0).project_path == "team/app");
    CHECK(wait(stores->environments().edit(made.id, renamed("other")))->project_path == "team/app");
}

TEST_CASE_TEMPLATE("An environment is removed when no service is left in it", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = make_environment(*stores);
    auto const beside = make_environment(*stores, made.project, made.cluster, "beside");
    auto const service = make_service(*stores, made.id);
    CHECK(refusal(wait(stores->environments().remove(made.id))) == errc::wrong_state);
    CHECK_FALSE(is_environment_gone(*stores, made));
    CHECK(wait(stores->environments().remove(beside.id)));
    CHECK(is_environment_gone(*stores, beside));
    REQUIRE(wait(stores->services().remove(service.id)));
    REQUIRE(wait(stores->environments().remove(made.id)));
    CHECK(is_environment_gone(*stores, made));
    CHECK(refusal(wait(stores->environments().remove(made.id))) == errc::not_found);
    // The name is free, and the number not given again.
    auto const next = make_environment(*stores, made.project, made.cluster, made.name);
    CHECK(next.id > made.id);
}

TEST_CASE_TEMPLATE(
    "With its project, its group or its cluster an environment goes, and what is in it", Adapter,
    PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const app = make_project(*stores, "top/mid/app").id;
    auto const beside = make_project(*stores, "top/beside").id;
    auto const spared = make_project(*stores, "top/spared").id;
    auto const mid = wait(stores->groups().find("top/mid")).value().id;
    auto const prod = make_cluster(*stores, "prod");
    auto const test = make_cluster(*stores, "test");

    auto const of_app = make_environment(*stores, app, prod, "app");
    auto const of_beside = make_environment(*stores, beside, prod, "beside");
    auto const in_test = make_environment(*stores, spared, test, "test");
    auto const stays = make_environment(*stores, spared, prod, "stays");
    std::vector<storage::service_record> services;
    std::vector<storage::deployment_record> deployments;
    for (auto const& e : {of_app, of_beside, in_test, stays}) {
        services.push_back(make_service(*stores, e.id));
        deployments.push_back(make_deployment(*stores, services.back().id));
    }
    auto const check_gone = [&](environment_record const& e, std::size_t at) {
        CHECK(is_environment_gone(*stores, e));
        CHECK(is_service_gone(*stores, services.at(at)));
        CHECK(wait(stores->services().list(e.id)).empty());
        CHECK(is_deployment_gone(*stores, deployments.at(at)));
        CHECK(wait(stores->deployments().list(services.at(at).id, 10)).empty());
    };

    REQUIRE(wait(stores->groups().remove(mid)));
    check_gone(of_app, 0);
    REQUIRE(wait(stores->projects().remove(beside)));
    check_gone(of_beside, 1);
    CHECK_FALSE(is_environment_gone(*stores, in_test));
    REQUIRE(wait(stores->clusters().remove(test)));
    check_gone(in_test, 2);

    CHECK_FALSE(is_environment_gone(*stores, stays));
    CHECK_FALSE(is_service_gone(*stores, services.at(3)));
    CHECK_FALSE(is_deployment_gone(*stores, deployments.at(3)));
    CHECK(names(*stores, spared) == texts{"stays"});
}

TEST_CASE_TEMPLATE("A user who is removed leaves his environments, services and deployments",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const user = make_user(*stores).id;
    auto wanted = environment_of(make_project(*stores).id, make_cluster(*stores));
    wanted.creator = user;
    auto const environment = wait(stores->environments().create(wanted)).value();
    CHECK(environment.creator == user);
    auto wanted_service = service_of(environment.id);
    wanted_service.creator = user;
    auto const service = wait(stores->services().create(wanted_service)).value();
    CHECK(service.creator == user);
    auto wanted_deployment = deployment_of(service.id);
    wanted_deployment.by = user;
    wanted_deployment.by_name = "ada";
    auto const deployment = wait(stores->deployments().add(wanted_deployment)).value();
    CHECK(deployment.by == user);

    REQUIRE(wait(stores->users().remove(user, true)));
    CHECK(now(*stores, environment.id).creator == storage::user_id());
    CHECK(wait(stores->services().find(service.uuid))->creator == storage::user_id());
    auto const left = wait(stores->deployments().find(deployment.uuid)).value();
    CHECK(left.by == storage::user_id());
    CHECK(left.by_name == "ada");
}

}  // namespace pilothouse::tests::environment_store_test
