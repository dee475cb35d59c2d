// What a put costs, and how much memory a channel takes: printed, not judged, because machines
// differ.
#include "index/snapshot.hpp"
#include "tests/unit/index/samples.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace pilothouse::index::scale_test {

namespace {

constexpr int versions_a_chart = 10;

std::uint64_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t size = 0, resident = 0;
    file >> size >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::string chart_of(int index) { return "c" + std::to_string(100'000 + index / versions_a_chart); }

std::shared_ptr<snapshot const> channel_of(int versions) {
    group_list_builder builder(index_format::json);
    for (int i = 0; i < versions; ++i) {
        std::string const version =
            std::to_string(versions_a_chart - i % versions_a_chart) + ".0.0";
        auto const s = tests::make_sample(chart_of(i), version, i, 350);
        builder.add({s.chart, s.version, s.created, s.fragment});
    }
    return std::make_shared<snapshot>(builder.finish(), 1, instant());
}

// The median of many puts, each into another place.
double put_microseconds(std::shared_ptr<snapshot const> now, int versions) {
    std::vector<double> times;
    for (int i = 0; i < 300; ++i) {
        auto const s = tests::make_sample(chart_of(i * 7919 % versions), "0.1.0", i, 350);
        storage::index_change change;
        change.chart = s.chart;
        change.version = s.version;
        change.created = s.created;
        change.fragment = s.fragment;
        change.generation = now->generation() + 1;
        auto const begin = std::chrono::steady_clock::now();
        now = now->after(change);
        std::chrono::duration<double, std::micro> const took =
            std::chrono::steady_clock::now() - begin;
        times.push_back(took.count());
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

}  // namespace

TEST_CASE("a put costs about the same in a channel of 1,000 and of 100,000 versions") {
    auto const small = channel_of(1000);
    auto const before = resident_bytes();
    auto const large = channel_of(100'000);
    auto const resident = resident_bytes() - before;
    CHECK(large->versions() == 100'000);

    double const at_small = put_microseconds(small, 1000);
    double const at_large = put_microseconds(large, 100'000);
    MESSAGE("a put: " << at_small << " us at 1,000 versions, " << at_large << " us at 100,000: x "
                      << at_large / at_small);
    MESSAGE("100,000 versions: " << large->identity_bytes() << " bytes, resident x "
                                 << static_cast<double>(resident) /
                                        static_cast<double>(large->identity_bytes()));
    CHECK(large->find_archive("c105000-3.0.0.tgz"));
    CHECK(!large->find_archive("c105000-11.0.0.tgz"));
}

}  // namespace pilothouse::index::scale_test
