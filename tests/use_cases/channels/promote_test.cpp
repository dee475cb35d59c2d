// Versions from one channel into another.
#include "tests/support/demo_chart.hpp"
#include "tests/use_cases/house.hpp"

namespace pilothouse::tests::promote_test {

using auth::permission;
using outcome = storage::added::outcome;

namespace {

using words = std::vector<std::string>;

struct harbour : house {
    result<std::vector<storage::added>> run(registry::version_choice which, bool move = false,
                                            std::string const& to = "stable") {
        auto const source = grant(move ? permission::remove_chart : permission::read_chart);
        auto const target = grant(permission::push_chart);
        return run_to_end(promote(source, target, {named("edge"), named(to), which, move}));
    }
    words versions_in(std::string const& channel) {
        words all;
        auto const entries =
            run_to_end(stores->catalogue().list(project.id, channel, std::nullopt));
        for (auto const& e : entries) all.push_back(e.version);
        return all;
    }
    void fill(words const& versions) {
        for (auto const& v : versions) REQUIRE(push_to("edge", demo_chart("demo", v)));
    }
};

registry::version_choice range(std::string const& text) {
    registry::version_choice c;
    c.chart = "demo";
    c.range = chart::version_range::parse(text).value();
    return c;
}

}  // namespace

TEST_CASE("a promoted version is in the other index at once, from the very same bytes") {
    harbour h;
    auto const archive = demo_chart("demo", "1.0.0");
    REQUIRE(h.push_to("edge", archive, demo_provenance("demo", "1.0.0", archive)));
    auto const blobs = h.blob_count();
    CHECK(h.versions_in_index() == 0);
    auto const done = h.run({"demo", {"1.0.0"}, {}});
    REQUIRE(done);
    CHECK(done->front().what == outcome::created);
    CHECK(done->front().entry.promoted->from == "grp/p/edge");
    CHECK(done->front().entry.promoted->at == h.time.now());
    CHECK(h.versions_in_index() == 1);
    CHECK(h.blob_count() == blobs);
    CHECK(h.pull_archive("demo-1.0.0.tgz").value().digest == sha256(archive));
    CHECK(run_to_end(
        h.pull.provenance(h.grant(permission::read_chart), house::stable(), "demo-1.0.0.tgz")));
    auto const line = [](std::string const& text) {
        return text.substr(0, text.find("\"generated\""));
    };
    CHECK(line(h.index_text("edge")) == line(h.index_text("stable")));
    CHECK(h.run({"demo", {"1.0.0"}, {}}).value().front().what == outcome::unchanged);
}

TEST_CASE("versions are meant by name, by range, by chart, or all of them") {
    struct row {
        registry::version_choice which;
        words promoted;
    };
    for (auto const& r :
         {row{{"demo", {"1.0.0", "2.0.0"}, {}}, {"2.0.0", "1.0.0"}},
          row{range("^1"), {"1.1.0", "1.0.0"}}, row{range(">=2.0.0-0"), {"2.0.0", "2.0.0-rc.1"}},
          row{{"demo", {}, {}}, {"2.0.0", "2.0.0-rc.1", "1.1.0", "1.0.0"}},
          row{{}, {"2.0.0", "2.0.0-rc.1", "1.1.0", "1.0.0", "7.0.0"}}}) {
        harbour h;
        h.fill({"1.0.0", "1.1.0", "2.0.0-rc.1", "2.0.0"});
        REQUIRE(h.push_to("edge", demo_chart("other", "7.0.0")));
        REQUIRE(h.run(r.which));
        CHECK(h.versions_in("stable") == r.promoted);
        CHECK(h.versions_in("edge").size() == 5);
    }
}

TEST_CASE("what is not there, and what makes no sense, promotes nothing") {
    harbour h;
    h.fill({"1.0.0"});
    struct row {
        registry::version_choice which;
        errc why;
    };
    auto both = range("^1");
    both.versions = {"1.0.0"};
    for (auto const& r :
         {row{{"demo", {"1.0.0", "9.0.0"}, {}}, errc::not_found},
          row{{"none", {}, {}}, errc::not_found}, row{range("^9"), errc::not_found},
          row{{{}, {"1.0.0"}, {}}, errc::invalid_argument}, row{both, errc::invalid_argument}}) {
        auto const refused = h.run(r.which);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == r.why);
    }
    CHECK(h.run({"demo", {}, {}}, false, "edge").error().code == errc::invalid_argument);
    CHECK(h.versions_in_index() == 0);
}

TEST_CASE("the target's duplicates rule decides about other content, for all of them together") {
    harbour h;
    h.fill({"1.0.0", "2.0.0"});
    REQUIRE(h.push_to("stable", demo_chart("demo", "2.0.0", "a: 2\n")));
    auto const refused = h.run({"demo", {}, {}});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::conflict);
    CHECK(refused.error().detail.find("demo-2.0.0.tgz") != std::string::npos);
    CHECK(h.versions_in("stable") == words{"2.0.0"});

    registry::channel_changes allow;
    allow.duplicates = std::optional(storage::duplicates_rule::allow);
    REQUIRE(h.edit("stable", allow));
    auto const done = h.run({"demo", {}, {}});
    REQUIRE(done);
    CHECK(done->at(0).what == outcome::replaced);
    CHECK(done->at(1).what == outcome::created);
}

TEST_CASE("yanked versions stay behind, and are refused by name") {
    harbour h;
    h.fill({"1.0.0", "1.1.0"});
    REQUIRE(run_to_end(h.marks.yank(h.grant(permission::remove_chart), house::named("edge"),
                                    {"demo", {"1.0.0"}, {}}, "leaks")));
    REQUIRE(h.run(range("^1")));
    CHECK(h.versions_in("stable") == words{"1.1.0"});
    auto const refused = h.run({"demo", {"1.0.0"}, {}});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::conflict);
    CHECK(refused.error().detail.find("leaks") != std::string::npos);
}

TEST_CASE("a move takes the right to remove, and leaves nothing") {
    harbour h;
    h.fill({"1.0.0", "1.1.0"});
    auto const read = h.grant(permission::read_chart);
    auto const push = h.grant(permission::push_chart);
    registry::version_choice const which{"demo", {"1.0.0"}, {}};
    auto const refused =
        run_to_end(h.promote(read, push, {house::named("edge"), house::stable(), which, true}));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::denied);
    REQUIRE(h.run(which, true));
    CHECK(h.versions_in("edge") == words{"1.1.0"});
    CHECK(h.versions_in("stable") == words{"1.0.0"});
    CHECK(h.pull_archive("demo-1.0.0.tgz"));
}

TEST_CASE("whichever storage call fails, a move is wholly done or not at all") {
    for (auto const how : {fault::failure, fault::exception, fault::lost}) {
        for (int n = 1;; ++n) {
            harbour h;
            h.fill({"1.0.0", "1.1.0"});
            h.faulty.fuse.blow_at(n, how);
            try {
                (void)h.run({"demo", {}, {}}, true);
            } catch (std::runtime_error const&) {
            }
            bool const ended = h.faulty.fuse.calls() < n;
            h.faulty.fuse.blow_at(0, how);
            auto const there = h.versions_in("stable").size();
            CHECK((there == 0 || there == 2));
            CHECK(h.versions_in("edge").size() + there == 2);
            CHECK(h.versions_in_index() == there);
            // What is pinned for good could never be collected.
            CHECK(h.pins.claim({sha256(demo_chart("demo", "1.0.0"))}).size() == 1);
            if (ended) break;
        }
    }
}

}  // namespace pilothouse::tests::promote_test
