// Channels beyond the bound of memory go, and come back as they are.
#include "base/runtime.hpp"
#include "index/channel_index.hpp"
#include "tests/unit/index/fake_catalogue.hpp"
#include "tests/unit/index/samples.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace pilothouse::index::making_room_test {

using tests::body;
using tests::make_sample;

namespace {

constexpr storage::project_id harbour{1};

// Channels "0", "1", … of about 10,000 bytes each.
struct house {
    explicit house(std::uint64_t bytes_max, int channels = 4)
        : index(index_format::json, bytes_max) {
        index.read_from(catalogue);
        for (int i = 0; i < channels; ++i)
            catalogue.put(harbour, std::to_string(i), make_sample("a", "1.0.0", i, 10'000));
    }
    std::shared_ptr<index_snapshot const> read(int channel) {
        return run_to_end(index.current(harbour, std::to_string(channel), instant()));
    }
    // Whether it had to be loaded, by the catalogue's own word.
    int scans_of(int channel) {
        int const before = catalogue.scans();
        (void)read(channel);
        return catalogue.scans() - before;
    }

    channel_index index;
    tests::fake_catalogue catalogue{index};
};

}  // namespace

TEST_CASE("beyond the bound the channel that was read longest ago makes room") {
    house h(35'000);
    for (int const i : {0, 1, 2}) (void)h.read(i);
    CHECK(h.index.measure().channels == 3);
    CHECK(h.index.measure().dropped == 0);
    CHECK(h.scans_of(0) == 0);
    (void)h.read(3);
    CHECK(h.index.measure().channels == 3);
    CHECK(h.index.measure().dropped == 1);
    CHECK(h.index.measure().bytes <= 35'000);
    CHECK(h.scans_of(0) == 0);
    CHECK(h.scans_of(2) == 0);
    CHECK(h.scans_of(3) == 0);
    CHECK(h.scans_of(1) == 1);
}

TEST_CASE("a channel larger than the bound is read, and stays until another is") {
    house h(5'000);
    auto const one = h.read(1);
    CHECK(one->versions() == 1);
    CHECK(h.scans_of(1) == 0);
    CHECK(h.scans_of(2) == 1);
    CHECK(h.scans_of(1) == 1);
    CHECK(h.index.measure().channels == 1);
}

TEST_CASE("whoever reads a channel that makes room keeps what he reads") {
    house h(5'000);
    auto const one = h.read(1);
    auto const text = body(one->render("", coding::identity));
    (void)h.read(2);
    CHECK(!h.index.loaded(harbour, "1"));
    CHECK(body(one->render("", coding::identity)) == text);
    CHECK(body(h.read(1)->render("", coding::identity)) == text);
}

TEST_CASE("changes of a channel that is not in memory are in its next read") {
    house h(5'000);
    (void)h.read(1);
    (void)h.read(2);
    h.catalogue.put(harbour, "1", make_sample("a", "2.0.0", 9));
    h.catalogue.take(harbour, "1", "a", "1.0.0");
    auto const again = h.read(1);
    CHECK(again->versions() == 1);
    CHECK(again->generation() == 3);
    CHECK(again->find_archive("a-2.0.0.tgz"));
}

TEST_CASE("views count, and channels that grow make room as well") {
    blocking_pool pool("views", {.threads = 1});
    SUBCASE("views") {
        house h(45'000);
        for (int const i : {0, 1, 2}) (void)h.read(i);
        h.catalogue.put(harbour, "2", make_sample("a", "2.0.0", 1, 10'000));
        CHECK(h.index.measure().dropped == 0);
        auto const l = lens::parse("latest-1").value();
        CHECK(run_to_end(h.index.view(harbour, "2", instant(), l, pool)).value()->versions() == 1);
        CHECK(h.index.measure().dropped == 1);
        CHECK(h.scans_of(2) == 0);
    }
    SUBCASE("growth") {
        house h(45'000);
        for (int const i : {0, 1, 2}) (void)h.read(i);
        for (int i = 0; i < 300; ++i)
            h.catalogue.put(harbour, "2", make_sample("a", std::to_string(i) + ".1.0", i, 300));
        CHECK(h.index.measure().dropped == 2);
        CHECK(h.scans_of(2) == 0);
    }
}

TEST_CASE("no change is missed while channels come and go") {
    constexpr int channels = 4, puts = 150;
    house h(15'000, channels);
    std::atomic<int> missed = 0, writing = channels;
    std::vector<std::thread> threads;
    for (int c = 0; c < channels; ++c)
        threads.emplace_back([&, c] {
            for (int i = 0; i < puts; ++i) {
                auto const s = make_sample("a", std::to_string(i) + ".1.0", i, 100);
                h.catalogue.put(harbour, std::to_string(c), s);
                if (h.read(c)->find_archive(s.file_name()) != s.digest()) ++missed;
            }
            --writing;
        });
    threads.emplace_back([&] {
        for (int i = 0; writing > 0; ++i) (void)h.read(i % channels);
    });
    for (auto& t : threads) t.join();
    CHECK(missed == 0);
    CHECK(h.index.measure().dropped > 0);
    for (int c = 0; c < channels; ++c) CHECK(h.read(c)->versions() == puts + 1);
}

}  // namespace pilothouse::index::making_room_test
