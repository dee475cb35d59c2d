// The contract of storage::curator.
#include "storage/curator.hpp"

#include "tests/contract/harness.hpp"
#include "tests/support/put_record.hpp"

#include <string>
#include <vector>

namespace pilothouse::tests::curator_test {

namespace {

using storage::added;
using storage::mark_kind;
using storage::on_duplicate;
using kind = storage::index_change::kind;

storage::catalogue_entry publish(storage::stores& s, storage::project_id project,
                                 std::string const& channel, storage::catalogue_entry entry,
                                 on_duplicate rule = on_duplicate::refuse) {
    auto made = wait(s.catalogue().add(project, channel, std::move(entry), rule));
    REQUIRE(made);
    return made->entry;
}

storage::copy_request promote(storage::project_id project,
                              std::vector<storage::catalogue_entry> const& entries,
                              on_duplicate rule = on_duplicate::refuse) {
    storage::copy_request r;
    r.from = r.to = project;
    r.from_channel = "edge";
    r.to_channel = "stable";
    for (auto const& e : entries) r.items.push_back({{e.file_name, e.digest}, rule});
    r.how = {"grp/app/edge", 5, from_nanoseconds(777)};
    return r;
}

std::vector<std::string> lines(storage::stores& s, storage::project_id project,
                               std::string const& channel) {
    std::vector<std::string> all;
    auto const visit = [&](storage::index_row const& row) { all.emplace_back(row.fragment); };
    (void)wait(s.catalogue().scan(project, channel, visit));
    return all;
}

storage::marking marking_of(storage::catalogue_entry const& e, mark_kind what,
                            std::optional<std::string> const& reason) {
    storage::marking m{{e.file_name, e.digest}, what, std::nullopt, ""};
    if (reason) m.wanted = storage::mark{*reason, 3, from_nanoseconds(55)};
    if (reason && what == mark_kind::deprecated) m.line = "line: " + *reason;
    return m;
}

result<std::vector<storage::catalogue_entry>> set_mark(storage::stores& s,
                                                       storage::project_id project,
                                                       storage::marking m) {
    return wait(s.curator().mark(project, "edge", {std::move(m)}));
}

}  // namespace

TEST_CASE_TEMPLATE("Versions copied are there as they were, with where they came from", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto entry = make_entry("tide", 1, "bytes");
    entry.provenance = sha256("signature");
    auto const one = publish(*stores, project.id, "edge", entry);
    auto const two = publish(*stores, project.id, "edge", make_entry("moon", 2, "others"));
    stores.time.advance(std::chrono::seconds(9));

    auto const done = wait(stores->curator().copy(promote(project.id, {one, two})));
    REQUIRE(done);
    REQUIRE(done->size() == 2);
    CHECK((*done)[0].what == added::outcome::created);
    CHECK((*done)[0].entry.id != one.id);
    if constexpr (!std::is_same_v<Adapter, memory_adapter>) stores.reopen();
    auto const found = wait(stores->catalogue().find(project.id, "stable", one.file_name));
    REQUIRE(found);
    CHECK(found->digest == one.digest);
    CHECK(found->content == one.content);
    CHECK(found->provenance == one.provenance);
    CHECK(found->precedence_key == one.precedence_key);
    CHECK(found->created == one.created);
    CHECK(found->created_by == one.created_by);
    CHECK(found->fragment == one.fragment);
    REQUIRE(found->promoted);
    CHECK(found->promoted->from == "grp/app/edge");
    CHECK(found->promoted->by == 5);
    CHECK(found->promoted->at == from_nanoseconds(777));
    CHECK(found->arrived() == from_nanoseconds(777));
    CHECK_FALSE(wait(stores->catalogue().find(project.id, "edge", one.file_name))->promoted);
    CHECK(lines(*stores, project.id, "stable") == std::vector{two.fragment, one.fragment});

    auto const channel = wait(stores->channels().find(project.id, "stable"));
    REQUIRE(channel);
    CHECK(channel->versions == 2);
    CHECK(channel->charts == 2);
    CHECK(channel->size_bytes == 11);
    CHECK(channel->last_push == stores.time.now());
    auto const told = stores.seen.changes();
    REQUIRE(told.size() == 4);
    CHECK(told[2].channel == "stable");
    CHECK(told[2].chart == "tide");
    CHECK(told[2].generation == 1);
    CHECK(told[2].fragment == one.fragment);
    CHECK(told[3].chart == "moon");
    CHECK(told[3].generation == 2);
    CHECK(told[3].generated > told[2].generated);
    CHECK(channel->generation == 2);
    CHECK(channel->generated == told[3].generated);
}

TEST_CASE_TEMPLATE("What is there already with the same content stays as it is", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const one = publish(*stores, project.id, "edge", make_entry("tide", 1, "bytes"));
    REQUIRE(wait(stores->curator().copy(promote(project.id, {one}))));
    REQUIRE(wait(stores->catalogue().attach_provenance(project.id, "edge", one.file_name,
                                                       one.digest, sha256("signature"))));
    auto again = promote(project.id, {one});
    again.how.from = "elsewhere";
    auto const done = wait(stores->curator().copy(again));
    REQUIRE(done);
    CHECK(done->front().what == added::outcome::unchanged);
    CHECK(done->front().entry.promoted->from == "grp/app/edge");
    CHECK(done->front().entry.provenance == sha256("signature"));  // the one thing that may come
    CHECK(stores.seen.changes().size() == 2);
}

TEST_CASE_TEMPLATE("One version in the way refuses them all, and every such version is named",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    std::vector<storage::catalogue_entry> entries;
    for (int n = 1; n <= 4; ++n)
        entries.push_back(
            publish(*stores, project.id, "edge", make_entry("tide", n, "t" + std::to_string(n))));
    publish(*stores, project.id, "stable", make_entry("tide", 2, "other"));
    REQUIRE(set_mark(*stores, project.id, marking_of(entries[2], mark_kind::yanked, "leaks")));
    entries[3].digest = sha256("as it was once");
    auto const told = stores.seen.changes().size();

    auto const refused = wait(stores->curator().copy(promote(project.id, entries)));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::conflict);
    for (auto const* const word : {"tide-1.2.0.tgz is already published", "tide-1.3.0.tgz", "leaks",
                                   "tide-1.4.0.tgz was replaced"}) {
        CAPTURE(word);
        CHECK(refused.error().detail.find(word) != std::string::npos);
    }
    CHECK(refused.error().detail.find("tide-1.1.0") == std::string::npos);
    CHECK(wait(stores->catalogue().list(project.id, "stable", std::nullopt)).size() == 1);
    CHECK(stores.seen.changes().size() == told);

