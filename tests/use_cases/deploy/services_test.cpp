// Helm services: configured, refused, shown.
#include "tests/use_cases/deploy/quay.hpp"

namespace pilothouse::tests::services_test {

using deploy::environment_right;
namespace json = boost::json;

namespace {

failure refusal(quay& q, json::object const& o) {
    auto const made = q.try_create(o);
    REQUIRE_FALSE(made);
    CHECK(made.error().detail.find(planted) == std::string::npos);
    return made.error();
}

}  // namespace

TEST_CASE("a service is configured, and what it holds is sealed") {
    quay q;
    auto const uuid = q.service();
    auto const found = run_to_end(q.configure.find(q.of(uuid)));
    REQUIRE(found);
    CHECK(found->configuration.name == "shop");
    CHECK(found->configuration.chart == "demo");
    CHECK(found->channel.name == "stable");
    CHECK(found->project_path == "grp/p");
    REQUIRE(found->configuration.values.set.size() == 1);
    CHECK(found->configuration.values.set[0].second.reveal() == planted);
    CHECK(q.state(uuid) == "READY NEVER_DEPLOYED");
    auto const row = run_to_end(q.stores->services().find(uuid)).value();
    CHECK(row.release_name == "shop");
    CHECK(row.sealed_configuration.find(planted) == std::string::npos);
    auto const all = run_to_end(q.configure.list(q.in(q.home)));
    REQUIRE(all);
    CHECK(all->size() == 1);
}

TEST_CASE("what cannot be deployed is not configured") {
    quay q;
    q.push_demo();
    REQUIRE(q.try_create(q.document()));
    CHECK(refusal(q, q.document()).code == errc::conflict);
    CHECK(refusal(q, q.document("9.9.9", "other")).code == errc::invalid_argument);
    auto chartless = q.document("1.0.0", "other");
    chartless["source"].at("helm_repository").as_object()["chart_name"] = "absent";
    CHECK(refusal(q, chartless).code == errc::invalid_argument);
    for (std::string const& repository :
         {numbered_uuid('c', 4711), random_uuid(), std::string("stable"), numbered_uuid('p', 1)}) {
        auto o = q.document("1.0.0", "other");
        o["source"].at("helm_repository").as_object()["repository"] = repository;
        CHECK_MESSAGE(refusal(q, o).code == errc::invalid_argument, repository);
    }
    auto bad_values = q.document("1.0.0", "other");
    bad_values["values_override"] = {
        {"file",
         {{"raw",
           {{"values",
             json::array{{{"name", "a.yaml"}, {"content", std::string("a: [") + planted}}}}}}}}};
    CHECK(refusal(q, bad_values).code == errc::invalid_argument);
    auto no_json = q.document("1.0.0", "other");
    json::array pairs;
    pairs.emplace_back(json::array{"a.b", planted});
    no_json["values_override"] = {{"set_json", std::move(pairs)}};
    CHECK(refusal(q, no_json).code == errc::invalid_argument);
    CHECK(run_to_end(q.configure.list(q.in(q.home)))->size() == 1);
}

TEST_CASE("names that make one label make two releases") {
    quay q;
    q.push_demo();
    auto const first = q.try_create(q.document("1.0.0", "The shop"));
    auto const second = q.try_create(q.document("1.0.0", "the-shop"));
    auto const third = q.try_create(q.document("1.0.0", "⚓"));
    REQUIRE(first);
    REQUIRE(second);
    REQUIRE(third);
    CHECK(first->view.service.release_name == "the-shop");
    CHECK(second->view.service.release_name ==
          "the-shop-" + second->view.service.uuid.substr(0, 8));
    CHECK(third->view.service.release_name == "service");
}

TEST_CASE("an edit that changes something makes the service out of date") {
    quay q;
    auto const uuid = q.service();
    REQUIRE(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    REQUIRE(run_to_end(q.configure.edit(q.of(uuid), quay::text(q.document()))));
    CHECK(q.state(uuid) == "DEPLOYED UP_TO_DATE");
    auto renamed = q.document();
    renamed["name"] = "another name";
    renamed["description"] = "the shop";
    REQUIRE(run_to_end(q.configure.edit(q.of(uuid), quay::text(renamed))));
    CHECK(q.state(uuid) == "DEPLOYED UP_TO_DATE");
    auto changed = q.document();
    changed["timeout_sec"] = 42;
    changed["name"] = "renamed";
    auto const edited = run_to_end(q.configure.edit(q.of(uuid), quay::text(changed)));
    REQUIRE(edited);
    CHECK(edited->configuration.name == "renamed");
    CHECK(edited->view.service.release_name == "shop");
    CHECK(q.state(uuid) == "DEPLOYED OUT_OF_DATE");
    CHECK(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    CHECK(q.helm.options_seen.back().timeout == std::chrono::seconds(42));
}

TEST_CASE("nothing is edited while a deployment is under way") {
    quay q;
    auto const uuid = q.service();
    REQUIRE(q.try_deploy(uuid));
    auto const edited = run_to_end(q.configure.edit(q.of(uuid), quay::text(q.document())));
    REQUIRE_FALSE(edited);
    CHECK(edited.error().code == errc::busy);
}

TEST_CASE("values are shown to those alone who may deploy") {
    quay q;
    auto const uuid = q.service();
    storage::user_record u;
    u.username = "reader";
    auto const reader = run_to_end(q.stores->users().create(u)).value();
    storage::membership as;
    as.role = storage::role::reporter;
    REQUIRE(run_to_end(q.stores->members().set(storage::place_id(q.project.id), reader.id, as)));
    auth::principal who;
    who.what = auth::principal::kind::user;
    who.user = reader.id;
    who.scopes = {auth::scope::api};
    auto const a = run_to_end(q.access_here.to_service(std::make_shared<auth::principal const>(who),
                                                       environment_right::see, uuid));
    REQUIRE(a);
    auto const seen = run_to_end(q.configure.find(*a));
    REQUIRE(seen);
    REQUIRE(seen->configuration.values.set.size() == 1);
    CHECK(seen->configuration.values.set[0].first == "db.password");
    CHECK(seen->configuration.values.set[0].second.empty());
}

}  // namespace pilothouse::tests::services_test
