#include "tests/support/demo_chart.hpp"
#include "tests/use_cases/house.hpp"

namespace pilothouse::tests::collect_garbage_test {

TEST_CASE("the collector removes what nobody names, once it is old enough") {
    house h;
    h.set_rule(storage::duplicates_rule::allow);
    REQUIRE(h.push(demo_chart("demo", "1.0.0", "a: 1\n")));
    REQUIRE(h.push(demo_chart("demo", "1.0.0", "a: 2\n")));
    REQUIRE(h.blob_count() == 2);

    CHECK(h.collect_garbage(std::chrono::hours(1)).blobs_removed == 0);
    h.time.advance(std::chrono::hours(2));
    CHECK(h.collect_garbage(std::chrono::hours(1), true).blobs_removed == 1);
    CHECK(h.blob_count() == 2);
    auto const report = h.collect_garbage(std::chrono::hours(1));
    CHECK(report.blobs_removed == 1);
    CHECK(report.blobs_kept == 1);
    CHECK(report.bytes_removed == demo_chart("demo", "1.0.0", "a: 1\n").size());
    CHECK(h.pull_archive("demo-1.0.0.tgz"));
}

TEST_CASE("removed versions leave the index at once and the disk with the collector") {
    house h;
    REQUIRE(h.push(demo_chart("demo", "1.0.0")));
    REQUIRE(h.push(demo_chart("demo", "2.0.0")));
    auto const remove = h.grant(auth::permission::remove_chart);
    REQUIRE(run_to_end(h.remove_use_case(remove, house::stable(), "demo", "1.0.0")));
    CHECK(h.versions_in_index() == 1);
    CHECK_FALSE(h.pull_archive("demo-1.0.0.tgz"));
    CHECK_FALSE(run_to_end(h.remove_use_case(remove, house::stable(), "demo", "1.0.0")));
    h.time.advance(std::chrono::hours(2));
    CHECK(h.collect_garbage(std::chrono::hours(1)).blobs_removed == 1);
    CHECK(h.blob_count() == 1);
}

TEST_CASE("a dry run is in nobody's way, and a claimed blob is spared") {
    house h;
    REQUIRE(h.push(demo_chart("demo", "1.0.0")));
    auto const digest = sha256(demo_chart("demo", "1.0.0"));
    REQUIRE(run_to_end(h.remove_use_case(h.grant(auth::permission::remove_chart), house::stable(),
                                         std::nullopt, std::nullopt)));
    h.time.advance(std::chrono::hours(2));
    auto const pin = h.pins.hold(digest);
    CHECK(h.collect_garbage(std::chrono::hours(1), true).blobs_removed == 1);
    auto const report = h.collect_garbage(std::chrono::hours(1));
    CHECK(report.blobs_removed == 0);
    CHECK(report.blobs_kept == 1);
    CHECK(report.bytes_kept == demo_chart("demo", "1.0.0").size());
}

TEST_CASE("many are collected in batches, and one that cannot be removed is told") {
    house h;
    h.set_rule(storage::duplicates_rule::allow);
    for (int n = 0; n < 300; ++n)
        REQUIRE(h.push(demo_chart("demo", "1.0.0", "n: " + std::to_string(n) + "\n")));
    h.time.advance(std::chrono::hours(2));
    h.faulty.fuse.blow_at(5, fault::exception);  // list, named, named again, the first removal
    auto const report = h.collect_garbage(std::chrono::hours(1));
    CHECK(report.errors == 1);
    CHECK(report.first_error == "an injected exception");
    CHECK(report.blobs_removed == 298);
    CHECK(report.blobs_kept == 2);
    h.faulty.fuse.blow_at(0, fault::exception);
    CHECK(h.collect_garbage(std::chrono::hours(1)).blobs_removed == 1);
    CHECK(h.blob_count() == 1);
    CHECK(h.pull_archive("demo-1.0.0.tgz"));
    for (int n = 0; n < 299; ++n) {
        auto const digest = sha256(demo_chart("demo", "1.0.0", "n: " + std::to_string(n) + "\n"));
        CHECK(h.pins.hold(digest));  // no claim is left
    }
}

TEST_CASE("a digest is never pinned and claimed at once") {
    registry::blob_pins pins;
    auto const a = sha256("a");
    auto const b = sha256("b");
    {
        auto const first = pins.hold(a);
        auto const second = pins.hold(a);
        CHECK(first);
        CHECK(second);
        auto const claimed = pins.claim({a, b});
        CHECK(claimed == std::vector{b});
        CHECK_FALSE(pins.hold(b));
        pins.release(claimed);
        CHECK(pins.hold(b));
    }
    CHECK(pins.claim({a}) == std::vector{a});
}

}  // namespace pilothouse::tests::collect_garbage_test
