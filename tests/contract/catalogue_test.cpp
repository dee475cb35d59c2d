// The contract of storage::catalogue, but for its observers and its concurrency.
#include "storage/catalogue.hpp"

#include "tests/contract/harness.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace pilothouse::tests::catalogue_test {

namespace {

using storage::added;
using storage::on_duplicate;

result<added> add(storage::stores& s, storage::project_id project, storage::catalogue_entry entry,
                  on_duplicate rule = on_duplicate::refuse) {
    return wait(s.catalogue().add(project, "stable", std::move(entry), rule));
}

std::vector<std::string> files_of(std::vector<storage::catalogue_entry> const& entries) {
    std::vector<std::string> files;
    for (auto const& e : entries) files.push_back(e.file_name);
    return files;
}

std::vector<std::string> scan(storage::stores& s, storage::project_id project) {
    std::vector<std::string> lines;
    auto const visit = [&](storage::index_row const& row) {
        lines.push_back(std::string(row.chart) + " " + std::string(row.version) + " " +
                        std::to_string(to_nanoseconds(row.created)) + " " +
                        std::string(row.fragment));
    };
    (void)wait(s.catalogue().scan(project, "stable", visit));
    return lines;
}

storage::channel_record channel_of(storage::stores& s, storage::project_id project) {
    auto const record = wait(s.catalogue().scan(project, "stable", [](auto const&) {}));
    REQUIRE(record);
    return *record;
}

// Every field but the id.
void check_same(storage::catalogue_entry const& a, storage::catalogue_entry const& b) {
    CHECK(a.chart == b.chart);
    CHECK(a.version == b.version);
    CHECK(a.precedence_key == b.precedence_key);
    CHECK(a.file_name == b.file_name);
    CHECK(a.digest == b.digest);
    CHECK(a.size_bytes == b.size_bytes);
    CHECK(a.content == b.content);
    CHECK(a.provenance == b.provenance);
    CHECK(a.created == b.created);
    CHECK(a.created_by == b.created_by);
    CHECK(a.fragment == b.fragment);
}

}  // namespace

TEST_CASE_TEMPLATE("A version added is found as it was given", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto entry = make_entry("tide", 1, "bytes");
    entry.precedence_key = std::string("\0\xff key", 6);
    entry.provenance = sha256("signature");
    auto const made = add(*stores, project.id, entry);
    REQUIRE(made);
    CHECK(made->what == added::outcome::created);
    CHECK(made->entry.id.value > 0);
    check_same(made->entry, entry);

    auto const found = wait(stores->catalogue().find(project.id, "stable", "tide-1.1.0.tgz"));
    REQUIRE(found);
    CHECK(found->id == made->entry.id);
    check_same(*found, entry);
}

TEST_CASE_TEMPLATE("What was not added is not found", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    REQUIRE(add(*stores, project.id, make_entry("tide", 1, "bytes")));
    struct row {
        storage::project_id project;
        char const* channel;
        char const* file;
    };
    std::vector<row> const rows{{{project.id.value + 100}, "stable", "tide-1.1.0.tgz"},
                                {project.id, "Stable", "tide-1.1.0.tgz"},
                                {project.id, "edge", "tide-1.1.0.tgz"},
                                {project.id, "stable", "Tide-1.1.0.tgz"},
                                {project.id, "stable", "tide-1.1.0"},
                                {project.id, "stable", ""},
                                {project.id, "stable", "tide-1.1.0.tgz' OR '1'='1"}};
    for (auto const& r : rows) {
        CAPTURE(r.channel);
        CAPTURE(r.file);
        auto const found = wait(stores->catalogue().find(r.project, r.channel, r.file));
        REQUIRE_FALSE(found);
        CHECK(found.error().code == errc::not_found);
        auto const attached = wait(stores->catalogue().attach_provenance(
            r.project, r.channel, r.file, sha256("bytes"), sha256("signature")));
        REQUIRE_FALSE(attached);
        CHECK(attached.error().code == errc::not_found);
    }
    CHECK(wait(stores->catalogue().list(project.id, "edge", std::nullopt)).empty());
    CHECK(wait(stores->catalogue().remove(project.id, "edge", std::nullopt, std::nullopt))
              .value()
              .empty());
    CHECK_FALSE(wait(stores->catalogue().scan(project.id, "edge", [](auto const&) {})));
}

