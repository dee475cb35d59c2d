#include "transfer/folder_source.hpp"

#include "tests/support/result_text.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include <sys/stat.h>

namespace pilothouse::tests::folder_source_test {

namespace fs = std::filesystem;

namespace {

struct fixture {
    tests::temp_dir folder;

    void write(std::string const& name, std::string const& text) const {
        fs::create_directories((folder.path() / name).parent_path());
        std::ofstream(folder.path() / name, std::ios::binary) << text;
    }
    std::unique_ptr<transfer::source> open() const {
        return transfer::open_folder_source(folder.path(), {.archive_bytes = 1000}).value();
    }
    transfer::source_entry with_url(std::string const& url) const {
        write("index.yaml",
              "apiVersion: v1\nentries: {a: [{name: a, version: 1.0.0, urls: ['" + url + "']}]}");
        return open()->entries().value().front();
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "an index names files of its folder, however it calls them") {
    write("charts/a+1.tgz", "x");
    write("b.tgz", "x");
    write("deep/b.tgz", "x");
    struct row {
        char const *url, *where;
    };
    for (auto const& r :
         {row{"charts/a+1.tgz", "charts/a+1.tgz"}, row{"charts/a%2B1.tgz", "charts/a+1.tgz"},
          row{"./b.tgz", "b.tgz"}, row{"/charts/a+1.tgz", "charts/a+1.tgz"},
          row{"https://h/x/charts/a+1.tgz?y=1", "charts/a+1.tgz"}, row{"http://h/b.tgz", "b.tgz"},
          row{"http://h/deep/b.tgz", "deep/b.tgz"}}) {
        CAPTURE(r.url);
        CHECK(with_url(r.url).where == r.where);
    }
    for (char const* const url :
         {"none.tgz", "x/b.tgz", "../b.tgz", "charts/../b.tgz", "%2e%2e/b.tgz", "charts%2Fa+1.tgz",
          "charts", ".", "", "http://h", "https://h/../b.tgz"}) {
        CAPTURE(url);
        CHECK(!with_url(url).fault.empty());
    }
}

TEST_CASE_FIXTURE(fixture, "archives are read within limits, and provenance where there is some") {
    write("a.tgz", "bytes");
    write("a.tgz.prov", "signature");
    write("b.tgz", std::string(1001, 'x'));
    auto const source = open();
    auto const all = source->entries().value();
    REQUIRE(all.size() == 2);
    auto const a = source->archive(all[0]);
    REQUIRE(a);
    CHECK(a->digest == sha256("bytes"));
    CHECK(a->file.size_bytes() == 5);
    CHECK(source->provenance(all[0]).value().has_value());
    auto const b = source->archive(all[1]);
    REQUIRE(!b);
    CHECK(b.error().code == errc::too_large);
    CHECK(!source->provenance(all[1]).value().has_value());
}

TEST_CASE_FIXTURE(fixture, "ChartMuseum's cache says when, but only of the bytes that it knew") {
    write("a-1.0.0.tgz", "bytes");
    write("a-2.0.0.tgz", "others");
    write("notes.txt", "x");
    write("index-cache.yaml",
          "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.0.0, urls: [x], digest: " +
              sha256("bytes").hex() + ", created: 2001-01-01T00:00:00Z}\n" +
              "  - {name: a, version: 2.0.0, urls: [x], digest: " + sha256("old").hex() +
              ", created: 2001-01-01T00:00:00Z}\n");
    auto all = open()->entries().value();
    REQUIRE(all.size() == 2);
    CHECK(all[0].created == from_rfc3339("2001-01-01T00:00:00Z"));
    CHECK(all[1].created > from_rfc3339("2020-01-01T00:00:00Z"));
    write("index-cache.yaml", "rubbish: [");
    all = open()->entries().value();
    CHECK(all[0].created > from_rfc3339("2020-01-01T00:00:00Z"));
}

TEST_CASE_FIXTURE(fixture,
                  "a folder without charts is refused, with its tenants where it has some") {
    auto const refusal = [&] {
        auto const opened = transfer::open_folder_source(folder.path(), {});
        REQUIRE(!opened);
        return opened.error().detail;
    };
    CHECK(refusal().find("no index.yaml") != std::string::npos);
    write("org/repo/a-1.0.0.tgz", "x");
    CHECK(refusal().find("org/repo") != std::string::npos);
    auto const none = transfer::open_folder_source(folder.path() / "none", {});
    REQUIRE(!none);
    CHECK(none.error().code == errc::not_found);
}

TEST_CASE_FIXTURE(fixture, "what is no regular file is refused, and nobody waits for it") {
    REQUIRE(::mkfifo((folder.path() / "a-1.0.0.tgz").c_str(), 0600) == 0);
    fs::create_directory(folder.path() / "b-1.0.0.tgz");
    for (auto const& e : open()->entries().value()) CHECK(!e.fault.empty());
}

}  // namespace pilothouse::tests::folder_source_test
