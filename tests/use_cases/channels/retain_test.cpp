// Retention on a channel: dry, for real, and everywhere.
#include "tests/support/demo_chart.hpp"
#include "tests/support/put_record.hpp"
#include "tests/use_cases/house.hpp"

#include <utility>

namespace pilothouse::tests::retain_test {

using auth::permission;

namespace {

struct harbour : house {
    harbour() {
        for (auto const* const v : {"1.0.0", "1.1.0", "2.0.0"})
            REQUIRE(push_to("edge", demo_chart("demo", v)));
        registry::channel_changes c;
        c.retention.emplace().newest_of_chart = 2;
        REQUIRE(edit("edge", c));
    }
    result<std::vector<registry::doomed_version>> tidy(permission right, bool dry_run) {
        auto done = run_to_end(retain(grant(right), named("edge"), dry_run));
        if (!done) return done.error();
        return std::move(done->gone);
    }
    registry::retain_charts::round everywhere() {
        return run_to_end(retain.everywhere(operator_grant()));
    }
    std::size_t held() {
        return run_to_end(stores->catalogue().list(project.id, "edge", std::nullopt)).size();
    }
};

}  // namespace

TEST_CASE("a dry run says what would go, and removes nothing") {
    harbour h;
    auto const dry = h.tidy(permission::read_chart, true);
    REQUIRE(dry);
    REQUIRE(dry->size() == 1);
    CHECK(dry->front().entry.version == "1.0.0");
    CHECK(dry->front().why == "beyond the newest 2 releases");
    CHECK(h.held() == 3);
    CHECK(h.tidy(permission::read_chart, false).error().code == errc::denied);
    REQUIRE(h.tidy(permission::remove_chart, false));
    CHECK(h.held() == 2);
    CHECK(h.tidy(permission::remove_chart, false).value().empty());
    CHECK_FALSE(run_to_end(h.retain(h.grant(permission::read_chart), house::named("none"), true)));
}

TEST_CASE("everywhere means where rules are, and not where nothing may change") {
    harbour h;
    REQUIRE(h.push_to("stable", demo_chart("demo", "1.0.0")));
    registry::channel_changes c;
    c.read_only = true;
    REQUIRE(h.edit("edge", c));
    CHECK(h.everywhere().versions == 0);
    CHECK(h.tidy(permission::remove_chart, false).error().code == errc::denied);
    c.read_only = false;
    REQUIRE(h.edit("edge", c));
    h.project.archived = true;
    REQUIRE(run_to_end(tests::put_record(h.stores->projects(), h.project)));
    CHECK(h.everywhere().versions == 0);
    h.project.archived = false;
    REQUIRE(run_to_end(tests::put_record(h.stores->projects(), h.project)));
    auto const done = h.everywhere();
    CHECK(done.channels == 1);
    CHECK(done.versions == 1);
    CHECK(h.held() == 2);
    CHECK(h.versions_in_index() == 1);
}

TEST_CASE("what is set while a round is under way counts when a channel's turn comes") {
    // The question whether a version is in use is asked in the middle of a round.
    auto const round_with = [](auto meanwhile) {
        harbour h;
        REQUIRE(h.push_to("stable", demo_chart("demo", "1.0.0")));
        REQUIRE(h.push_to("stable", demo_chart("demo", "2.0.0")));
        registry::channel_changes c;
        c.retention.emplace().newest_of_chart.emplace(1);
        REQUIRE(h.edit("stable", c));
        bool first = true;
        registry::retain_charts slow({h.stores->catalogue(), h.stores->channels(),
                                      h.stores->curator(), h.stores->projects()},
                                     h.auditor, h.time, [&](storage::catalogue_entry const&) {
                                         if (std::exchange(first, false)) meanwhile(h);
                                         return false;
                                     });
        auto const done = run_to_end(slow.everywhere(h.operator_grant()));
        CHECK_FALSE(first);
        CHECK(h.held() == 2);
        return done.versions;
    };
    CHECK(round_with([](harbour&) {}) == 2);
    CHECK(round_with([](harbour& h) {
              storage::protection_rule rule;
              rule.pattern = "demo";
              rule.remove = storage::role::owner;
              REQUIRE(run_to_end(h.stores->protections().add(h.project.id, rule)));
          }) == 1);
    CHECK(round_with([](harbour& h) {
              h.project.archived = true;
              REQUIRE(run_to_end(tests::put_record(h.stores->projects(), h.project)));
          }) == 1);
    CHECK(round_with([](harbour& h) {
              registry::channel_changes none;
              none.retention.emplace().all_go = true;
              REQUIRE(h.edit("stable", none));
          }) == 1);
    CHECK(round_with([](harbour& h) {
              registry::channel_changes closed;
              closed.read_only = true;
              REQUIRE(h.edit("stable", closed));
          }) == 1);
}

TEST_CASE("what is in use stays, whatever the rules") {
    harbour h;
    registry::retain_charts careful(
        {h.stores->catalogue(), h.stores->channels(), h.stores->curator(), h.stores->projects()},
        h.auditor, h.time, [](storage::catalogue_entry const& e) { return e.version == "1.0.0"; });
    CHECK(run_to_end(careful.everywhere(h.operator_grant())).versions == 0);
    CHECK(h.held() == 3);
}

}  // namespace pilothouse::tests::retain_test