TEST_CASE_TEMPLATE("A version of a project that is gone is refused", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const refused = add(*stores, {12345}, make_entry("tide", 1, "bytes"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::not_found);
    CHECK(stores.seen.changes().empty());
}

TEST_CASE_TEMPLATE("The same content again changes nothing", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const first = make_entry("tide", 1, "bytes");
    REQUIRE(add(*stores, project.id, first));
    for (auto const rule : {on_duplicate::refuse, on_duplicate::replace}) {
        auto again = make_entry("tide", 1, "the same, packed anew");
        again.content = first.content;
        again.created = from_nanoseconds(99'999);
        again.provenance = sha256("a signature of the other archive");
        auto const answer = add(*stores, project.id, again, rule);
        REQUIRE(answer);
        CHECK(answer->what == added::outcome::unchanged);
        check_same(answer->entry, first);
    }
    CHECK(channel_of(*stores, project.id).generation == 1);
    CHECK(stores.seen.changes().size() == 1);
}

TEST_CASE_TEMPLATE("The same archive again may bring the signature that is missing", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto entry = make_entry("tide", 1, "bytes");
    REQUIRE(add(*stores, project.id, entry));
    entry.provenance = sha256("first signature");
    auto answer = add(*stores, project.id, entry);
    REQUIRE(answer);
    CHECK(answer->what == added::outcome::unchanged);
    CHECK(answer->entry.provenance == sha256("first signature"));

    entry.provenance = sha256("second signature");
    answer = add(*stores, project.id, entry);
    REQUIRE(answer);
    CHECK(answer->entry.provenance == sha256("first signature"));
    auto const found = wait(stores->catalogue().find(project.id, "stable", entry.file_name));
    REQUIRE(found);
    CHECK(found->provenance == sha256("first signature"));
}

TEST_CASE_TEMPLATE("Other content is refused or replaces, as the rule says", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const first = add(*stores, project.id, make_entry("tide", 1, "old"));
    REQUIRE(first);
    auto const other = make_entry("tide", 1, "new and longer");

    auto const refused = add(*stores, project.id, other, on_duplicate::refuse);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::conflict);
    CHECK(channel_of(*stores, project.id).size_bytes == 3);

    auto const replaced = add(*stores, project.id, other, on_duplicate::replace);
    REQUIRE(replaced);
    CHECK(replaced->what == added::outcome::replaced);
    CHECK(replaced->entry.id == first->entry.id);
    auto const found = wait(stores->catalogue().find(project.id, "stable", other.file_name));
    REQUIRE(found);
    check_same(*found, other);
    auto const channel = channel_of(*stores, project.id);
    CHECK(channel.generation == 2);
    CHECK(channel.versions == 1);
    CHECK(channel.charts == 1);
    CHECK(channel.size_bytes == 14);
}

TEST_CASE_TEMPLATE("A file name that another chart has is refused, whatever the rule", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto entry = make_entry("a", 1, "bytes");
    entry.version = "1-2.0.0";
    entry.file_name = "a-1-2.0.0.tgz";
    REQUIRE(add(*stores, project.id, entry));
    entry.chart = "a-1";
    entry.version = "2.0.0";
    for (auto const rule : {on_duplicate::refuse, on_duplicate::replace}) {
        auto const refused = add(*stores, project.id, entry, rule);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == errc::conflict);
    }
    CHECK(wait(stores->catalogue().add(project.id, "edge", entry, on_duplicate::refuse)));
}

