// What is set for a channel, and what pushes make of it.
#include "tests/support/demo_chart.hpp"
#include "tests/use_cases/house.hpp"

namespace pilothouse::tests::settings_test {

using storage::duplicates_rule;

namespace {

using overriding = std::optional<std::optional<duplicates_rule>>;

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

registry::channel_changes read_only(bool value) {
    registry::channel_changes c;
    c.read_only = value;
    return c;
}

}  // namespace

TEST_CASE("what is not named in a change stays") {
    house h;
    registry::channel_changes c;
    c.description = "for\nthe brave";
    c.duplicates = overriding(duplicates_rule::allow);
    REQUIRE(h.edit("edge", c));
    REQUIRE(h.edit("edge", read_only(true)));
    auto const read = h.grant(auth::permission::read_chart);
    auto const found = run_to_end(h.channels.find(read, house::named("edge")));
    REQUIRE(found);
    CHECK(found->settings.description == "for\nthe brave");
    CHECK(found->settings.duplicates == duplicates_rule::allow);
    CHECK(found->settings.read_only);
    c = {};
    c.duplicates = overriding(std::optional<duplicates_rule>());
    CHECK_FALSE(h.edit("edge", c).value().settings.duplicates);
    CHECK_FALSE(run_to_end(h.channels.find(read, house::named("none"))));
}

TEST_CASE("a retention rule that is not named stays, and one is taken away alone or with all") {
    house h;
    registry::channel_changes first;
    first.retention.emplace().newest_of_chart.emplace(3);
    first.retention->younger_than.emplace(std::chrono::hours(1));
    first.retention->matching = "^1";
    REQUIRE(h.edit("edge", first));
    registry::channel_changes second;
    second.retention.emplace().newest_prereleases.emplace(0);
    second.retention->younger_than.emplace(std::nullopt);
    storage::retention_rules both;
    both.newest_of_chart = 3;
    both.newest_prereleases = 0;
    both.matching = "^1";
    CHECK(h.edit("edge", second).value().settings.retention == both);
    CHECK(h.edit("edge", read_only(true)).value().settings.retention == both);
    registry::channel_changes third;
    third.retention.emplace().all_go = true;
    third.retention->newest_of_major.emplace(2);
    storage::retention_rules one;
    one.newest_of_major = 2;
    CHECK(h.edit("edge", third).value().settings.retention == one);
}

TEST_CASE("descriptions and rules that make no sense are refused") {
    house h;
    std::vector<registry::channel_changes> rows(9);
    rows[0].description = std::string(2001, 'x');
    rows[1].description = std::string("\x01", 1);
    rows[2].description = "\xff";
    for (std::size_t i = 3; i < rows.size(); ++i) rows[i].retention.emplace();
    rows[3].retention->newest_of_chart = 0;
    rows[4].retention->newest_of_minor = -1;
    rows[5].retention->newest_prereleases = -1;
    rows[6].retention->younger_than = std::chrono::seconds(0);
    rows[7].retention->prereleases_younger_than = std::chrono::years(300);
    rows[8].retention->matching = "no range";
    for (auto const& row : rows) {
        auto const refused = h.edit("edge", row);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == errc::invalid_argument);
    }
    registry::channel_changes longest;
    for (int i = 0; i < 2000; ++i) longest.description = longest.description.value_or("") + "⚓";
    CHECK(h.edit("edge", longest));
}

TEST_CASE("a channel's rule of duplicates comes before its project's") {
    struct row {
        duplicates_rule project;
        std::optional<duplicates_rule> channel;
        std::string version;
        bool replaced;
    };
    std::string const rc = "1.0.0-rc.1";
    for (auto const& r :
         {row{duplicates_rule::refuse, duplicates_rule::allow, "1.0.0", true},
          row{duplicates_rule::allow, duplicates_rule::refuse, "1.0.0", false},
          row{duplicates_rule::allow, duplicates_rule::prerelease_only, "1.0.0", false},
          row{duplicates_rule::refuse, duplicates_rule::prerelease_only, rc, true},
          row{duplicates_rule::allow, std::nullopt, "1.0.0", true}}) {
        house h;
        h.set_rule(r.project);
        registry::channel_changes c;
        c.duplicates = overriding(r.channel);
        REQUIRE(h.edit("stable", c));
        auto const archive = demo_chart("demo", r.version, "a: 1\n");
        REQUIRE(h.push(archive));
        auto const again = h.push(demo_chart("demo", r.version, "a: 2\n"));
        CHECK(again.has_value() == r.replaced);
        if (!again) CHECK(has(again.error().detail, "the channel's setting `duplicates`"));
    }
}

TEST_CASE("the provenance of a release is protected as the release is") {
    struct row {
        duplicates_rule rule;
        std::string version;
        bool replaced;
    };
    for (auto const& r : {row{duplicates_rule::refuse, "1.0.0", false},
                          row{duplicates_rule::prerelease_only, "1.0.0", false},
                          row{duplicates_rule::prerelease_only, "1.0.0-rc.1", true},
                          row{duplicates_rule::allow, "1.0.0", true}}) {
        house h;
        h.set_rule(r.rule);
        auto const archive = demo_chart("demo", r.version);
        auto const signature = demo_provenance("demo", r.version, archive);
        REQUIRE(h.push(archive, signature));
        auto const again = h.push(archive, signature + "\n");
        CHECK(again.has_value() == r.replaced);
        if (!again) CHECK(again.error().code == errc::conflict);
    }
}

TEST_CASE("a read-only channel is told to whoever pushes or removes, before a byte is stored") {
    house h;
    auto const archive = demo_chart("demo", "1.0.0");
    REQUIRE(h.push(archive));
    REQUIRE(h.edit("stable", read_only(true)));
    auto const denied = [](auto const& answer) {
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == errc::denied);
        CHECK(has(answer.error().detail, "`read_only`"));
    };
    denied(h.push(demo_chart("demo", "2.0.0")));
    denied(h.push(archive, demo_provenance("demo", "1.0.0", archive)));
    denied(run_to_end(h.remove_use_case(h.grant(auth::permission::remove_chart), house::stable(),
                                        "demo", "1.0.0")));
    CHECK(h.blob_count() == 1);
    CHECK(h.pull_archive("demo-1.0.0.tgz"));
    REQUIRE(h.edit("stable", read_only(false)));
    CHECK(h.push(demo_chart("demo", "2.0.0")));
}

TEST_CASE("a channel's own index format is what its readers get") {
    house h;
    REQUIRE(h.push(demo_chart("demo", "1.0.0")));
    CHECK(h.index_text("stable").starts_with("{"));
    registry::channel_changes c;
    c.index_format = storage::index_choice::yaml;
    REQUIRE(h.edit("stable", c));
    CHECK(h.index_text("stable").starts_with("---"));
    CHECK(h.pull_archive("demo-1.0.0.tgz"));
}

}  // namespace pilothouse::tests::settings_test
