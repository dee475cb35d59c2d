#include "registry/retention.hpp"

#include "chart/chart_version.hpp"
#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace pilothouse::registry::retention_test {

namespace {

using namespace std::chrono_literals;

instant const now = *from_rfc3339("2026-01-31T00:00:00Z");
constexpr std::chrono::hours day = 24h;

// "demo 1.2.3 10": the version came 10 days ago; a `!` behind it: it is yanked.
storage::catalogue_entry entry_of(std::string_view words) {
    storage::catalogue_entry e;
    auto const first = words.find(' ');
    auto const second = words.find(' ', first + 1);
    e.chart = words.substr(0, first);
    e.version = words.substr(first + 1, second - first - 1);
    e.precedence_key = chart::chart_version::parse(e.version).value().precedence_key();
    e.created = now - day * std::stoi(std::string(words.substr(second + 1)));
    if (words.ends_with('!')) e.yanked.emplace();
    return e;
}

std::vector<storage::catalogue_entry> in_order(std::vector<std::string_view> const& rows) {
    std::vector<storage::catalogue_entry> all;
    for (auto const row : rows) all.push_back(entry_of(row));
    std::ranges::sort(all, [](auto const& a, auto const& b) {
        return std::tie(a.chart, b.precedence_key) < std::tie(b.chart, a.precedence_key);
    });
    return all;
}

std::string doomed(storage::retention_rules const& rules,
                   std::vector<std::string_view> const& rows) {
    REQUIRE(check_rules(rules));
    std::string names;
    for (auto const& d : doomed_by(rules, in_order(rows), now))
        names += (names.empty() ? "" : " ") + d.entry.chart + "-" + d.entry.version;
    return names;
}

storage::retention_rules rules(auto... set) {
    storage::retention_rules r;
    (set(r), ...);
    return r;
}
auto newest(int n) {
    return [n](storage::retention_rules& r) { r.newest_of_chart = n; };
}
auto of_major(int n) {
    return [n](storage::retention_rules& r) { r.newest_of_major = n; };
}
auto of_minor(int n) {
    return [n](storage::retention_rules& r) { r.newest_of_minor = n; };
}
auto younger(int days) {
    return [days](storage::retention_rules& r) { r.younger_than = day * days; };
}
auto prereleases(int n) {
    return [n](storage::retention_rules& r) { r.newest_prereleases = n; };
}
auto prereleases_younger(int days) {
    return [days](storage::retention_rules& r) { r.prereleases_younger_than = day * days; };
}
auto matching(std::string range) {
    return [range](storage::retention_rules& r) { r.matching = range; };
}

}  // namespace

