// Versions as packages: who removes which, what the readers see then, and what the log tells.
#include "registry/manage_packages.hpp"

#include "tests/support/demo_chart.hpp"
#include "tests/support/put_record.hpp"
#include "tests/use_cases/house.hpp"

#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace pilothouse::tests::packages_test {

using auth::permission;
using storage::role;
using strings = std::vector<std::string>;

namespace {

constexpr char const* client_address = "192.0.2.7";

struct harbour : house {
    registry::browse_places places{{stores->projects(), stores->groups(), stores->members()}, time};
    registry::manage_packages packages{faulty.packages(), faulty.blobs(), places, auditor};
    storage::user_record ada = add_user("ada");

    storage::user_record add_user(std::string name) {
        storage::user_record u;
        u.username = std::move(name);
        return run_to_end(stores->users().create(u)).value();
    }
    void make_member(role r) {
        storage::membership as;
        as.role = r;
        run_to_end(stores->members().set(project.id, ada.id, as)).value();
    }
    void protect(std::string pattern, role to_remove) {
        storage::protection_rule rule;
        rule.pattern = std::move(pattern);
        rule.remove = to_remove;
        run_to_end(stores->protections().add(project.id, rule)).value();
    }
    auth::grant by_ada(permission what) {
        auth::principal p;
        p.what = auth::principal::kind::user;
        p.user = ada.id;
        p.name = ada.username;
        p.scopes = auth::scope::api;
        auto g = run_to_end(
                     policy.authorize(std::make_shared<auth::principal const>(p), what, project.id))
                     .value();
        g.came_from(client_address);
        return g;
    }
    result<registry::pushed> push_as_ada(std::string const& channel, std::string archive,
                                         std::optional<std::string> provenance = {}) {
        return run_to_end(push_task(by_ada(permission::push_chart), std::move(archive),
                                    std::move(provenance), channel));
    }
    storage::package_id number_of(std::string const& chart, std::string const& version) {
        return run_to_end(packages.find(grant(permission::read_chart), chart, version)).value().id;
    }
    std::vector<storage::package_file> files(storage::package_id id) {
        return run_to_end(packages.files(grant(permission::read_chart), id)).value();
    }
    // Oldest first: what, of which thing, in which words.
    strings events() {
        auto const all =
            run_to_end(stores->audit().list({}, 0, std::numeric_limits<std::size_t>::max()));
        strings told;
        for (auto e = all.rbegin(); e != all.rend(); ++e) {
            CHECK(e->kind == "Packages::Package");
            CHECK(e->project == project.id);
            CHECK(e->where == project.path);
            CHECK(e->by == "ada");
            CHECK(e->from == client_address);
            CHECK(e->at == time.now());
            told.push_back(e->what + " | " + e->name + " | " + e->detail);
        }
        return told;
    }
};

std::string digest_of(std::string const& bytes) { return sha256(bytes).hex(); }

}  // namespace

TEST_CASE("a removed package is in no index at once, and cannot be pulled") {
    harbour h;
    REQUIRE(h.push(demo_chart("demo", "1.0.0")));
    REQUIRE(h.push(demo_chart("demo", "1.1.0")));
    REQUIRE(h.push_to("edge", demo_chart("demo", "1.0.0")));
    auto const number = h.number_of("demo", "1.0.0");
    REQUIRE(run_to_end(h.packages.remove(h.grant(permission::remove_chart), number)));
    for (auto const* const channel : {"stable", "edge"})
        CHECK(h.index_text(channel).find("demo-1.0.0.tgz") == std::string::npos);
    CHECK(h.versions_in_index() == 1);
    CHECK(h.pull_archive("demo-1.0.0.tgz").error().code == errc::not_found);
    CHECK(h.pull_archive("demo-1.1.0.tgz"));
    auto const again = run_to_end(h.packages.remove(h.grant(permission::remove_chart), number));
    CHECK(again.error().code == errc::not_found);
    h.time.advance(std::chrono::hours(2));
    CHECK(h.collect_garbage(std::chrono::hours(1)).blobs_removed == 1);
}

