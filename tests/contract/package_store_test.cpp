// The contract of storage::package_store, and how packages come and go with the catalogue's rows.
#include "storage/package_store.hpp"

#include "tests/contract/harness.hpp"
#include "tests/support/put_record.hpp"

#include <algorithm>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace pilothouse::tests::package_store_test {

namespace {

using storage::added;
using storage::on_duplicate;
using storage::package_filter;
using storage::package_order;
using storage::package_range;
using kind = storage::index_change::kind;
using texts = std::vector<std::string>;

storage::catalogue_entry publish(storage::stores& s, storage::project_id project,
                                 std::string const& channel, storage::catalogue_entry entry,
                                 on_duplicate rule = on_duplicate::refuse) {
    auto made = wait(s.catalogue().add(project, channel, std::move(entry), rule));
    REQUIRE(made);
    return made->entry;
}

package_filter of(storage::project_id project) {
    package_filter f;
    f.projects = {project};
    return f;
}

texts words_of(storage::package_list const& list) {
    texts all;
    for (auto const& p : list.packages) all.push_back(p.chart + " " + p.version);
    return all;
}

texts listed(storage::stores& s, package_filter filter, package_range range = {}) {
    return words_of(wait(s.packages().list(std::move(filter), range)));
}

storage::package_record package_of(storage::stores& s, storage::catalogue_entry const& e,
                                   storage::project_id project) {
    auto found = wait(s.packages().find(project, e.chart, e.version));
    REQUIRE(found);
    return *found;
}

texts names(std::vector<storage::package_file> const& files) {
    texts all;
    for (auto const& f : files) all.push_back(f.channel + "/" + f.name);
    return all;
}

void attach(storage::stores& s, storage::project_id project, std::string const& channel,
            storage::catalogue_entry const& e, std::string const& provenance) {
    REQUIRE(wait(s.catalogue().attach_provenance(project, channel, e.file_name, e.digest,
                                                 sha256(provenance))));
}

void deprecate(storage::stores& s, storage::project_id project, std::string const& channel,
               storage::catalogue_entry const& e) {
    storage::marking m{{e.file_name, e.digest}, storage::mark_kind::deprecated, {}, "line"};
    m.wanted = storage::mark{"old", 3, from_nanoseconds(55)};
    REQUIRE(wait(s.curator().mark(project, channel, {std::move(m)})));
}

void make_read_only(storage::stores& s, storage::project_id project, std::string const& channel) {
    storage::channel_settings settings;
    settings.read_only = true;
    REQUIRE(wait(put_settings(s.channels(), project, channel, settings)));
}

}  // namespace

TEST_CASE_TEMPLATE("A version is one package, whatever channels it is in", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const other = make_project(*stores, "grp/other");
    auto const one = publish(*stores, project.id, "edge", make_entry("tide", 1, "bytes"));
    auto const again = publish(*stores, project.id, "stable", make_entry("tide", 1, "others"));
    publish(*stores, other.id, "edge", make_entry("tide", 1, "bytes"));
    CHECK(listed(*stores, of(project.id)) == texts{"tide 1.1.0"});

    auto const package = package_of(*stores, one, project.id);
    CHECK(package.id.value > 0);
    CHECK(package.project == project.id);
    CHECK(package.project_path == "grp/app");
    CHECK(package.created == one.created);
    CHECK(package.created_by == 7);
    CHECK_FALSE(package.deprecated);
    auto const by_number = wait(stores->packages().find(project.id, package.id));
    REQUIRE(by_number);
    CHECK(by_number->chart == "tide");
    CHECK(wait(stores->packages().find(other.id, package.id)).error().code == errc::not_found);
    CHECK(wait(stores->packages().find(project.id, "tide", "1.2.0")).error().code ==
          errc::not_found);
    CHECK(package_of(*stores, one, other.id).id != package.id);

    auto const files = wait(stores->packages().files(project.id, package.id));
    REQUIRE(files);
    CHECK(names(*files) == texts{"edge/tide-1.1.0.tgz", "stable/tide-1.1.0.tgz"});
    CHECK(files->at(0).id == storage::file_number(one.id, false));
    CHECK(files->at(0).package == package.id);
    CHECK(files->at(0).digest == one.digest);
    CHECK(files->at(0).size_bytes == one.size_bytes);
    CHECK(files->at(0).created == one.created);
    CHECK(files->at(1).id == storage::file_number(again.id, false));
    CHECK(wait(stores->packages().files(other.id, package.id)).error().code == errc::not_found);
}