    auto const replaced =
        wait(stores->curator().copy(promote(project.id, {entries[1]}, on_duplicate::replace)));
    REQUIRE(replaced);
    CHECK(replaced->front().what == added::outcome::replaced);
    CHECK(wait(stores->channels().find(project.id, "stable"))->size_bytes == 2);
}

TEST_CASE_TEMPLATE("A copy needs a source, a target that takes it, and its versions", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const one = publish(*stores, project.id, "edge", make_entry("tide", 1, "bytes"));
    auto const refused = [&](storage::copy_request r, errc why) {
        auto const answer = wait(stores->curator().copy(std::move(r)));
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == why);
    };
    auto request = promote(project.id, {one});
    request.to = {999};
    refused(request, errc::not_found);
    request = promote(project.id, {one});
    request.from_channel = "nowhere";
    refused(request, errc::not_found);
    request = promote(project.id, {one, make_entry("tide", 9, "never pushed")});
    refused(request, errc::not_found);

    storage::channel_settings closed;
    closed.read_only = true;
    REQUIRE(wait(put_settings(stores->channels(), project.id, "stable", closed)));
    refused(promote(project.id, {one}), errc::denied);
    REQUIRE(wait(put_settings(stores->channels(), project.id, "stable", {})));
    REQUIRE(wait(put_settings(stores->channels(), project.id, "edge", closed)));
    request = promote(project.id, {one});
    request.move = true;
    refused(request, errc::denied);
    CHECK(wait(stores->catalogue().list(project.id, "stable", std::nullopt)).empty());
    CHECK(wait(stores->curator().copy(promote(project.id, {one}))));
}