TEST_CASE("the files of a package tell their sizes and give their bytes, provenance too") {
    harbour h;
    auto const archive = demo_chart("demo", "1.0.0");
    auto const provenance = demo_provenance("demo", "1.0.0", archive);
    REQUIRE(h.push(archive, provenance));
    auto const number = h.number_of("demo", "1.0.0");
    auto const files = h.files(number);
    REQUIRE(files.size() == 2);
    CHECK(files[0].size_bytes == archive.size());
    CHECK(files[1].size_bytes == provenance.size());
    auto const g = h.grant(permission::read_chart);
    auto const opened = run_to_end(h.packages.open_file(g, number, files[1].id)).value();
    CHECK(opened.file.name == "demo-1.0.0.tgz.prov");
    CHECK(opened.content->bytes == provenance);
    CHECK(run_to_end(h.packages.open_file(g, number, {0})).error().code == errc::not_found);
}

TEST_CASE("a protected package keeps its files, until the role suffices") {
    harbour h;
    h.make_member(role::maintainer);
    REQUIRE(h.push(demo_chart("demo", "1.0.0")));
    auto const number = h.number_of("demo", "1.0.0");
    auto const file = h.files(number).at(0).id;
    h.protect("DE*", role::owner);
    auto const refused = [](result<void> const& r) {
        CHECK(r.error().code == errc::denied);
        CHECK(r.error().detail == "Package protected: removing demo takes the role owner here");
    };
    refused(run_to_end(h.packages.remove(h.by_ada(permission::remove_chart), number)));
    refused(run_to_end(h.packages.remove_file(h.by_ada(permission::remove_chart), number, file)));
    CHECK(h.pull_archive("demo-1.0.0.tgz"));
    CHECK(run_to_end(h.stores->audit().count({})) == 1);  // of the push
    h.make_member(role::owner);
    CHECK(run_to_end(h.packages.remove(h.by_ada(permission::remove_chart), number)));
    CHECK(h.versions_in_index() == 0);
}

TEST_CASE("a group shows the packages of the projects that its caller sees, and no others") {
    harbour h;
    auto const add = [&](std::string path, storage::visibility v, bool enabled) {
        storage::project_record p;
        p.path = std::move(path);
        p.visibility = v;
        p.packages_enabled = enabled;
        auto const made = run_to_end(h.stores->projects().create(p)).value();
        storage::catalogue_entry e;
        e.chart = "in-" + made.name;
        e.version = "1.0.0";
        e.file_name = e.chart + "-1.0.0.tgz";
        REQUIRE(run_to_end(
            h.stores->catalogue().add(made.id, "stable", e, storage::on_duplicate::refuse)));
    };
    using enum storage::visibility;
    REQUIRE(h.push(demo_chart("demo", "1.0.0")));  // private, in grp
    add("grp/open", public_, true);
    add("grp/off", public_, false);
    add("grp/sub/below", public_, true);
    add("grp2/beside", public_, true);
    auto group = run_to_end(h.stores->groups().find("grp")).value();
    group.visibility = public_;
    run_to_end(tests::put_record(h.stores->groups(), group)).value();

    auto const seen_by = [&](std::shared_ptr<auth::principal const> const& who, bool below) {
        auto const g =
            run_to_end(h.policy.authorize_in_group(who, permission::read_group, group.id)).value();
        auto const looking = h.policy.authorize_on_server(who, permission::browse).value();
        strings names;
        auto const found = run_to_end(h.packages.list_in_group(g, looking, below, {}, {}));
        for (auto const& p : found.packages) names.push_back(p.project_path + " " + p.chart);
        return names;
    };
    // The demo chart came when the clock stood; the others at its beginning.
    CHECK(seen_by(auth::anonymous(), true) ==
          strings{"grp/open in-open", "grp/sub/below in-below"});
    CHECK(seen_by(auth::anonymous(), false) == strings{"grp/open in-open"});
    CHECK(seen_by(auth::local_operator(), false) == strings{"grp/open in-open", "grp/p demo"});
}

