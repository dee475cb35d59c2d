// What becomes of each entry of a source, over a registry that only remembers.
#include "transfer/import_charts.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

namespace pilothouse::tests::import_charts_test {

using transfer::fetched_archive;
using transfer::open_file;
using transfer::source_entry;
using kind = transfer::house::verdict::kind;

namespace {

struct remembering_house final : transfer::house {
    std::map<std::string, transfer::held_version> versions;
    std::map<std::string, std::string> refusals;  // by file name
    std::optional<instant> last_created;
    int busy = 0;   // so many pushes are answered "again"
    int left = -1;  // after so many pushes it is gone; -1: never
    int pushes = 0;

    result<std::vector<transfer::held_version>> held() override {
        std::vector<transfer::held_version> all;
        for (auto const& [name, v] : versions) all.push_back(v);
        return all;
    }
    result<std::string> index() override { return std::string(); }
    result<void> fetch_archive(std::string const&, transfer::byte_sink const&) override {
        return {};
    }
    result<void> fetch_provenance(std::string const&, transfer::byte_sink const&) override {
        return {};
    }
    result<verdict> push(transfer::offered_chart const& c) override {
        ++pushes;
        if (left >= 0 && left-- == 0) return failure(errc::unavailable, "gone");
        if (busy > 0 && busy-- > 0) return verdict{kind::refused, {errc::unavailable, "busy"}, {}};
        if (refusals.contains(c.file_name))
            return verdict{kind::refused, {errc::conflict, refusals.at(c.file_name)}, {}};
        last_created = c.created;
        auto& v = versions[c.file_name];
        v.file_name = c.file_name;
        v.digest = c.digest;
        if (c.provenance) v.provenance = c.digest;
        return verdict{kind::created, {}, {"odd"}};
    }
};

struct small_source final : transfer::source {
    std::vector<source_entry> list;
    std::map<std::string, std::string> bytes;  // by `where`
    bool is_near = false;
    int archives_read = 0;

    source_entry& add(std::string name, std::string content) {
        bytes[name] = content;
        list.push_back({name, name, name, sha256(content), from_nanoseconds(5), {}});
        return list.back();
    }
    static open_file file_of(std::string const& text) {
        auto file = open_file::temporary().value();
        REQUIRE(file.append(text));
        return file;
    }
    result<std::vector<source_entry>> entries() override { return list; }
    result<fetched_archive> archive(source_entry const& e) override {
        ++archives_read;
        if (!bytes.contains(e.where)) return failure(errc::unavailable, "cut off");
        return fetched_archive{file_of(bytes[e.where]), sha256(bytes[e.where])};
    }
    result<std::optional<open_file>> provenance(source_entry const& e) override {
        auto const found = bytes.find(e.where + ".prov");
        if (found == bytes.end()) return std::optional<open_file>();
        return std::optional(file_of(found->second));
    }
    bool near() const noexcept override { return is_near; }
};

struct silent final : transfer::progress {
    void at(std::size_t, std::size_t, std::string_view) override {}
};

struct fixture {
    remembering_house house;
    small_source source;
    silent told;

    transfer::imported import(bool provenance = true) {
        return transfer::import_charts(source, house, {provenance}, told).value();
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture,
                  "what is new is taken with its time, what is there is not even fetched") {
    source.add("a-1.tgz", "one");
    source.add("a-2.tgz", "two");
    auto done = import();
    CHECK(done.taken == 2);
    CHECK(done.warnings.size() == 2);
    CHECK(house.last_created == from_nanoseconds(5));
    source.add("a-3.tgz", "three");
    done = import();
    CHECK(done.taken == 1);
    CHECK(done.already_there == 2);
    CHECK(source.archives_read == 3);
}

TEST_CASE_FIXTURE(fixture, "without a promised digest it is fetched, and compared then") {
    source.add("a-1.tgz", "one").digest.reset();
    CHECK(import().taken == 1);
    CHECK(import().already_there == 1);
    CHECK(source.archives_read == 2);
    CHECK(house.pushes == 1);
}

TEST_CASE_FIXTURE(fixture, "each that cannot be had has its reason, and the rest goes on") {
    source.add("a-1.tgz", "one").fault = "described badly";
    source.add("a-2.tgz", "two").digest = sha256("other");
    source.add("a-3.tgz", "three");
    source.bytes.erase("a-3.tgz");
    source.add("a-4.tgz", "four");
    house.refusals["a-4.tgz"] = "not a chart";
    source.add("a-5.tgz", "five");
    auto const done = import();
    CHECK(done.taken == 1);
    REQUIRE(done.refused.size() == 4);
    CHECK(done.refused[0].text == "described badly");
    CHECK(done.refused[1].text.find(sha256("other").hex()) != std::string::npos);
    CHECK(done.refused[2].text == "cut off");
    CHECK(done.refused[3].text == "not a chart");
    CHECK(!done.stopped);
    CHECK(house.versions.size() == 1);
}

TEST_CASE_FIXTURE(fixture, "a busy registry is asked again; one that is gone ends it") {
    source.add("a-1.tgz", "one");
    source.add("a-2.tgz", "two");
    house.busy = 1;
    house.left = 2;
    auto const done = import();
    CHECK(done.taken == 1);
    CHECK(done.refused.empty());
    REQUIRE(done.stopped);
    CHECK(done.stopped->detail == "gone");
}

TEST_CASE_FIXTURE(fixture, "provenance comes along, later too where looking costs nothing") {
    source.add("a-1.tgz", "one");
    source.bytes["a-1.tgz.prov"] = "signature";
    import(false);
    CHECK(!house.versions["a-1.tgz"].provenance);
    CHECK(import().already_there == 1);
    CHECK(!house.versions["a-1.tgz"].provenance);
    source.is_near = true;
    import(false);
    CHECK(!house.versions["a-1.tgz"].provenance);
    import();
    CHECK(house.versions["a-1.tgz"].provenance);
}

}  // namespace pilothouse::tests::import_charts_test
