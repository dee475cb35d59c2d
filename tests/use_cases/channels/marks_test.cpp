// Deprecated and yanked versions, as readers meet them.
#include "tests/support/demo_chart.hpp"
#include "tests/use_cases/house.hpp"

#include <algorithm>

namespace pilothouse::tests::marks_test {

using auth::permission;
using outcome = storage::added::outcome;

namespace {

struct harbour : house {
    using marked = result<std::vector<storage::catalogue_entry>>;
    marked deprecate(registry::version_choice const& which, std::string reason = "too old") {
        return run_to_end(
            marks.deprecate(grant(permission::push_chart), stable(), which, std::move(reason)));
    }
    marked undeprecate(registry::version_choice const& which) {
        return run_to_end(marks.undeprecate(grant(permission::push_chart), stable(), which));
    }
    marked yank(registry::version_choice const& which, std::string reason = "leaks") {
        return run_to_end(
            marks.yank(grant(permission::remove_chart), stable(), which, std::move(reason)));
    }
    marked unyank(registry::version_choice const& which) {
        return run_to_end(marks.unyank(grant(permission::remove_chart), stable(), which));
    }
    std::string entries() {
        auto const text = index_text("stable");
        return text.substr(0, text.find("\"generated\""));
    }
};

registry::version_choice const one{"demo", {"1.0.0"}, {}};

}  // namespace

TEST_CASE("a deprecated version says so in the index, until it is taken back byte for byte") {
    harbour h;
    REQUIRE(h.push(demo_chart("demo", "1.0.0")));
    REQUIRE(h.push(demo_chart("demo", "2.0.0")));
    auto const before = h.entries();
    REQUIRE(before.find("deprecated") == std::string::npos);
    auto const marked = h.deprecate(one, "use \"2.0.0\"");
    REQUIRE(marked);
    CHECK(marked->front().deprecated->at == h.time.now());
    auto const text = h.entries();
    CHECK(text.find(R"("deprecated":true,"annotations":)"
                    R"({"pilothouse.dev/deprecated-reason":"use \"2.0.0\"")") != std::string::npos);
    CHECK(text.find("deprecated\":true") == text.rfind("deprecated\":true"));
    CHECK(h.pull_archive("demo-1.0.0.tgz"));
    REQUIRE(h.undeprecate(one));
    CHECK(h.entries() == before);
    REQUIRE(h.deprecate({"demo", {}, {}}, ""));
    CHECK(h.entries().find("deprecated-reason") == std::string::npos);
    REQUIRE(h.undeprecate({"demo", {}, {}}));
    CHECK(h.entries() == before);
}

TEST_CASE("a yanked version is in no index, is still pulled, and says why") {
    harbour h;
    auto const archive = demo_chart("demo", "1.0.0");
    REQUIRE(h.push(archive, demo_provenance("demo", "1.0.0", archive)));
    auto const before = h.entries();
    REQUIRE(h.yank(one));
    CHECK(h.versions_in_index() == 0);
    auto const pulled = h.pull_archive("demo-1.0.0.tgz");
    REQUIRE(pulled);
    CHECK(pulled->digest == sha256(archive));
    CHECK(pulled->yanked_reason == "leaks");
    auto const read = h.grant(permission::read_chart);
    CHECK(run_to_end(h.pull.provenance(read, house::stable(), "demo-1.0.0.tgz"))
              .value()
              .yanked_reason == "leaks");
    CHECK_FALSE(h.pull_archive("demo-9.0.0.tgz"));
    h.time.advance(std::chrono::hours(48));
    CHECK(h.collect_garbage(std::chrono::hours(1)).blobs_removed == 0);

    REQUIRE(h.unyank(one));
    CHECK(h.entries() == before);
    CHECK_FALSE(h.pull_archive("demo-1.0.0.tgz").value().yanked_reason);
}

TEST_CASE("a push under a yanked version is unchanged, or refused whatever the rule") {
    harbour h;
    h.set_rule(storage::duplicates_rule::allow);
    REQUIRE(h.push(demo_chart("demo", "1.0.0")));
    REQUIRE(h.yank(one));
    auto const same = h.push(demo_chart("demo", "1.0.0"));
    REQUIRE(same);
    CHECK(same->outcome == outcome::unchanged);
    CHECK(h.versions_in_index() == 0);
    auto const other = h.push(demo_chart("demo", "1.0.0", "a: 2\n"));
    REQUIRE_FALSE(other);
    CHECK(other.error().code == errc::conflict);
    CHECK(other.error().detail.find("yanked (leaks)") != std::string::npos);
    CHECK(h.blob_count() == 1);
}

TEST_CASE("reasons are short, on one line, and needed for a yank") {
    harbour h;
    REQUIRE(h.push(demo_chart("demo", "1.0.0")));
    for (auto const& reason : {std::string(501, 'x'), std::string("a\nb"), std::string("\xff")}) {
        CHECK(h.deprecate(one, reason).error().code == errc::invalid_argument);
        CHECK(h.yank(one, reason).error().code == errc::invalid_argument);
    }
    CHECK(h.yank(one, "").error().code == errc::invalid_argument);
    CHECK(h.yank(one, "  ").error().code == errc::invalid_argument);
    CHECK(h.yank({"demo", {"9.9.9"}, {}}).error().code == errc::not_found);
    CHECK(h.yank(one, std::string(500, 'x')));
}

TEST_CASE("ten thousand versions are marked or promoted at once, and not one more") {
    harbour h;
    REQUIRE(h.push_to("sample", demo_chart("demo", "1.0.0")));
    auto const sample =
        run_to_end(h.stores->catalogue().find(h.project.id, "sample", "demo-1.0.0.tgz")).value();
    for (std::size_t i = 0; i <= registry::versions_at_once_max; ++i) {
        auto e = sample;
        e.chart = i == 0 ? "other" : "demo";
        e.version = "1.0." + std::to_string(i);
        e.precedence_key = std::to_string(100'000 + i);
        e.file_name = e.chart + "-" + e.version + ".tgz";
        REQUIRE(run_to_end(h.stores->catalogue().add(h.project.id, "stable", std::move(e),
                                                     storage::on_duplicate::refuse)));
    }
    auto const too_many = [](auto const& answer) {
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == errc::invalid_argument);
        CHECK(answer.error().detail.find("10000 versions") != std::string::npos);
    };
    registry::version_choice const all;
    too_many(h.deprecate(all));
    too_many(h.yank(all));
    too_many(
        run_to_end(h.promote(h.grant(permission::remove_chart), h.grant(permission::push_chart),
                             {house::stable(), house::named("next"), all, false})));
    auto const yanked = [&] {
        auto const now =
            run_to_end(h.stores->catalogue().list(h.project.id, "stable", std::nullopt));
        return std::ranges::count_if(now, [](auto const& e) { return e.yanked.has_value(); });
    };
    CHECK(yanked() == 0);
    CHECK(h.deprecate({"demo", {}, {}}).value().size() == registry::versions_at_once_max);
    CHECK(h.yank({"demo", {}, {}}).value().size() == registry::versions_at_once_max);
    CHECK(yanked() == registry::versions_at_once_max);
}

}  // namespace pilothouse::tests::marks_test