TEST_CASE_TEMPLATE("A package goes with its last version, and its number never comes back", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const one = publish(*stores, project.id, "edge", make_entry("tide", 1, "bytes"));
    publish(*stores, project.id, "stable", make_entry("tide", 1, "bytes"));
    auto const first = package_of(*stores, one, project.id).id;
    REQUIRE(wait(stores->catalogue().remove(project.id, "edge", "tide", "1.1.0")));
    CHECK(package_of(*stores, one, project.id).id == first);
    REQUIRE(wait(stores->curator().remove(project.id, "stable", {{one.file_name, one.digest}})));
    CHECK(listed(*stores, of(project.id)).empty());
    CHECK_FALSE(wait(stores->packages().find(project.id, first)));

    publish(*stores, project.id, "edge", make_entry("tide", 1, "bytes"));
    auto const second = package_of(*stores, one, project.id).id;
    CHECK(second != first);
    CHECK_FALSE(wait(stores->packages().find(project.id, first)));
    // Other content under the same version is the same package, and the same file.
    auto const before = wait(stores->packages().files(project.id, second)).value().at(0);
    publish(*stores, project.id, "edge", make_entry("tide", 1, "other"), on_duplicate::replace);
    auto const after = wait(stores->packages().files(project.id, second)).value().at(0);
    CHECK(after.id == before.id);
    CHECK(after.digest == sha256("other"));

    REQUIRE(wait(stores->projects().remove(project.id)));
    CHECK(listed(*stores, of(project.id)).empty());
}

TEST_CASE_TEMPLATE("Charts that share a file name are packages of their own", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto hyphen = make_entry("tide", 1, "one");
    hyphen.chart = "a";
    hyphen.version = "1-2.0.0";
    hyphen.file_name = "a-1-2.0.0.tgz";
    auto plain = make_entry("tide", 1, "two");
    plain.chart = "a-1";
    plain.version = "2.0.0";
    plain.file_name = hyphen.file_name;
    publish(*stores, project.id, "edge", hyphen);
    publish(*stores, project.id, "stable", plain);
    auto const package = package_of(*stores, hyphen, project.id);
    auto const files = wait(stores->packages().files(project.id, package.id));
    CHECK(names(*files) == texts{"edge/a-1-2.0.0.tgz"});
    REQUIRE(wait(stores->packages().remove(project.id, package.id)));
    CHECK(listed(*stores, of(project.id)) == texts{"a-1 2.0.0"});
    CHECK(wait(stores->catalogue().find(project.id, "stable", plain.file_name)));
}

TEST_CASE_TEMPLATE("Promotions make packages where they go, and moves leave none behind", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const other = make_project(*stores, "grp/other");
    auto const e = publish(*stores, project.id, "edge", make_entry("tide", 1, "bytes"));
    auto const number = package_of(*stores, e, project.id).id;
    storage::copy_request r;
    r.from = r.to = project.id;
    r.from_channel = "edge";
    r.to_channel = "stable";
    r.items.push_back({{e.file_name, e.digest}, on_duplicate::refuse});
    r.how = {"grp/app/edge", 5, stores.time.now()};
    r.move = true;
    REQUIRE(wait(stores->curator().copy(r)));
    CHECK(package_of(*stores, e, project.id).id == number);
    r.from_channel = "stable";
    r.to = other.id;
    REQUIRE(wait(stores->curator().copy(r)));
    CHECK_FALSE(wait(stores->packages().find(project.id, number)));
    auto const there = package_of(*stores, e, other.id);
    CHECK(there.created == stores.time.now());
    CHECK(there.created_by == 5);
    auto const files = wait(stores->packages().files(other.id, there.id)).value();
    CHECK(files.at(0).created == r.how.at);
}

