#include "tests/support/demo_chart.hpp"
#include "tests/use_cases/house.hpp"

namespace pilothouse::tests::basics_test {

using outcome = storage::added::outcome;

TEST_CASE("a pushed chart can be pulled, and is in the very next index") {
    house h;
    auto const archive = demo_chart("demo", "1.2.3");
    auto const pushed = h.push(archive);
    REQUIRE(pushed);
    CHECK(pushed->outcome == outcome::created);
    CHECK(pushed->entry.file_name == "demo-1.2.3.tgz");
    CHECK(pushed->entry.digest == sha256(archive));
    CHECK(pushed->entry.created == h.time.now());
    CHECK(h.versions_in_index() == 1);
    auto const pulled = h.pull_archive("demo-1.2.3.tgz");
    REQUIRE(pulled);
    CHECK(pulled->digest == sha256(archive));
    CHECK(pulled->content->size_bytes == archive.size());
}

TEST_CASE("the same content again changes nothing, however it is packed") {
    house h;
    auto const first = demo_chart("demo", "1.0.0");
    REQUIRE(h.push(first));
    h.time.advance(std::chrono::hours(1));
    auto const again = h.push(demo_chart("demo", "1.0.0", "", 1'700'000'000));
    REQUIRE(again);
    CHECK(again->outcome == outcome::unchanged);
    CHECK(again->entry.digest == sha256(first));
    CHECK(h.blob_count() == 1);
}

TEST_CASE("other content under a published version follows the project's rule") {
    house h;
    auto const rc = "1.0.0-rc.1";
    struct row {
        storage::duplicates_rule rule;
        std::string version;
        bool replaced;
    };
    for (auto const& r : {row{storage::duplicates_rule::refuse, "1.0.0", false},
                          row{storage::duplicates_rule::refuse, rc, false},
                          row{storage::duplicates_rule::allow, "1.0.0", true},
                          row{storage::duplicates_rule::prerelease_only, "2.0.0", false},
                          row{storage::duplicates_rule::prerelease_only, rc, true}}) {
        CAPTURE(r.version);
        h.set_rule(storage::duplicates_rule::allow);
        REQUIRE(h.push(demo_chart("demo", r.version, "a: 1\n")));
        h.set_rule(r.rule);
        auto const again = h.push(demo_chart("demo", r.version, "a: 2\n"));
        CHECK(again.has_value() == r.replaced);
        if (!again) {
            CHECK(again.error().code == errc::conflict);
            CHECK(again.error().detail.find("`duplicates`") != std::string::npos);
        } else {
            CHECK(again->outcome == outcome::replaced);
        }
    }
}

TEST_CASE("provenance comes with its chart or not at all") {
    house h;
    auto const archive = demo_chart("demo", "1.0.0");
    auto const wrong = h.push(archive, demo_provenance("demo", "1.0.0", "other bytes"));
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().code == errc::invalid_provenance);
    CHECK(h.blob_count() == 0);

    REQUIRE(h.push(archive, demo_provenance("demo", "1.0.0", archive)));
    auto const read = h.grant(auth::permission::read_chart);
    CHECK(run_to_end(h.pull.provenance(read, house::stable(), "demo-1.0.0.tgz")));
    CHECK(h.blob_count() == 2);

    auto const repacked = demo_chart("demo", "1.0.0", "", 1'700'000'000);
    auto const again = h.push(repacked, demo_provenance("demo", "1.0.0", repacked));
    REQUIRE(again);
    CHECK(again->outcome == outcome::unchanged);
}

TEST_CASE("a signature of repacked bytes cannot be attached to the published ones") {
    house h;
    REQUIRE(h.push(demo_chart("demo", "1.0.0")));
    auto const repacked = demo_chart("demo", "1.0.0", "", 1'700'000'000);
    auto const signed_again = h.push(repacked, demo_provenance("demo", "1.0.0", repacked));
    REQUIRE_FALSE(signed_again);
    CHECK(signed_again.error().code == errc::invalid_provenance);
}

TEST_CASE("another signature of the published bytes follows the project's rule") {
    for (auto const rule : {storage::duplicates_rule::refuse, storage::duplicates_rule::allow}) {
        house h;
        h.set_rule(rule);
        auto const archive = demo_chart("demo", "1.0.0");
        auto const first = demo_provenance("demo", "1.0.0", archive);
        auto const second = first + "\n";
        REQUIRE(h.push(archive, first));
        auto const again = h.push(archive, second);
        CHECK(again.has_value() == (rule == storage::duplicates_rule::allow));
        auto const read = h.grant(auth::permission::read_chart);
        auto const served = run_to_end(h.pull.provenance(read, house::stable(), "demo-1.0.0.tgz"));
        REQUIRE(served);
        CHECK(served->digest == sha256(again ? second : first));
    }
}

TEST_CASE("what is not a chart is refused before anything is stored") {
    house h;
    for (auto const& bad :
         {std::string(), std::string("text"), demo_chart("demo", "latest"),
          demo_chart("de mo", "1.0.0"), demo_chart("demo", "1.0.0").substr(0, 100)}) {
        CHECK_FALSE(h.push(bad));
    }
    CHECK(h.blob_count() == 0);
    CHECK(h.versions_in_index() == 0);
}

TEST_CASE("an import keeps the time of its source, and takes only what it was offered") {
    house h;
    auto const push = [&](std::string archive, std::optional<instant> created, std::string name) {
        auto request =
            registry::push_request{house::stable(), run_to_end(h.stage(std::move(archive))),
                                   std::nullopt, created, std::move(name)};
        return run_to_end(
            h.push_use_case(h.grant(auth::permission::push_chart), std::move(request)));
    };
    auto const created = from_rfc3339("2020-02-03T04:05:06.789Z");
    auto const other = push(demo_chart("demo", "1.2.3"), created, "demo-1.2.4.tgz");
    REQUIRE(!other);
    CHECK(other.error().code == errc::unacceptable_chart);
    CHECK(h.blob_count() == 0);

    auto const taken = push(demo_chart("demo", "1.2.3"), created, "demo-1.2.3.tgz");
    REQUIRE(taken);
    CHECK(taken->entry.created == created);
    CHECK(taken->entry.fragment.find("\"created\":\"2020-02-03T04:05:06.789000000Z\"") !=
          std::string::npos);
    auto const again = push(demo_chart("demo", "1.2.3"), h.time.now(), "demo-1.2.3.tgz");
    REQUIRE(again);
    CHECK(again->outcome == outcome::unchanged);
    CHECK(again->entry.created == created);
}

}  // namespace pilothouse::tests::basics_test
