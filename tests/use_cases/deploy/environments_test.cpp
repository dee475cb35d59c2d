// Environments: who may, what they are called, and where they lie.
#include "tests/use_cases/deploy/quay.hpp"

namespace pilothouse::tests::environments_test {

using auth::permission;
using deploy::environment_right;

namespace {

std::shared_ptr<auth::principal const> user(quay& q, std::string name, storage::role in_project,
                                            storage::role on_cluster) {
    storage::user_record u;
    u.username = std::move(name);
    auto const made = run_to_end(q.stores->users().create(u)).value();
    storage::membership as;
    as.role = in_project;
    if (in_project != storage::role::none)
        REQUIRE(run_to_end(q.stores->members().set(storage::place_id(q.project.id), made.id, as)));
    if (on_cluster != storage::role::none)
        REQUIRE(run_to_end(q.stores->cluster_members().set(q.cluster.id, made.id, on_cluster)));
    auth::principal p;
    p.what = auth::principal::kind::user;
    p.user = made.id;
    p.name = made.username;
    p.scopes = {auth::scope::api};
    return std::make_shared<auth::principal const>(p);
}

}  // namespace

TEST_CASE("an environment is a namespace of a cluster, with a name in its project") {
    quay q;
    auto const e = q.environment("Staging", "web");
    CHECK(parse_uuid(e.uuid) == e.uuid);
    CHECK(e.cluster_name == "dev");
    CHECK(e.project_path == "grp/p");
    CHECK(e.name_space == "web");
    auto const all = run_to_end(q.environments.list(q.grant(permission::read_project)));
    REQUIRE(all.size() == 1);
    CHECK(all[0].name == "Staging");
    auto const audited = run_to_end(q.stores->audit().list({}, 0, 10));
    CHECK(audited.front().what == "environment_created");
}

TEST_CASE("without a namespace one is made of project and name") {
    quay q;
    CHECK(q.environment("My Staging", "").name_space == "grp-p-my-staging");
}

TEST_CASE("names, namespaces and clusters that cannot be are refused") {
    quay q;
    q.environment("staging", "web");
    auto const refused = [&](std::string name, std::string name_space, std::string cluster) {
        deploy::new_environment wanted;
        wanted.name = std::move(name);
        wanted.name_space = std::move(name_space);
        wanted.cluster = std::move(cluster);
        auto const made =
            run_to_end(q.environments.create(q.grant(permission::edit_project), std::move(wanted)));
        REQUIRE_FALSE(made);
        return made.error().code;
    };
    CHECK(refused("staging", "other", "dev") == errc::conflict);
    CHECK(refused("other", "web", "dev") == errc::conflict);
    CHECK(refused("", "other", "dev") == errc::invalid_argument);
    CHECK(refused(std::string(256, 'x'), "other", "dev") == errc::invalid_argument);
    CHECK(refused("other", "Not_A_Label", "dev") == errc::invalid_argument);
    CHECK(refused("other", "--wait", "dev") == errc::invalid_argument);
    CHECK(refused("⚓", "", "nowhere") == errc::not_found);
}

TEST_CASE("a cluster's namespaces bind environments, too") {
    quay q;
    REQUIRE(run_to_end(q.stores->clusters().edit(q.cluster.id, [](storage::cluster_record& c) {
        c.namespaces = {"team-*"};
        return result<void>();
    })));
    deploy::new_environment wanted;
    wanted.name = "staging";
    wanted.name_space = "web";
    wanted.cluster = std::string("dev");
    auto const made = run_to_end(q.environments.create(q.grant(permission::edit_project), wanted));
    REQUIRE_FALSE(made);
    CHECK(made.error().code == errc::invalid_argument);
    wanted.name_space = "team-web";
    CHECK(run_to_end(q.environments.create(q.grant(permission::edit_project), wanted)));
}

TEST_CASE("an environment is renamed, and goes only when it is empty") {
    quay q;
    auto const uuid = q.service();
    auto const changed = run_to_end(
        q.environments.edit(q.in(q.home), {"production", storage::environment_mode::production}));
    REQUIRE(changed);
    CHECK(changed->name == "production");
    CHECK(changed->mode == storage::environment_mode::production);
    CHECK(changed->name_space == "web");
    CHECK(run_to_end(q.environments.edit(q.in(q.home), {"", {}})).error().code ==
          errc::invalid_argument);

    auto const full = run_to_end(q.environments.remove(q.in(q.home)));
    REQUIRE_FALSE(full);
    CHECK(full.error().code == errc::wrong_state);
    REQUIRE(run_to_end(q.deploying.remove(q.of(uuid), false)));
    REQUIRE(run_to_end(q.environments.remove(q.in(q.home))));
    CHECK(run_to_end(q.access_here.to_environment(auth::local_operator(), environment_right::see,
                                                  q.home.uuid))
              .error()
              .code == errc::not_found);
}

TEST_CASE("nobody gets into a cluster through an environment") {
    quay q;
    auto const uuid = q.service();
    using storage::role;
    auto const here = [&](auto const& who, environment_right what) {
        auto const a = run_to_end(q.access_here.to_service(who, what, uuid));
        auto const b = run_to_end(q.access_here.to_environment(who, what, q.home.uuid));
        CHECK(a.has_value() == b.has_value());
        return a ? std::string("yes") : std::string(name_of(a.error().code));
    };
    auto const outsider = user(q, "outsider", role::none, role::owner);
    auto const reporter = user(q, "reporter", role::reporter, role::none);
    auto const developer = user(q, "developer", role::developer, role::developer);
    auto const homeless = user(q, "homeless", role::owner, role::none);
    auto const maintainer = user(q, "maintainer", role::maintainer, role::developer);
    auto const nobody = auth::anonymous();
    using enum environment_right;
    CHECK(here(nobody, see) == std::string(name_of(errc::unauthenticated)));
    CHECK(here(outsider, see) == std::string(name_of(errc::not_found)));
    CHECK(here(reporter, see) == "yes");
    CHECK(here(reporter, deploy) == std::string(name_of(errc::denied)));
    CHECK(here(developer, deploy) == "yes");
    CHECK(here(developer, manage) == std::string(name_of(errc::denied)));
    CHECK(here(maintainer, manage) == "yes");
    CHECK(here(homeless, see) == "yes");
    CHECK(here(homeless, manage) == std::string(name_of(errc::denied)));
}

TEST_CASE("ids are UUIDs") {
    quay q;
    for (std::string const& bad : {"", "x", "00000063-0000-8000-8000-00000000002", "../etc"}) {
        auto const a = run_to_end(
            q.access_here.to_service(auth::local_operator(), environment_right::see, bad));
        REQUIRE_FALSE(a);
        CHECK(a.error().code == errc::invalid_argument);
    }
    auto const unknown = run_to_end(
        q.access_here.to_deployment(auth::local_operator(), environment_right::see, random_uuid()));
    CHECK(unknown.error().code == errc::not_found);
}

TEST_CASE("a grant to see is no grant to change") {
    quay q;
    auto const uuid = q.service();
    auto const sees =
        run_to_end(q.access_here.to_service(auth::local_operator(), environment_right::see, uuid));
    REQUIRE(sees);
    CHECK_THROWS_AS(run_to_end(q.deploying.deploy(*sees, "")), std::logic_error);
    CHECK_THROWS_AS(run_to_end(q.deploying.remove(*sees, false)), std::logic_error);
    CHECK_THROWS_AS(run_to_end(q.environments.remove(*sees)), std::logic_error);
}

}  // namespace pilothouse::tests::environments_test