TEST_CASE_TEMPLATE("Packages are filtered, ordered and counted in pages", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores, "grp/b");
    auto const other = make_project(*stores, "grp/a");
    auto const third = make_project(*stores, "grp/c");
    // In the order of their times: tide 1.1.0, hull_% 1.2.0, Tide 1.3.0, tide 1.4.0
    publish(*stores, project.id, "edge", make_entry("tide", 4, "4"));
    publish(*stores, project.id, "edge", make_entry("hull_%", 2, "2"));
    auto const oldest = publish(*stores, project.id, "edge", make_entry("tide", 1, "1"));
    publish(*stores, other.id, "edge", make_entry("Tide", 3, "3"));
    publish(*stores, third.id, "edge", make_entry("tide", 9, "9"));
    auto filter = of(project.id);
    filter.projects.push_back(other.id);

    texts const by_time{"tide 1.1.0", "hull_% 1.2.0", "Tide 1.3.0", "tide 1.4.0"};
    texts const by_number{"tide 1.4.0", "hull_% 1.2.0", "tide 1.1.0", "Tide 1.3.0"};
    texts const by_name{"Tide 1.3.0", "hull_% 1.2.0", "tide 1.4.0", "tide 1.1.0"};
    texts const by_path{"Tide 1.3.0", "tide 1.4.0", "hull_% 1.2.0", "tide 1.1.0"};
    struct row {
        package_order by;
        texts wanted;
    };
    for (auto const& [by, wanted] :
         {row{package_order::created, by_time}, row{package_order::version, by_time},
          row{package_order::number, by_number}, row{package_order::name, by_name},
          row{package_order::project_path, by_path}}) {
        CAPTURE(static_cast<int>(by));
        CHECK(listed(*stores, filter, {by, false, 0, 20}) == wanted);
        CHECK(listed(*stores, filter, {by, true, 0, 20}) == texts(wanted.rbegin(), wanted.rend()));
        CHECK(listed(*stores, filter, {by, false, 1, 2}) == texts{wanted[1], wanted[2]});
    }
    auto const page = wait(stores->packages().list(filter, {package_order::created, false, 3, 2}));
    CHECK(words_of(page) == texts{by_time[3]});
    CHECK(page.total == 4);
    auto const beyond = wait(stores->packages().list(filter, {package_order::name, true, 9, 2}));
    CHECK(beyond.packages.empty());
    CHECK(beyond.total == 4);

    auto const only = [&](auto set) {
        auto f = filter;
        set(f);
        auto const found = wait(stores->packages().list(f, {}));
        CHECK(found.total == found.packages.size());
        return words_of(found);
    };
    CHECK(only([](auto& f) { f.name_part = "TID"; }) ==
          texts{"tide 1.1.0", "Tide 1.3.0", "tide 1.4.0"});
    CHECK(only([](auto& f) { f.name_part = "_%"; }) == texts{"hull_% 1.2.0"});
    CHECK(only([](auto& f) { f.name_part = "t%e"; }).empty());
    CHECK(only([](auto& f) { f.version = "1.3.0"; }) == texts{"Tide 1.3.0"});
    CHECK(only([](auto& f) { f.version = "1.3"; }).empty());
    CHECK(only([](auto& f) { f.chart = "tide"; }) == texts{"tide 1.1.0", "tide 1.4.0"});
    CHECK(only([](auto& f) { f.projects.clear(); }).empty());
    CHECK(only([](auto& f) { f.deprecated = true; }).empty());
    publish(*stores, project.id, "stable", make_entry("tide", 1, "1"));
    deprecate(*stores, project.id, "edge", oldest);
    CHECK(only([](auto& f) { f.deprecated = true; }).empty());  // in one channel of two
    CHECK_FALSE(package_of(*stores, oldest, project.id).deprecated);
    deprecate(*stores, project.id, "stable", oldest);
    CHECK(only([](auto& f) { f.deprecated = true; }) == texts{"tide 1.1.0"});
    CHECK(only([](auto& f) { f.deprecated = false; }).size() == 3);
    CHECK(package_of(*stores, oldest, project.id).deprecated);
}

