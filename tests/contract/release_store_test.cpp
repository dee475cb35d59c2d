// The contract of storage::release_store.
#include "storage/release_store.hpp"

#include "tests/contract/release_scene.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace pilothouse::tests::release_store_test {

namespace {

using namespace std::chrono_literals;
using storage::release_filter;
using storage::release_place;
using storage::release_record;
using storage::release_status;
using texts = std::vector<std::string>;

texts names(storage::stores& s, release_filter filter = {}) {
    texts all;
    for (auto const& r : wait(s.releases().list(std::move(filter), {}, 1000)))
        all.push_back(r.cluster_name + '/' + r.name_space + '/' + r.name);
    std::ranges::sort(all);
    return all;
}

// Page by page, as a client reads them.
std::vector<release_record> in_pages(storage::stores& s, release_filter const& filter,
                                     std::size_t count) {
    std::vector<release_record> all;
    release_place after;
    for (;;) {
        auto const page = wait(s.releases().list(filter, after, count));
        CHECK(page.size() <= count);
        if (page.empty()) return all;
        all.insert(all.end(), page.begin(), page.end());
        after = {page.back().created, page.back().id};
    }
}

auto seen_as(release_status status) {
    return [status](release_record& r) -> result<void> {
        r.status = status;
        return {};
    };
}

}  // namespace

TEST_CASE("The statuses of releases are Helm's words") {
    for (auto const* const word :
         {"unknown", "deployed", "uninstalled", "superseded", "failed", "uninstalling",
          "pending-install", "pending-upgrade", "pending-rollback"}) {
        auto const status = storage::release_status_named(word);
        REQUIRE(status);
        CHECK(storage::name_of(*status) == word);
        CHECK(storage::is_pending(*status) == std::string_view(word).starts_with("pending-"));
    }
    for (auto const* const word : {"", "Deployed", "pending", "pending_install", "deployed "})
        CHECK_FALSE(storage::release_status_named(word));
}

