// The contract of storage::cluster_store and storage::cluster_member_store.
#include "storage/cluster_store.hpp"

#include "tests/contract/release_scene.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace pilothouse::tests::cluster_store_test {

namespace {

using storage::cluster_id;
using storage::cluster_record;
using storage::place_id;
using storage::role;
using texts = std::vector<std::string>;

cluster_record whole_record(storage::stores& s) {
    cluster_record c;
    c.name = "prod-eu";
    c.owner = make_project(s).id;
    c.server = "https://k8s.example:6443";
    c.sealed_kubeconfig = "1.k1.AAAA";
    c.namespaces = {"shop-*", "default"};
    c.creator = make_user(s).id;
    c.created = from_nanoseconds(1'234'567'890);
    c.updated = from_nanoseconds(1'234'567'891);
    return c;
}

void check_same(cluster_record const& a, cluster_record const& b) {
    CHECK(a.id == b.id);
    CHECK(a.name == b.name);
    CHECK(a.owner == b.owner);
    CHECK(a.server == b.server);
    CHECK(a.sealed_kubeconfig == b.sealed_kubeconfig);
    CHECK(a.namespaces == b.namespaces);
    CHECK(a.creator == b.creator);
    CHECK(a.created == b.created);
    CHECK(a.updated == b.updated);
}

cluster_record cluster_now(storage::stores& s, cluster_id id) {
    auto found = wait(s.clusters().find(id));
    REQUIRE(found);
    return *found;
}

template <class T>
errc code_of(result<T> const& r) {
    REQUIRE_FALSE(r);
    CHECK_FALSE(r.error().detail.empty());
    return r.error().code;
}

auto owned_by(std::optional<place_id> owner) {
    return [owner](cluster_record& c) -> result<void> {
        c.owner = owner;
        return {};
    };
}

}  // namespace

TEST_CASE_TEMPLATE("A cluster is kept as it was made, and found by number and name", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto wanted = whole_record(*stores);
    wanted.id = {4711};
    auto const made = wait(stores->clusters().create(wanted));
    REQUIRE(made);
    CHECK(made->id != cluster_id());
    CHECK(made->id != wanted.id);
    wanted.id = made->id;
    check_same(*made, wanted);
    check_same(wait(stores->clusters().find(made->id)).value(), wanted);
    check_same(wait(stores->clusters().find("prod-eu")).value(), wanted);
    CHECK(code_of(wait(stores->clusters().find("prod"))) == errc::not_found);
    CHECK(code_of(wait(stores->clusters().find(cluster_id{4711}))) == errc::not_found);
}

TEST_CASE("A cluster is there after a restart") {
    opened<folder_adapter> stores;
    auto const wanted = whole_record(*stores);
    auto const made = wait(stores->clusters().create(wanted)).value();
    REQUIRE(wait(stores->cluster_members().set(made.id, wanted.creator, role::developer)));
    stores.reopen();
    check_same(cluster_now(*stores, made.id), made);
    CHECK(wait(stores->cluster_members().role_of(made.id, wanted.creator)) == role::developer);
}

TEST_CASE_TEMPLATE("The name of a cluster is taken once, and lists are by name", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    CHECK(wait(stores->clusters().list()).empty());
    for (char const* const name : {"prod", "a", "zoo", "b"}) (void)make_cluster(*stores, name);
    cluster_record again;
    again.name = "prod";
    CHECK(code_of(wait(stores->clusters().create(again))) == errc::conflict);
    texts names;
    for (auto const& c : wait(stores->clusters().list())) names.push_back(c.name);
    CHECK(names == texts{"a", "b", "prod", "zoo"});
}

TEST_CASE_TEMPLATE("A cluster needs the owner and the creator that it names", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    cluster_record c;
    c.name = "prod";
    for (auto const& owner : {place_id(storage::project_id{99}), place_id(storage::group_id{99})}) {
        c.owner = owner;
        CHECK(code_of(wait(stores->clusters().create(c))) == errc::not_found);
    }
    c.owner.reset();
    c.creator = {99};
    CHECK(code_of(wait(stores->clusters().create(c))) == errc::not_found);
    CHECK(wait(stores->clusters().list()).empty());

    auto const id = make_cluster(*stores);
    auto const gone = owned_by(storage::group_id{99});
    CHECK(code_of(wait(stores->clusters().edit(id, gone))) == errc::not_found);
    CHECK_FALSE(cluster_now(*stores, id).owner);
}

TEST_CASE_TEMPLATE("All of a cluster changes but id, name and creation", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = wait(stores->clusters().create(whole_record(*stores))).value();
    auto const group = make_group(*stores, "team").id;
    auto const edited =
        wait(stores->clusters().edit(made.id, [&](cluster_record& c) -> result<void> {
            check_same(c, made);
            c = {};
            c.name = "other";
            c.owner = group;
            c.server = "https://elsewhere";
            c.sealed_kubeconfig = "1.k2.BBBB";
            c.namespaces = {};
            c.creator = {99};
            c.created = from_nanoseconds(5);
            c.updated = from_nanoseconds(6);
            return {};
        }));
    REQUIRE(edited);
    auto expected = made;
    expected.owner = group;
    expected.server = "https://elsewhere";
    expected.sealed_kubeconfig = "1.k2.BBBB";
    expected.namespaces.clear();
    expected.updated = from_nanoseconds(6);
    check_same(*edited, expected);
    check_same(cluster_now(*stores, made.id), expected);
    REQUIRE(wait(stores->clusters().edit(made.id, owned_by(std::nullopt))));
    CHECK_FALSE(cluster_now(*stores, made.id).owner);
}

TEST_CASE_TEMPLATE("A change of a cluster that fails changes nothing, and is the answer", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = wait(stores->clusters().create(whole_record(*stores))).value();
    auto const fails = [](cluster_record& c) -> result<void> {
        c.server = "changed";
        return failure(errc::denied, "no");
    };
    CHECK(code_of(wait(stores->clusters().edit(made.id, fails))) == errc::denied);
    check_same(cluster_now(*stores, made.id), made);
    CHECK(code_of(wait(stores->clusters().edit(cluster_id{99}, fails))) == errc::not_found);
}

TEST_CASE_TEMPLATE("A cluster whose owner is removed belongs to nobody, and stays", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const app = make_project(*stores, "top/mid/app");
    auto const beside = make_project(*stores, "top/other");
    auto const mid = wait(stores->groups().find("top/mid")).value();
    auto const of_app = make_cluster(*stores, "app");
    auto const of_mid = make_cluster(*stores, "mid");
    auto const of_other = make_cluster(*stores, "other");
    REQUIRE(wait(stores->clusters().edit(of_app, owned_by(app.id))));
    REQUIRE(wait(stores->clusters().edit(of_mid, owned_by(mid.id))));
    REQUIRE(wait(stores->clusters().edit(of_other, owned_by(beside.id))));
    auto const user = make_user(*stores);
    REQUIRE(wait(stores->cluster_members().set(of_app, user.id, role::developer)));
    auto const release = make_release(*stores, of_app);

    REQUIRE(wait(stores->groups().remove(mid.id)));  // with the project in it
    CHECK_FALSE(cluster_now(*stores, of_app).owner);
    CHECK_FALSE(cluster_now(*stores, of_mid).owner);
    CHECK(cluster_now(*stores, of_other).owner == place_id(beside.id));
    CHECK(wait(stores->cluster_members().role_of(of_app, user.id)) == role::developer);
    CHECK(release_now(*stores, release.id).status == storage::release_status::deployed);
    REQUIRE(wait(stores->projects().remove(beside.id)));
    CHECK_FALSE(cluster_now(*stores, of_other).owner);
}

TEST_CASE_TEMPLATE("A user who is removed leaves clusters, and his name there", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const wanted = whole_record(*stores);
    auto const made = wait(stores->clusters().create(wanted)).value();
    REQUIRE(wait(stores->cluster_members().set(made.id, wanted.creator, role::owner)));
    auto install = install_of(made.id);
    install.operation.by = wanted.creator;
    install.operation.by_name = "ada";
    auto const operation = begin(*stores, install).operation;
    CHECK(operation.by == wanted.creator);
    REQUIRE(wait(stores->users().remove(wanted.creator, true)));
    CHECK(cluster_now(*stores, made.id).creator == storage::user_id());
    CHECK(wait(stores->cluster_members().list(made.id)).empty());
    auto const now = wait(stores->operations().find(operation.id)).value();
    CHECK(now.by == storage::user_id());
    CHECK(now.by_name == "ada");
}

TEST_CASE_TEMPLATE("A cluster is removed with all that is known of it", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const user = make_user(*stores);
    auto const doomed = make_cluster(*stores, "doomed");
    auto const spared = make_cluster(*stores, "spared");
    for (auto const id : {doomed, spared})
        REQUIRE(wait(stores->cluster_members().set(id, user.id, role::developer)));
    auto const kept = make_release(*stores, spared);
    auto const release = make_release(*stores, doomed);
    auto again = change_of(release.id);
    again.once = {"user 1", "update", "key", sha256("request")};
    auto const operation = begin(*stores, again).operation;
    wait(stores->operation_events().append(operation.id, {{0, {}, "queued", "text"}}));
    (void)finish(*stores, operation.id);

    REQUIRE(wait(stores->clusters().remove(doomed)));
    CHECK(code_of(wait(stores->clusters().find(doomed))) == errc::not_found);
    CHECK(code_of(wait(stores->clusters().remove(doomed))) == errc::not_found);
    CHECK(wait(stores->cluster_members().list(doomed)).empty());
    CHECK(wait(stores->cluster_members().role_of(doomed, user.id)) == role::none);
    CHECK(is_gone(*stores, release.id));
    CHECK(code_of(wait(stores->operations().find(operation.id))) == errc::not_found);
    CHECK(wait(stores->operation_events().read(operation.id, 0)).empty());
    CHECK(wait(stores->operations().list({}, 0, 10)).size() == 1);
    CHECK(release_now(*stores, kept.id).cluster == spared);
    // The key is free.
    auto other = change_of(kept.id);
    other.once = {"user 1", "update", "key", sha256("another request")};
    CHECK_FALSE(begin(*stores, other).repeated);
    // The name, too; the number is not given again.
    CHECK(make_cluster(*stores, "doomed") != doomed);
}

TEST_CASE_TEMPLATE("A cluster stays while an operation is under way there", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const id = make_cluster(*stores);
    auto const operation = begin(*stores, install_of(id)).operation;
    CHECK(code_of(wait(stores->clusters().remove(id))) == errc::wrong_state);
    REQUIRE(wait(stores->operations().claim({})));
    CHECK(code_of(wait(stores->clusters().remove(id))) == errc::wrong_state);
    REQUIRE(wait(stores->operations().cancel(operation.id)));
    CHECK(code_of(wait(stores->clusters().remove(id))) == errc::wrong_state);
    (void)finish(*stores, operation.id);
    CHECK(wait(stores->clusters().remove(id)));
}

TEST_CASE_TEMPLATE("A member of a cluster has the role last given there", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const id = make_cluster(*stores);
    auto const other = make_cluster(*stores, "other");
    auto const user = make_user(*stores).id;
    auto& members = stores->cluster_members();
    CHECK(wait(members.role_of(id, user)) == role::none);
    for (auto const r : {role::reporter, role::owner, role::developer, role::developer}) {
        REQUIRE(wait(members.set(id, user, r)));
        CHECK(wait(members.role_of(id, user)) == r);
    }
    CHECK(wait(members.role_of(other, user)) == role::none);
    CHECK(code_of(wait(members.remove(other, user))) == errc::not_found);
    REQUIRE(wait(members.remove(id, user)));
    CHECK(wait(members.role_of(id, user)) == role::none);
    CHECK(code_of(wait(members.remove(id, user))) == errc::not_found);
}

TEST_CASE_TEMPLATE("Members of a cluster are listed by user name", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const id = make_cluster(*stores);
    for (char const* const name : {"zoe", "Bob", "ada"}) {
        auto const user = make_user(*stores, name);
        REQUIRE(wait(stores->cluster_members().set(id, user.id, role::reporter)));
    }
    texts names;
    for (auto const& m : wait(stores->cluster_members().list(id))) {
        names.push_back(m.user.username);
        CHECK(m.role == role::reporter);
        CHECK(m.user.id != storage::user_id());
    }
    CHECK(names == texts{"ada", "Bob", "zoe"});
}

TEST_CASE_TEMPLATE("Membership needs a cluster and a user", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const id = make_cluster(*stores);
    auto const user = make_user(*stores).id;
    auto& members = stores->cluster_members();
    CHECK(code_of(wait(members.set({99}, user, role::owner))) == errc::not_found);
    CHECK(code_of(wait(members.set(id, {99}, role::owner))) == errc::not_found);
    CHECK(wait(members.list(id)).empty());
    CHECK(wait(members.list({99})).empty());
}

}  // namespace pilothouse::tests::cluster_store_test