TEST_CASE_TEMPLATE("Removing a package empties every index of it, or none", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const e = publish(*stores, project.id, "edge", make_entry("tide", 1, "bytes"));
    publish(*stores, project.id, "edge", make_entry("tide", 2, "stays"));
    publish(*stores, project.id, "stable", make_entry("tide", 1, "bytes"));
    attach(*stores, project.id, "stable", e, "signature");
    make_read_only(*stores, project.id, "stable");
    auto const number = package_of(*stores, e, project.id).id;
    auto const changes_before = stores.seen.changes().size();

    auto const refused = wait(stores->packages().remove(project.id, number));
    CHECK(refused.error().code == errc::denied);
    CHECK(refused.error().detail.find("stable") != std::string::npos);
    CHECK(stores.seen.changes().size() == changes_before);
    CHECK(wait(stores->catalogue().find(project.id, "edge", e.file_name)));
    CHECK(wait(stores->packages().files(project.id, number)).value().size() == 3);

    REQUIRE(wait(put_settings(stores->channels(), project.id, "stable", {})));
    auto const gone = wait(stores->packages().remove(project.id, number));
    REQUIRE(gone);
    CHECK(names(*gone) ==
          texts{"edge/tide-1.1.0.tgz", "stable/tide-1.1.0.tgz", "stable/tide-1.1.0.tgz.prov"});
    auto changes = stores.seen.changes();
    changes.erase(changes.begin(), changes.begin() + static_cast<std::ptrdiff_t>(changes_before));
    REQUIRE(changes.size() == 2);
    for (auto const& c : changes) {
        CHECK(c.what == kind::removed);
        CHECK(c.version == "1.1.0");
    }
    CHECK(changes[0].channel == "edge");
    CHECK(changes[1].channel == "stable");
    CHECK(wait(stores->catalogue().find(project.id, "edge", e.file_name)).error().code ==
          errc::not_found);
    CHECK(listed(*stores, of(project.id)) == texts{"tide 1.2.0"});
    CHECK(wait(stores->channels().find(project.id, "edge")).value().versions == 1);
    CHECK(wait(stores->packages().remove(project.id, number)).error().code == errc::not_found);
}

TEST_CASE_TEMPLATE("A version is found by its number alone, as long as it is published", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const edge = publish(*stores, project.id, "edge", make_entry("tide", 1, "bytes"));
    auto const stable = publish(*stores, project.id, "stable", make_entry("tide", 1, "bytes"));
    auto& packages = stores->packages();
    auto const place = wait(packages.locate(stable.id));
    REQUIRE(place);
    CHECK(place->project == project.id);
    CHECK(place->channel == "stable");
    CHECK(place->file_name == stable.file_name);
    CHECK(wait(packages.locate(edge.id))->channel == "edge");
    REQUIRE(wait(stores->catalogue().remove(project.id, "edge", "tide", std::nullopt)));
    CHECK(wait(packages.locate(edge.id)).error().code == errc::not_found);
    CHECK(wait(packages.locate({0})).error().code == errc::not_found);
    CHECK(wait(packages.locate(stable.id)));
}