TEST_CASE_TEMPLATE("Listing and scanning follow the order of the index", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const with = [](char const* chart, char const* version, char const* key, int created) {
        auto e = make_entry(chart, 0, std::string(chart) + version);
        e.version = version;
        e.file_name = e.chart + "-" + e.version + ".tgz";
        e.precedence_key = key;
        e.created = from_nanoseconds(created);
        e.fragment = "line of " + e.file_name;
        return e;
    };
    // As wanted: charts bytewise, then newest first, then by time, then by text.
    std::vector const wanted{
        with("B", "1.0.0", "1", 5),  with("a", "2.0.0", "2\xff", 1), with("a", "1.9.0", "2", 9),
        with("a", "1.0.0", "1", 30), with("a", "v1.0.0", "1", 20),   with("a", "1", "1", 10),
        with("a", "1.0", "1", 10),   with("ab", "0.1.0", "0", 1),
    };
    auto shuffled = wanted;
    std::rotate(shuffled.begin(), shuffled.begin() + 3, shuffled.end());
    std::swap(shuffled[0], shuffled[5]);
    for (auto const& e : shuffled) REQUIRE(add(*stores, project.id, e));

    auto const listed = wait(stores->catalogue().list(project.id, "stable", std::nullopt));
    CHECK(files_of(listed) == files_of(wanted));
    CHECK(std::all_of(listed.begin(), listed.end(),
                      [](auto const& e) { return e.fragment.empty(); }));
    CHECK(files_of(wait(stores->catalogue().list(project.id, "stable", "ab"))) ==
          files_of({wanted.back()}));
    CHECK(wait(stores->catalogue().list(project.id, "stable", "A")).empty());

    std::vector<std::string> lines;
    for (auto const& e : wanted)
        lines.push_back(e.chart + " " + e.version + " " +
                        std::to_string(to_nanoseconds(e.created)) + " " + e.fragment);
    CHECK(scan(*stores, project.id) == lines);
}

TEST_CASE_TEMPLATE("A channel's record sums up what it holds", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    REQUIRE(add(*stores, project.id, make_entry("tide", 1, "12345")));
    stores.time.advance(std::chrono::seconds(5));
    REQUIRE(add(*stores, project.id, make_entry("tide", 2, "123456")));
    REQUIRE(add(*stores, project.id, make_entry("moon", 1, "1234567")));
    auto record = channel_of(*stores, project.id);
    CHECK(record.project == project.id);
    CHECK(record.name == "stable");
    CHECK(record.generation == 3);
    CHECK(record.generated == stores.time.now() + std::chrono::nanoseconds(1));  // the second then
    CHECK(record.versions == 3);
    CHECK(record.charts == 2);
    CHECK(record.size_bytes == 18);

    (void)wait(stores->catalogue().remove(project.id, "stable", "tide", "1.1.0"));
    record = channel_of(*stores, project.id);
    CHECK(record.versions == 2);
    CHECK(record.charts == 2);
    CHECK(record.size_bytes == 13);
    (void)wait(stores->catalogue().remove(project.id, "stable", "tide", std::nullopt));
    record = channel_of(*stores, project.id);
    CHECK(record.versions == 1);
    CHECK(record.charts == 1);
    CHECK(record.size_bytes == 7);
}

TEST_CASE_TEMPLATE("Removing takes one version, one chart or all, and nothing else", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    for (int n = 1; n <= 3; ++n) {
        REQUIRE(add(*stores, project.id, make_entry("tide", n, "t" + std::to_string(n))));
        REQUIRE(add(*stores, project.id, make_entry("moon", n, "m" + std::to_string(n))));
    }
    auto const remove = [&](std::optional<std::string> chart, std::optional<std::string> version) {
        return files_of(wait(stores->catalogue().remove(project.id, "stable", std::move(chart),
                                                        std::move(version)))
                            .value());
    };
    using files = std::vector<std::string>;
    CHECK(remove("tide", "9.9.9") == files());
    CHECK(remove("sun", std::nullopt) == files());
    CHECK(remove("tide", "1.2.0") == files{"tide-1.2.0.tgz"});
    CHECK(remove("tide", "1.2.0") == files());
    CHECK(remove("tide", std::nullopt) == files{"tide-1.3.0.tgz", "tide-1.1.0.tgz"});
    CHECK(remove(std::nullopt, std::nullopt) ==
          files{"moon-1.3.0.tgz", "moon-1.2.0.tgz", "moon-1.1.0.tgz"});
    CHECK(scan(*stores, project.id).empty());
}

