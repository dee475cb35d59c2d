// Clusters: who registers them, and keys that change.
#include "release/manage_clusters.hpp"
#include "tests/use_cases/release/yard.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

namespace pilothouse::tests::clusters_test {

namespace {

struct fleet : yard {
    release::manage_clusters clusters = {parts, stores->cluster_members(), looks, {}, keys};

    result<std::size_t> rotate() { return run_to_end(clusters.rotate_key(operator_grant())); }
    std::string sealed(std::string const& name = "dev") {
        return run_to_end(stores->clusters().find(name))->sealed_kubeconfig;
    }
    bool opens(std::string const& text) {
        return keys.open(text, release::kubeconfig_purpose("dev")).has_value();
    }
    std::shared_ptr<auth::principal const> owner(std::string name) {
        storage::user_record u;
        u.username = std::move(name);
        u = run_to_end(stores->users().create(u)).value();
        storage::membership as;
        as.role = storage::role::owner;
        as.created = time.now();
        run_to_end(stores->members().set(storage::place_id(project.id), u.id, as)).value();
        auth::principal p;
        p.what = auth::principal::kind::user;
        p.user = u.id;
        p.name = u.username;
        p.scopes = auth::scope::api;
        return std::make_shared<auth::principal const>(p);
    }
};

}  // namespace

TEST_CASE("a key opens until the rotation after the one that ended it") {
    fleet f;
    auto const first = f.sealed();
    REQUIRE(f.rotate().value() == 1);
    CHECK(f.sealed() != first);
    CHECK(f.keys.is_current(f.sealed()));
    CHECK(f.opens(first));
    REQUIRE(f.rotate());
    CHECK_FALSE(f.opens(first));
    CHECK(f.opens(f.sealed()));
}

TEST_CASE("a cluster that is stored behind a rotation is lost by none") {
    fleet f;
    auto const first = f.sealed();
    REQUIRE(f.rotate());
    auto const late = [&](storage::cluster_record& c) -> result<void> {
        c.sealed_kubeconfig = first;  // as if it had been sealed before, and stored only now
        return {};
    };
    REQUIRE(run_to_end(f.stores->clusters().edit(f.cluster.id, late)));
    REQUIRE(f.rotate());
    CHECK(f.keys.is_current(f.sealed()));
    CHECK(f.opens(f.sealed()));
    CHECK(f.opens(first));
}

TEST_CASE("values of an operation that waits are opened after any number of rotations") {
    fleet f;
    f.push_demo();
    auto const begun = f.install().value();
    for (int i = 0; i < 3; ++i) REQUIRE(f.rotate());
    CHECK_FALSE(f.finish(begun.operation.id).error);
}

TEST_CASE("where administrators register clusters, owners neither add one nor move one") {
    fleet f;
    auto const owner = f.owner("olga");
    auto const kubeconfig = [](std::string const& server) {
        release::cluster_access access;
        access.server = server;
        access.token = secret("t0ken-of-olga");
        return release::write_kubeconfig(access);
    };
    auto const own = [&](std::shared_ptr<auth::principal const> const& who) {
        return run_to_end(f.policy.authorize(who, auth::permission::own_project, f.project.id))
            .value();
    };
    auto const wanted = [&](std::string name) {
        return release::new_cluster{std::move(name), kubeconfig("https://10.0.0.5:6443"), "", {}};
    };
    release::manage_clusters strict(f.parts, f.stores->cluster_members(), f.looks,
                                    {{}, release::cluster_registrars::administrators}, f.keys);
    CHECK(run_to_end(strict.add(own(owner), wanted("a"))).error().code == errc::denied);
    CHECK(run_to_end(strict.add(own(auth::local_operator()), wanted("b"))).has_value());
    CHECK(run_to_end(f.clusters.add(own(owner), wanted("c"))).has_value());

    auto const edit = [&](release::manage_clusters& by, std::string const& server) {
        auto const g =
            run_to_end(f.policy.authorize_on_cluster(owner, auth::permission::manage_cluster, "b"))
                .value();
        release::new_cluster fresh;
        fresh.kubeconfig = kubeconfig(server);
        return run_to_end(by.edit(g, std::move(fresh), std::nullopt));
    };
    CHECK(edit(strict, "https://10.0.0.6:6443").error().code == errc::denied);
    CHECK(run_to_end(f.stores->clusters().find("b"))->server == "https://10.0.0.5:6443");
    CHECK(edit(strict, "https://10.0.0.5:6443").has_value());
    CHECK(edit(f.clusters, "https://10.0.0.6:6443").has_value());
}

}  // namespace pilothouse::tests::clusters_test