TEST_CASE_TEMPLATE("A file is removed alone: an archive with its provenance, provenance by itself",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const other = make_project(*stores, "grp/other");
    auto const e = publish(*stores, project.id, "edge", make_entry("tide", 1, "bytes"));
    auto const there = publish(*stores, project.id, "stable", make_entry("tide", 1, "bytes"));
    auto const stranger = publish(*stores, project.id, "edge", make_entry("hull", 1, "hull"));
    attach(*stores, project.id, "edge", e, "signature");
    auto const number = package_of(*stores, e, project.id).id;
    auto& packages = stores->packages();
    auto const archive = storage::file_number(e.id, false);
    auto const provenance = storage::file_number(e.id, true);
    CHECK(archive != provenance);

    auto const missing = [&](storage::project_id p, storage::package_id id,
                             storage::package_file_id file) {
        CHECK(wait(packages.remove_file(p, id, file)).error().code == errc::not_found);
    };
    missing(other.id, number, archive);
    missing(project.id, {number.value + 1'000}, archive);
    missing(project.id, number, storage::file_number(stranger.id, false));
    missing(project.id, number, storage::file_number(there.id, true));
    missing(project.id, number, {0});
    make_read_only(*stores, project.id, "edge");
    CHECK(wait(packages.remove_file(project.id, number, archive)).error().code == errc::denied);
    CHECK(wait(packages.remove_file(project.id, number, provenance)).error().code == errc::denied);
    REQUIRE(wait(put_settings(stores->channels(), project.id, "edge", {})));

    auto const changes = stores.seen.changes().size();
    auto const signature = wait(packages.remove_file(project.id, number, provenance));
    REQUIRE(signature);
    CHECK(signature->name == "tide-1.1.0.tgz.prov");
    CHECK(signature->digest == sha256("signature"));
    CHECK_FALSE(wait(stores->catalogue().find(project.id, "edge", e.file_name))->provenance);
    CHECK(stores.seen.changes().size() == changes);
    missing(project.id, number, provenance);

    attach(*stores, project.id, "edge", e, "another");
    auto const gone = wait(packages.remove_file(project.id, number, archive));
    REQUIRE(gone);
    CHECK(gone->channel == "edge");
    CHECK(stores.seen.changes().size() == changes + 1);
    CHECK(names(wait(packages.files(project.id, number)).value()) ==
          texts{"stable/tide-1.1.0.tgz"});
    REQUIRE(wait(packages.remove_file(project.id, number, storage::file_number(there.id, false))));
    CHECK_FALSE(wait(packages.find(project.id, number)));
}

TEST_CASE_TEMPLATE("Two removals of one package have one winner", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const e = publish(*stores, project.id, "edge", make_entry("tide", 1, "bytes"));
    auto const number = package_of(*stores, e, project.id).id;
    bool first = false;
    std::thread rival(
        [&] { first = wait(stores->packages().remove(project.id, number)).has_value(); });
    bool const second = wait(stores->packages().remove(project.id, number)).has_value();
    rival.join();
    CHECK(first != second);
    CHECK(wait(stores->channels().find(project.id, "edge")).value().versions == 0);
}

TEST_CASE_TEMPLATE("What comes is noted in the audit log with it, and only what changed", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const push = [&](std::string const& bytes, on_duplicate rule) {
        storage::adding how = rule;
        how.event = [&](added const& done) {
            storage::audit_event e;
            e.at = stores.time.now();
            e.what = "chart_pushed";
            e.project = project.id;
            e.name = done.entry.chart;
            e.detail = done.what == added::outcome::replaced ? "replaced" : "created";
            return e;
        };
        return wait(stores->catalogue().add(project.id, "edge", make_entry("tide", 1, bytes), how))
            .has_value();
    };
    CHECK(push("one", on_duplicate::refuse));
    CHECK(push("one", on_duplicate::refuse));
    CHECK_FALSE(push("two", on_duplicate::refuse));
    CHECK(push("two", on_duplicate::replace));
    auto const events = wait(stores->audit().list({}, 0, 10));
    REQUIRE(events.size() == 2);
    CHECK(events[0].detail == "replaced");
    CHECK(events[1].detail == "created");
    auto const number = package_of(*stores, make_entry("tide", 1, ""), project.id).id;
    for (auto const& e : events) {
        CHECK(e.id.value > 0);
        CHECK(e.thing == number.value);
    }
}

}  // namespace pilothouse::tests::package_store_test