TEST_CASE("retention by tables") {
    std::vector<std::string_view> const some = {
        "a 1.0.0 90", "a 1.0.1 80", "a 1.1.0 70",      "a 2.0.0 60",
        "a 2.0.1 50", "a 2.1.0 5",  "a 2.2.0-rc.1 40", "a 2.2.0-rc.2 4",
    };
    struct row {
        storage::retention_rules keep;
        std::vector<std::string_view> versions;
        std::string goes;
    };
    std::vector<row> const rows = {
        {{}, some, ""},
        {rules(matching("^1")), some, ""},
        {rules(newest(100)), some, ""},
        {rules(newest(2)), some, "a-2.0.0 a-1.1.0 a-1.0.1 a-1.0.0"},
        {rules(newest(1)), some, "a-2.0.1 a-2.0.0 a-1.1.0 a-1.0.1 a-1.0.0"},
        {rules(of_major(1)), some, "a-2.0.1 a-2.0.0 a-1.0.1 a-1.0.0"},
        {rules(of_minor(1)), some, "a-2.0.0 a-1.0.0"},
        {rules(newest(1), of_minor(1)), some, "a-2.0.0 a-1.0.0"},
        {rules(younger(65)), some, "a-1.1.0 a-1.0.1 a-1.0.0"},
        {rules(younger(65), of_major(1)), some, "a-1.0.1 a-1.0.0"},
        {rules(newest(1), matching("1.0.x")), some, "a-2.0.1 a-2.0.0 a-1.1.0"},
        // of pre-releases
        {rules(prereleases(1)), some, "a-2.2.0-rc.1"},
        {rules(prereleases(0)), some, "a-2.2.0-rc.2 a-2.2.0-rc.1"},
        {rules(prereleases(0), prereleases_younger(30)), some, "a-2.2.0-rc.1"},
        {rules(prereleases_younger(1)), some, "a-2.2.0-rc.2 a-2.2.0-rc.1"},
        {rules(prereleases(0), matching("2.x")), some, "a-2.2.0-rc.2 a-2.2.0-rc.1"},
        {rules(prereleases(0), matching(">=2.2.0-rc.2")), some, "a-2.2.0-rc.1"},
        // the newest release stays, and each chart has its own
        {rules(younger(1)), {"a 1.0.0 9", "a 2.0.0 9", "b 1.0.0 9"}, "a-1.0.0"},
        {rules(newest(1)), {"a 1.0.0 9", "b 2.0.0 9", "b 3.0.0 9"}, "b-2.0.0"},
        {rules(younger(1)), {"a 1.0.0-rc.1 9"}, ""},
        // the minor version of one major is not that of another; an age that is just reached
        {rules(of_minor(1)), {"a 1.1.0 1", "a 2.1.0 1", "a 3.1.0 1"}, ""},
        {rules(younger(9)), {"a 1.0.0 9", "a 1.1.0 8", "a 2.0.0 9"}, "a-1.0.0"},
        // a yanked one takes no place, and keeps the one it had
        {rules(newest(2)), {"a 1.0.0 1", "a 2.0.0 1!", "a 3.0.0 1"}, ""},
        {rules(newest(1)), {"a 1.0.0 1", "a 2.0.0 1!", "a 3.0.0 1"}, "a-2.0.0 a-1.0.0"},
        {rules(newest(1)), {"a 1.0.0 1", "a 2.0.0 1!"}, ""},
        {rules(younger(1)), {"a 1.0.0 9", "a 2.0.0 9!"}, "a-2.0.0"},
        // spelled loosely
        {rules(of_major(1)), {"a v1.0 1", "a 1.2 1", "a 01.1.0 1"}, "a-01.1.0 a-v1.0"},
    };
    for (auto const& r : rows) {
        CAPTURE(&r - rows.data());
        CHECK(doomed(r.keep, r.versions) == r.goes);
    }
}

TEST_CASE("whoever goes hears all the reasons") {
    auto const why = [](storage::retention_rules const& keep, std::string_view version) {
        for (auto const& d : doomed_by(
                 keep, in_order({"a 1.0.0 9", "a 1.0.1 9", "a 1.0.2 9", "a 1.1.0-rc.1 9"}), now))
            if (d.entry.version == version) return d.why;
        return std::string();
    };
    CHECK(why(rules(newest(1)), "1.0.0") == "beyond the newest release");
    CHECK(why(rules(newest(2), of_major(1), of_minor(2), younger(3)), "1.0.0") ==
          "beyond the newest 2 releases; beyond the newest release of 1.x; "
          "beyond the newest 2 releases of 1.0.x; in the channel for more than 3d");
    CHECK(why(rules(prereleases(0)), "1.1.0-rc.1") == "beyond the newest 0 pre-releases");
    CHECK(why(rules([](auto& r) { r.prereleases_younger_than = 90s; }), "1.1.0-rc.1") ==
          "in the channel for more than 90s");
}

TEST_CASE("age counts from when the channel got it, and what is in use stays") {
    auto entry = entry_of("a 1.0.0 100");
    entry.promoted = storage::promotion{"grp/p/edge", 1, now - day};
    auto const newer = entry_of("a 2.0.0 1");
    CHECK(doomed_by(rules(younger(5)), {newer, entry}, now).empty());
    entry.promoted.reset();
    CHECK(doomed_by(rules(younger(5)), {newer, entry}, now).size() == 1);
    auto const all = [](storage::catalogue_entry const&) { return true; };
    CHECK(doomed_by(rules(younger(5)), {newer, entry}, now, all).empty());
}

}  // namespace pilothouse::registry::retention_test