TEST_CASE_TEMPLATE("A channel's generation never goes back, not even when it is emptied", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    REQUIRE(add(*stores, project.id, make_entry("tide", 1, "a")));
    REQUIRE(add(*stores, project.id, make_entry("tide", 2, "b")));
    auto const generated = channel_of(*stores, project.id).generated;
    stores.time.advance(-std::chrono::hours(48));
    (void)wait(stores->catalogue().remove(project.id, "stable", std::nullopt, std::nullopt));
    auto record = channel_of(*stores, project.id);
    CHECK(record.generation == 4);
    CHECK(record.generated > generated);  // nor does its time, when the clock does
    CHECK(record.versions == 0);
    CHECK(record.charts == 0);
    CHECK(record.size_bytes == 0);
    CHECK(wait(stores->catalogue().channels(project.id)).empty());
    REQUIRE(add(*stores, project.id, make_entry("tide", 1, "other")));
    record = channel_of(*stores, project.id);
    CHECK(record.generation == 5);
}

TEST_CASE_TEMPLATE("Channels are listed by name, of their own project", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const one = make_project(*stores, "grp/one");
    auto const two = make_project(*stores, "grp/two");
    for (char const* channel : {"stable", "Edge", "beta"})
        REQUIRE(wait(stores->catalogue().add(one.id, channel, make_entry("tide", 1, "bytes"),
                                             on_duplicate::refuse)));
    REQUIRE(wait(stores->catalogue().add(two.id, "other", make_entry("tide", 1, "bytes"),
                                         on_duplicate::refuse)));
    std::vector<std::string> names;
    for (auto const& c : wait(stores->catalogue().channels(one.id))) names.push_back(c.name);
    CHECK(names == std::vector<std::string>{"Edge", "beta", "stable"});
}

TEST_CASE_TEMPLATE("A signature is attached to the archive it signs, and may be replaced", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    REQUIRE(add(*stores, project.id, make_entry("tide", 1, "bytes")));
    auto const attach = [&](sha256_digest archive, sha256_digest signature) {
        return wait(stores->catalogue().attach_provenance(project.id, "stable", "tide-1.1.0.tgz",
                                                          archive, signature));
    };
    CHECK(attach(sha256("bytes"), sha256("one")));
    CHECK(attach(sha256("bytes"), sha256("two")));
    auto const refused = attach(sha256("replaced meanwhile"), sha256("three"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::conflict);
    auto const found = wait(stores->catalogue().find(project.id, "stable", "tide-1.1.0.tgz"));
    REQUIRE(found);
    CHECK(found->provenance == sha256("two"));
    CHECK(channel_of(*stores, project.id).generation == 1);
    CHECK(stores.seen.changes().size() == 1);
}

TEST_CASE_TEMPLATE("The blobs named are those of archives and signatures, each once", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    CHECK(wait(stores->catalogue().named_blobs()).empty());
    auto entry = make_entry("tide", 1, "bytes");
    entry.provenance = sha256("signature");
    REQUIRE(add(*stores, project.id, entry));
    REQUIRE(wait(stores->catalogue().add(project.id, "edge", entry, on_duplicate::refuse)));
    REQUIRE(add(*stores, project.id, make_entry("moon", 1, "others")));
    auto named = wait(stores->catalogue().named_blobs());
    std::vector wanted{sha256("bytes"), sha256("signature"), sha256("others")};
    std::sort(named.begin(), named.end());
    std::sort(wanted.begin(), wanted.end());
    CHECK(named == wanted);
}

}  // namespace pilothouse::tests::catalogue_test