TEST_CASE("each push, signature and removal leaves one event; what changes nothing none") {
    harbour h;
    h.make_member(role::maintainer);
    h.set_rule(storage::duplicates_rule::allow);
    auto const one = demo_chart("demo", "1.0.0", "", 1);
    auto const repacked = demo_chart("demo", "1.0.0", "", 2);
    auto const other = demo_chart("demo", "1.0.0", "other: 1\n");
    REQUIRE(h.push_as_ada("stable", one));
    REQUIRE(h.push_as_ada("stable", one));
    REQUIRE(h.push_as_ada("stable", repacked));
    REQUIRE_FALSE(h.push_as_ada("stable", "no chart"));
    auto const signature = demo_provenance("demo", "1.0.0", one);
    REQUIRE(h.push_as_ada("stable", one, signature));
    REQUIRE(h.push_as_ada("stable", one, signature));
    REQUIRE(h.push_as_ada("stable", other));
    auto const other_signature = demo_provenance("demo", "1.0.0", other);
    REQUIRE(h.push_as_ada("stable", other, other_signature));
    auto const number = h.number_of("demo", "1.0.0");
    auto const provenance = h.files(number).at(1).id;
    REQUIRE(
        run_to_end(h.packages.remove_file(h.by_ada(permission::remove_chart), number, provenance)));
    REQUIRE(h.push_as_ada("edge", one));
    REQUIRE(run_to_end(h.packages.remove(h.by_ada(permission::remove_chart), number)));

    REQUIRE(h.push_as_ada("edge", one));
    auto const remove = [&](std::optional<std::string> chart, std::optional<std::string> version) {
        return run_to_end(h.remove_use_case(h.by_ada(permission::remove_chart),
                                            house::named("edge"), std::move(chart),
                                            std::move(version)))
            .has_value();
    };
    CHECK(remove("demo", "1.0.0"));
    CHECK_FALSE(remove("demo", "1.0.0"));
    REQUIRE(h.push_as_ada("edge", one));
    CHECK(remove({}, {}));

    auto const into_edge = "chart_pushed | demo 1.0.0 | into edge, SHA-256 " + digest_of(one);
    CHECK(h.events() ==
          strings{
              "chart_pushed | demo 1.0.0 | into stable, SHA-256 " + digest_of(one),
              "provenance_attached | demo 1.0.0 | in stable, SHA-256 " + digest_of(signature),
              "chart_pushed | demo 1.0.0 | replaced in stable, SHA-256 " + digest_of(other),
              "provenance_attached | demo 1.0.0 | in stable, SHA-256 " + digest_of(other_signature),
              "provenance_removed | demo 1.0.0 | out of stable", into_edge,
              "chart_removed | demo 1.0.0 | out of edge, stable", into_edge,
              "chart_removed | demo 1.0.0 | out of edge, versions: 1", into_edge,
              "chart_removed | every chart | out of edge, versions: 1"});
}

TEST_CASE("a collection is noted when it removed something, and when it was meant") {
    harbour h;
    REQUIRE(h.push(demo_chart("demo", "1.0.0")));
    run_to_end(h.packages.remove(h.grant(permission::remove_chart), h.number_of("demo", "1.0.0")))
        .value();
    h.time.advance(std::chrono::hours(2));
    auto const count = [&] { return run_to_end(h.stores->audit().count({})); };
    auto const before = count();
    (void)h.collect_garbage(std::chrono::hours(1), true);
    CHECK(count() == before);
    CHECK(h.collect_garbage(std::chrono::hours(1)).blobs_removed == 1);
    CHECK(h.collect_garbage(std::chrono::hours(1)).blobs_removed == 0);
    CHECK(count() == before + 1);
    auto const newest = run_to_end(h.stores->audit().list({}, 0, 1)).at(0);
    CHECK(newest.what == "garbage_collected");
    CHECK(newest.detail.starts_with("files: 1, bytes: "));
}

}  // namespace pilothouse::tests::packages_test
