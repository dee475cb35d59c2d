// What views hold: the very bytes that an index of those versions alone would have.
#include "index/view.hpp"

#include "base/runtime.hpp"
#include "index/snapshot.hpp"
#include "tests/unit/index/samples.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace pilothouse::index::view_test {

using tests::body;
using tests::make_sample;
using tests::sample;

namespace {

instant const noon = *from_rfc3339("2024-05-06T12:00:00.000000001Z");

lens lens_of(std::string_view text) { return lens::parse(text).value(); }

// Charts of very different lengths, in order.
std::vector<sample> fleet(unsigned seed) {
    std::mt19937 random(seed);
    std::vector<sample> all;
    for (auto const& [chart, versions] :
         std::map<std::string, int>{{"a", 1}, {"b", 300}, {"c", 2}, {"c-1", 40}, {"d", 90}})
        for (int i = 0; i < versions; ++i) {
            std::string version = std::to_string(i / 30) + "." + std::to_string(i % 30) + ".0";
            if (random() % 5 == 0) version += "-rc." + std::to_string(i);
            all.push_back(make_sample(chart, version, i, random() % 900));
        }
    std::sort(all.begin(), all.end(), tests::comes_before);
    return all;
}

// The same choice, made version by version in a second way.
std::vector<sample> chosen(std::string_view lens, std::vector<sample> const& all) {
    std::map<std::string, std::size_t> seen;
    std::vector<sample> some;
    for (sample const& s : all) {
        bool takes = false;
        if (lens.starts_with("latest-"))
            takes = seen[s.chart]++ < std::stoul(std::string(lens.substr(7)));
        else if (lens.starts_with("chart-"))
            takes = s.chart == lens.substr(6);
        else
            takes = chart::version_range::parse(lens.substr(6))
                        .value()
                        .contains(chart::chart_version::parse(s.version).value());
        if (takes) some.push_back(s);
    }
    return some;
}

std::shared_ptr<snapshot const> index_of(index_format format, std::vector<sample> const& samples) {
    return std::make_shared<snapshot>(tests::list_of(format, samples), 7, noon);
}

constexpr std::string_view lenses[] = {
    "latest-1",   "latest-3",          "latest-45",  "latest-1000",
    "chart-a",    "chart-b",           "chart-c",    "chart-c-1",
    "chart-d",    "chart-none",        "range-*",    "range->=0-0",
    "range-^2.5", "range-~1.2 || 9.x", "range->100", "range->=3.5.0-0, <5, !=4.x",
    "range-<1-0", "range-0.0.0",       "chart-B",    "range-1.5 - 2.2",
};

}  // namespace

TEST_CASE("a view is, byte for byte, an index of the versions that its lens lets through") {
    blocking_pool pool("views", {.threads = 1});
    for (unsigned const seed : {1u, 2u, 3u})
        for (auto const format : {index_format::json, index_format::yaml}) {
            auto const all = fleet(seed);
            auto const whole = index_of(format, all);
            for (auto const text : lenses) {
                CAPTURE(text);
                auto const some = chosen(text, all);
                auto const seen = run_to_end(whole->through(lens_of(text), pool)).value();
                auto const alone = index_of(format, some);
                CHECK(seen->versions() == some.size());
                CHECK(seen->generation() == 7);
                CHECK(seen->generated() == noon);
                CHECK(seen->identity_bytes() == alone->identity_bytes());
                auto const plain = body(seen->render("/p", coding::identity));
                CHECK(plain == body(alone->render("/p", coding::identity)));
                auto const zipped = seen->render("/p", coding::gzip);
                CHECK(tests::gunzip(body(zipped)) == plain);
                CHECK(zipped.etag != seen->etag("/p", coding::identity));
            }
        }
}

TEST_CASE("a view has the archives that its index names, and no other") {
    blocking_pool pool("views", {.threads = 1});
    auto const all = fleet(4);
    auto const whole = index_of(index_format::json, all);
    for (auto const text : lenses) {
        CAPTURE(text);
        auto const seen = run_to_end(whole->through(lens_of(text), pool)).value();
        std::map<std::string, sha256_digest> held;
        for (sample const& s : chosen(text, all)) held.emplace(s.file_name(), s.digest());
        for (sample const& s : all) {
            auto const found = seen->find_archive(s.file_name());
            auto const expected = held.find(s.file_name());
            REQUIRE(found.has_value() == (expected != held.end()));
            if (found) REQUIRE(*found == expected->second);
        }
    }
}

TEST_CASE("views of equal indexes have equal tags, whatever led there") {
    blocking_pool pool("views", {.threads = 1});
    auto const all = fleet(5);
    auto const whole = index_of(index_format::json, all);
    // The same content by another way: one taken out and put in again.
    storage::index_change change;
    change.what = storage::index_change::kind::removed;
    change.chart = all[100].chart;
    change.version = all[100].version;
    change.generation = 8;
    change.generated = noon;
    auto const without = whole->after(change);
    change.what = storage::index_change::kind::put;
    change.created = all[100].created;
    change.fragment = all[100].fragment;
    auto const again = without->after(change);
    std::map<std::string, std::string> bytes_of;
    for (auto const text : lenses) {
        CAPTURE(text);
        auto const one = run_to_end(whole->through(lens_of(text), pool)).value();
        auto const other = run_to_end(again->through(lens_of(text), pool)).value();
        CHECK(one->etag("/p", coding::identity) == other->etag("/p", coding::identity));
        auto const bytes = body(one->render("/p", coding::identity));
        auto const [at, fresh] = bytes_of.emplace(one->etag("/p", coding::identity), bytes);
        if (!fresh) CHECK(at->second == bytes);
    }
}

TEST_CASE("a view shares the groups that it shows entirely") {
    auto const all = fleet(6);
    auto const whole = tests::list_of(index_format::json, all);
    REQUIRE(whole.groups().size() > 3);

    auto const everything = seen_through(lens_of("range->=0-0"), whole);
    CHECK(everything.own_bytes == 0);
    CHECK(std::ranges::equal(everything.lines.groups(), whole.groups()));

    auto const one = seen_through(lens_of("chart-b"), whole);
    CHECK(one.own_bytes < one.lines.bytes());
    auto const few = seen_through(lens_of("latest-1"), whole);
    CHECK(few.own_bytes == few.lines.bytes());
}

TEST_CASE("an empty index has empty views") {
    blocking_pool pool("views", {.threads = 1});
    auto const whole = index_of(index_format::json, {});
    for (auto const text : lenses) {
        auto const seen = run_to_end(whole->through(lens_of(text), pool)).value();
        CHECK(seen->versions() == 0);
        CHECK(seen->etag("", coding::identity) == whole->etag("", coding::identity));
    }
}

}  // namespace pilothouse::index::view_test