TEST_CASE_TEMPLATE("A move leaves nothing behind, in one go with the copy", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const other = make_project(*stores, "grp/other");
    auto const one = publish(*stores, project.id, "edge", make_entry("tide", 1, "one"));
    auto const two = publish(*stores, project.id, "edge", make_entry("tide", 2, "two"));
    auto request = promote(project.id, {one});
    request.to = other.id;
    request.move = true;
    REQUIRE(wait(stores->curator().copy(request)));
    CHECK(lines(*stores, project.id, "edge") == std::vector{two.fragment});
    CHECK(lines(*stores, other.id, "stable") == std::vector{one.fragment});
    auto const told = stores.seen.changes();
    REQUIRE(told.size() == 4);
    CHECK(told[2].what == kind::put);
    CHECK(told[2].project == other.id);
    CHECK(told[3].what == kind::removed);
    CHECK(told[3].project == project.id);
    CHECK(wait(stores->channels().find(project.id, "edge"))->versions == 1);
}

TEST_CASE_TEMPLATE("A thousand versions are one copy, each one change", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    std::vector<storage::catalogue_entry> all;
    for (int n = 0; n < 1000; ++n)
        all.push_back(publish(*stores, project.id, "edge",
                              make_entry("chart-" + std::to_string(n % 7), n, std::to_string(n))));
    auto const done = wait(stores->curator().copy(promote(project.id, all)));
    REQUIRE(done);
    CHECK(done->size() == 1000);
    auto const channel = wait(stores->channels().find(project.id, "stable"));
    CHECK(channel->versions == 1000);
    CHECK(channel->charts == 7);
    CHECK(channel->generation == 1000);
    auto const told = stores.seen.changes();
    REQUIRE(told.size() == 2000);
    for (std::size_t i = 0; i < 1000; ++i) {
        CHECK(told[1000 + i].generation == static_cast<storage::generation>(i + 1));
        CHECK(told[1000 + i].version == all[i].version);
    }
}

TEST_CASE_TEMPLATE("A deprecated version's line is another, and comes back byte for byte", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const one = publish(*stores, project.id, "edge", make_entry("tide", 1, "one"));
    auto const set = [&](std::optional<std::string> const& reason) {
        auto const done =
            set_mark(*stores, project.id, marking_of(one, mark_kind::deprecated, reason));
        REQUIRE(done);
        return done->front();
    };
    auto const marked = set("too old");
    REQUIRE(marked.deprecated);
    CHECK(marked.deprecated->reason == "too old");
    CHECK(marked.deprecated->by == 3);
    CHECK(marked.deprecated->at == from_nanoseconds(55));
    CHECK(marked.line() == "line: too old");
    CHECK(lines(*stores, project.id, "edge") == std::vector<std::string>{"line: too old"});
    CHECK(stores.seen.changes().back().fragment == "line: too old");
    CHECK(stores.seen.changes().size() == 2);
    set("too old");  // the same again
    CHECK(stores.seen.changes().size() == 2);

    auto const copied = wait(stores->curator().copy(promote(project.id, {one})));
    REQUIRE(copied);
    CHECK(copied->front().entry.deprecated);
    CHECK(lines(*stores, project.id, "stable") == std::vector<std::string>{"line: too old"});

    set("much too old");
    CHECK(lines(*stores, project.id, "edge") == std::vector<std::string>{"line: much too old"});
    set(std::nullopt);
    CHECK(lines(*stores, project.id, "edge") == std::vector{one.fragment});
    auto const told = stores.seen.changes();
    CHECK(told.back().what == kind::put);
    CHECK(told.back().fragment == one.fragment);
    CHECK(told.back().created == one.created);
    set(std::nullopt);
    CHECK(stores.seen.changes().size() == told.size());
}

TEST_CASE_TEMPLATE("A yanked version is out of the index and found by its name", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const one = publish(*stores, project.id, "edge", make_entry("tide", 1, "one"));
    auto const set = [&](mark_kind what, std::optional<std::string> const& reason) {
        REQUIRE(set_mark(*stores, project.id, marking_of(one, what, reason)));
    };
    set(mark_kind::yanked, "leaks");
    CHECK(lines(*stores, project.id, "edge").empty());
    CHECK(stores.seen.changes().back().what == kind::removed);
    auto const found = wait(stores->catalogue().find(project.id, "edge", one.file_name));
    REQUIRE(found);
    REQUIRE(found->yanked);
    CHECK(found->yanked->reason == "leaks");
    auto const listed = wait(stores->catalogue().list(project.id, "edge", std::nullopt));
    REQUIRE(listed.size() == 1);
    CHECK(listed[0].yanked);
    CHECK(wait(stores->channels().find(project.id, "edge"))->versions == 1);
    CHECK(wait(stores->catalogue().named_blobs()) == std::vector{one.digest});

    // What its line says is nobody's business meanwhile.
    set(mark_kind::deprecated, "old");
    CHECK(stores.seen.changes().size() == 2);
    set(mark_kind::yanked, std::nullopt);
    CHECK(lines(*stores, project.id, "edge") == std::vector<std::string>{"line: old"});
    CHECK(stores.seen.changes().back().fragment == "line: old");

    set(mark_kind::yanked, "leaks again");
    auto const generation = wait(stores->channels().find(project.id, "edge"))->generation;
    REQUIRE(wait(stores->catalogue().remove(project.id, "edge", "tide", std::nullopt)));
    CHECK(wait(stores->channels().find(project.id, "edge"))->generation == generation);
    CHECK(wait(stores->channels().find(project.id, "edge"))->charts == 0);
}