TEST_CASE_TEMPLATE("A release is found by its id, as it was asked for", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    stores.time.set(from_nanoseconds(1'000'000'123));
    auto const made = begin(*stores, install_of(cluster, "web.shop", "team-a")).release;
    for (auto const& r : {made, release_now(*stores, made.id)}) {
        CHECK(r.id == made.id);
        CHECK(r.cluster == cluster);
        CHECK(r.cluster_name == "prod");
        CHECK(r.name_space == "team-a");
        CHECK(r.name == "web.shop");
        CHECK(r.source.reference == "as-it-was-named/1.0.0");
        CHECK(r.source.product == "grp/app/shop");
        CHECK(r.source.project == storage::project_id{77});
        CHECK(r.source.project_path == "grp/app");
        CHECK(r.source.channel == "stable");
        CHECK(r.source.chart == "shop");
        CHECK(r.source.version == "1.0.0");
        CHECK(r.source.archive == sha256("archive of 1.0.0"));
        CHECK(r.status == release_status::pending_install);
        CHECK(r.revision == 0);
        CHECK(r.description.empty());
        CHECK_FALSE(r.changed_elsewhere);
        CHECK(r.created == from_nanoseconds(1'000'000'123));
        CHECK(r.updated == r.created);
        CHECK_FALSE(r.seen);
        CHECK_FALSE(r.gone);
    }
    auto const none = wait(stores->releases().find("r000"));
    REQUIRE_FALSE(none);
    CHECK(none.error().code == errc::not_found);
}

TEST_CASE_TEMPLATE("Ids of releases are one letter and nineteen digits, never the same", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    std::set<std::string> seen;
    for (int i = 0; i < 20; ++i) {
        auto wanted = install_of(cluster, "shop-" + std::to_string(i));
        wanted.release.id = "chosen";
        wanted.waiting_of_caller_max = 1000;
        auto const made = begin(*stores, wanted);
        for (auto const& [id, letter] :
             {std::pair(made.release.id, 'r'), std::pair(made.operation.id, 'o')}) {
            CHECK(id.size() == 20);
            CHECK(id.front() == letter);
            CHECK(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") ==
                  std::string::npos);
            CHECK(seen.insert(id).second);
        }
    }
}

TEST_CASE_TEMPLATE("Releases are listed by cluster, namespace and name", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const one = make_cluster(*stores, "one");
    auto const two = make_cluster(*stores, "two");
    for (auto const cluster : {one, two})
        for (char const* const name_space : {"a", "b"})
            for (char const* const name : {"x", "y"})
                (void)make_release(*stores, cluster, name, name_space);
    CHECK(names(*stores).size() == 8);
    CHECK(names(*stores, {one, "", "", {}}) == texts{"one/a/x", "one/a/y", "one/b/x", "one/b/y"});
    CHECK(names(*stores, {two, "b", "", {}}) == texts{"two/b/x", "two/b/y"});
    CHECK(names(*stores, {{}, "b", "y", {}}) == texts{"one/b/y", "two/b/y"});
    CHECK(names(*stores, {one, "a", "y", {}}) == texts{"one/a/y"});
    CHECK(names(*stores, {{}, "", "z", {}}).empty());
    CHECK(names(*stores, {storage::cluster_id{99}, "", "", {}}).empty());
    using within = std::vector<storage::cluster_id>;
    CHECK(names(*stores, {{}, "a", "x", within{two}}) == texts{"two/a/x"});
    CHECK(names(*stores, {{}, "a", "x", within{one, two}}) == texts{"one/a/x", "two/a/x"});
    CHECK(names(*stores, {one, "", "", within{two}}).empty());
    CHECK(names(*stores, {{}, "", "", within{}}).empty());  // who may look nowhere sees nothing
}

TEST_CASE_TEMPLATE("Pages of releases are by creation, then id, and hold each one once", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    auto const other = make_cluster(*stores, "other");
    stores.time.set(instant(1h));
    for (int i = 0; i < 12; ++i) {
        if (i % 5 == 4) stores.time.advance(1ns);  // all others at the very same moment
        (void)make_release(*stores, i % 4 == 3 ? other : cluster, "shop-" + std::to_string(i));
    }
    for (auto const& [filter, size] :
         {std::pair(release_filter(), 12u), std::pair(release_filter{cluster, "", "", {}}, 9u)}) {
        auto const whole = wait(stores->releases().list(filter, {}, 1000));
        REQUIRE(whole.size() == size);
        CHECK(std::ranges::is_sorted(whole, [](auto const& a, auto const& b) {
            return std::pair(a.created, a.id) < std::pair(b.created, b.id);
        }));
        for (std::size_t const count : {1u, 2u, 3u, 5u, 12u}) {
            auto const paged = in_pages(*stores, filter, count);
            REQUIRE(paged.size() == whole.size());
            for (std::size_t i = 0; i < whole.size(); ++i) CHECK(paged[i].id == whole[i].id);
        }
        CHECK(wait(stores->releases().list(filter, {}, 0)).empty());
        // A place need not be that of a release which is there.
        auto const from_here = wait(stores->releases().list(filter, {whole[0].created, "z"}, 100));
        CHECK(std::ranges::none_of(from_here,
                                   [&](auto const& r) { return r.created == whole[0].created; }));
    }
}

TEST_CASE_TEMPLATE("What is seen of a release is kept, and nothing else of it", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const before = make_release(*stores, make_cluster(*stores));
    auto const after =
        wait(stores->releases().observe(before.id, [](release_record& r) -> result<void> {
            r.id = "other";
            r.cluster = {99};
            r.cluster_name = "other";
            r.name_space = "other";
            r.name = "other";
            r.source = make_source("9.9.9");
            r.created = {};
            r.status = release_status::failed;
            r.revision = 7;
            r.description = "Upgrade failed";
            r.changed_elsewhere = true;
            r.updated = instant(5h);
            r.seen = instant(6h);
            return {};
        }));
    REQUIRE(after);
    for (auto const& r : {*after, release_now(*stores, before.id)}) {
        CHECK(r.id == before.id);
        CHECK(r.cluster == before.cluster);
        CHECK(r.cluster_name == "prod");
        CHECK(r.name_space == "default");
        CHECK(r.name == "shop");
        CHECK(r.source.version == "1.0.0");
        CHECK(r.created == before.created);
        CHECK(r.status == release_status::failed);
        CHECK(r.revision == 7);
        CHECK(r.description == "Upgrade failed");
        CHECK(r.changed_elsewhere);
        CHECK(r.updated == instant(5h));
        CHECK(r.seen == instant(6h));
        CHECK_FALSE(r.gone);
    }
}

TEST_CASE_TEMPLATE("A look at a release that fails changes nothing", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = make_release(*stores, make_cluster(*stores));
    auto const fails = [](release_record& r) -> result<void> {
        r.status = release_status::failed;
        return failure(errc::denied, "no");
    };
    CHECK(wait(stores->releases().observe(made.id, fails)).error().code == errc::denied);
    CHECK(release_now(*stores, made.id).status == release_status::deployed);
    auto const none = wait(stores->releases().observe("r000", seen_as(release_status::failed)));
    CHECK(none.error().code == errc::not_found);
}

TEST_CASE_TEMPLATE("A release is not looked at while an operation on it is not done", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    auto const made = make_release(*stores, cluster);
    auto const beside = make_release(*stores, cluster, "beside");
    auto const operation = begin(*stores, change_of(made.id)).operation;
    auto const look = [&](std::string const& id) {
        return wait(stores->releases().observe(id, seen_as(release_status::failed)));
    };
    auto const busy = look(made.id);
    REQUIRE_FALSE(busy);
    CHECK(busy.error().code == errc::busy);
    CHECK(busy.error().detail.find(operation.id) != std::string::npos);
    CHECK(look(beside.id));
    REQUIRE(wait(stores->operations().claim({})));
    CHECK(look(made.id).error().code == errc::busy);
    REQUIRE(wait(stores->operations().cancel(operation.id)));
    CHECK(look(made.id).error().code == errc::busy);
    CHECK(release_now(*stores, made.id).status == release_status::pending_upgrade);
    (void)finish(*stores, operation.id);
    CHECK(look(made.id));
}

TEST_CASE_TEMPLATE("A release that is seen to be gone is there no more", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    auto const made = make_release(*stores, cluster);
    auto const gone =
        wait(stores->releases().observe(made.id, [](release_record& r) -> result<void> {
            r.gone = instant(1h);
            return {};
        }));
    REQUIRE(gone);
    CHECK(gone->gone == instant(1h));
    CHECK(is_gone(*stores, made.id));
    CHECK(names(*stores).empty());
    CHECK(names(*stores, {cluster, "default", "shop", {}}).empty());
    auto const again = wait(stores->releases().observe(made.id, seen_as(release_status::failed)));
    CHECK(again.error().code == errc::not_found);
    // Its name is free for another one.
    CHECK(make_release(*stores, cluster).id != made.id);
    CHECK(names(*stores) == texts{"prod/default/shop"});
}

TEST_CASE_TEMPLATE("The archives of releases are named as long as they are there", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const named = [&] { return wait(stores->catalogue().named_blobs()); };
    auto const cluster = make_cluster(*stores);
    CHECK(named().empty());
    auto const made = make_release(*stores, cluster);
    auto const first = make_source("1.0.0").archive;
    auto const second = make_source("2.0.0").archive;
    CHECK(named() == std::vector{first});

    auto update = change_of(made.id);
    update.operation.source = make_source("2.0.0");
    auto const operation = begin(*stores, update).operation;
    auto both = named();
    std::ranges::sort(both);
    auto expected = std::vector{first, second};
    std::ranges::sort(expected);
    CHECK(both == expected);
    auto ending = deployed(2);
    ending.source = make_source("2.0.0");
    (void)finish(*stores, operation.id, ending);
    CHECK(named() == std::vector{second});

    auto const removal =
        begin(*stores, change_of(made.id, storage::operation_kind::uninstall)).operation;
    CHECK(named() == std::vector{second});
    (void)finish(*stores, removal.id, left_nothing());
    CHECK(named().empty());
}

TEST_CASE_TEMPLATE("The archive of an update that failed is named no more", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = make_release(*stores, make_cluster(*stores));
    auto update = change_of(made.id);
    update.operation.source = make_source("2.0.0");
    auto const operation = begin(*stores, update).operation;
    auto ending = deployed(1);
    ending.error = {errc::timed_out, "not ready"};
    (void)finish(*stores, operation.id, ending);
    CHECK(wait(stores->catalogue().named_blobs()) == std::vector{make_source("1.0.0").archive});
}

}  // namespace pilothouse::tests::release_store_test