TEST_CASE_TEMPLATE("Under a yanked version the same content is unchanged, other is refused",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const one = publish(*stores, project.id, "edge", make_entry("tide", 1, "one"));
    REQUIRE(set_mark(*stores, project.id, marking_of(one, mark_kind::yanked, "leaks")));
    for (auto const rule : {on_duplicate::refuse, on_duplicate::replace}) {
        auto const same =
            wait(stores->catalogue().add(project.id, "edge", make_entry("tide", 1, "one"), rule));
        REQUIRE(same);
        CHECK(same->what == added::outcome::unchanged);
        CHECK(same->entry.yanked);
        auto const other =
            wait(stores->catalogue().add(project.id, "edge", make_entry("tide", 1, "other"), rule));
        REQUIRE_FALSE(other);
        CHECK(other.error().code == errc::conflict);
        CHECK(other.error().detail.find("yanked") != std::string::npos);
    }
}

TEST_CASE_TEMPLATE("Other content under a deprecated version is not deprecated", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const one = publish(*stores, project.id, "edge", make_entry("tide", 1, "one"));
    REQUIRE(set_mark(*stores, project.id, marking_of(one, mark_kind::deprecated, "old")));
    auto other = make_entry("tide", 1, "other");
    other.fragment = "another line";
    publish(*stores, project.id, "edge", other, on_duplicate::replace);
    CHECK(lines(*stores, project.id, "edge") == std::vector<std::string>{"another line"});
    auto const found = wait(stores->catalogue().find(project.id, "edge", one.file_name));
    REQUIRE(found);
    CHECK_FALSE(found->deprecated);
}

TEST_CASE_TEMPLATE("Marks are set on all versions or none", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const one = publish(*stores, project.id, "edge", make_entry("tide", 1, "one"));
    auto replaced = publish(*stores, project.id, "edge", make_entry("tide", 2, "two"));
    replaced.digest = sha256("as it was once");
    struct row {
        storage::catalogue_entry entry;
        errc why;
    };
    for (auto const& r :
         {row{make_entry("tide", 3, "never"), errc::not_found}, row{replaced, errc::conflict}}) {
        auto const refused =
            wait(stores->curator().mark(project.id, "edge",
                                        {marking_of(one, mark_kind::yanked, "leaks"),
                                         marking_of(r.entry, mark_kind::yanked, "leaks")}));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == r.why);
        CHECK(lines(*stores, project.id, "edge").size() == 2);
    }
    CHECK_FALSE(wait(stores->curator().mark(project.id, "nowhere", {})));
}

TEST_CASE_TEMPLATE("Only the versions named are removed, and only as they were seen", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    for (int n = 1; n <= 4; ++n)
        publish(*stores, project.id, "edge", make_entry("tide", n, "t" + std::to_string(n)));
    auto const removed = wait(stores->curator().remove(project.id, "edge",
                                                       {{"tide-1.1.0.tgz", sha256("t1")},
                                                        {"tide-1.2.0.tgz", sha256("replaced")},
                                                        {"tide-1.9.0.tgz", sha256("gone")},
                                                        {"tide-1.4.0.tgz", sha256("t4")}}));
    REQUIRE(removed);
    REQUIRE(removed->size() == 2);
    CHECK((*removed)[0].version == "1.1.0");
    CHECK((*removed)[1].version == "1.4.0");
    CHECK((*removed)[0].fragment.empty());
    CHECK(lines(*stores, project.id, "edge").size() == 2);
    CHECK(stores.seen.changes().size() == 6);
    CHECK(wait(stores->channels().find(project.id, "edge"))->versions == 2);
}

}  // namespace pilothouse::tests::curator_test
