// The contract of storage::channel_store, and what its settings do to the catalogue.
#include "storage/channel_store.hpp"

#include "tests/contract/harness.hpp"
#include "tests/support/put_record.hpp"

#include <string>
#include <vector>

namespace pilothouse::tests::channel_store_test {

namespace {

using storage::on_duplicate;
using kind = storage::index_change::kind;

storage::channel_settings all_set() {
    storage::channel_settings s;
    s.description = "for the brave \"'\n ⚓";
    s.duplicates = storage::duplicates_rule::prerelease_only;
    s.index_format = storage::index_choice::yaml;
    s.read_only = true;
    s.retention.newest_of_chart = 1;
    s.retention.newest_of_major = 2;
    s.retention.newest_of_minor = 0;
    s.retention.younger_than = std::chrono::hours(24);
    s.retention.newest_prereleases = 4;
    s.retention.prereleases_younger_than = std::chrono::seconds(5);
    s.retention.matching = ">=1.0.0 <2.0.0 || 7.x";
    return s;
}

std::vector<std::string> names(std::vector<storage::channel_record> const& channels) {
    std::vector<std::string> all;
    for (auto const& c : channels) all.push_back(c.name);
    return all;
}

}  // namespace

TEST_CASE_TEMPLATE("What is set for a channel is found, and kept over a restart", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    CHECK_FALSE(wait(stores->channels().find(project.id, "edge")));
    auto const made = wait(put_settings(stores->channels(), project.id, "edge", all_set()));
    REQUIRE(made);
    CHECK(made->id.value > 0);
    CHECK(made->settings == all_set());
    if constexpr (!std::is_same_v<Adapter, memory_adapter>) stores.reopen();
    auto const found = wait(stores->channels().find(project.id, "edge"));
    REQUIRE(found);
    CHECK(found->id == made->id);
    CHECK(found->name == "edge");
    CHECK(found->project == project.id);
    CHECK(found->settings == all_set());
    CHECK_FALSE(found->last_push);
    auto const by_id = wait(stores->channels().find(made->id));
    REQUIRE(by_id);
    CHECK(by_id->name == "edge");
    CHECK_FALSE(wait(stores->channels().find(storage::channel_id{made->id.value + 1})));
    CHECK_FALSE(wait(stores->channels().find(project.id, "Edge")));
    CHECK_FALSE(wait(stores->channels().find({project.id.value + 1}, "edge")));

    auto const cleared = wait(put_settings(stores->channels(), project.id, "edge", {}));
    REQUIRE(cleared);
    CHECK(cleared->settings == storage::channel_settings());
    CHECK(wait(stores->channels().find(project.id, "edge"))->settings ==
          storage::channel_settings());
    auto const refused = wait(put_settings(stores->channels(), {12345}, "edge", {}));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::not_found);
}

TEST_CASE_TEMPLATE("A channel is listed while it holds something, or has settings", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const listed = [&] { return names(wait(stores->catalogue().channels(project.id))); };
    using list = std::vector<std::string>;
    auto settings = storage::channel_settings();
    settings.description = "soon";
    REQUIRE(wait(put_settings(stores->channels(), project.id, "next", settings)));
    CHECK(listed() == list{"next"});
    REQUIRE(wait(stores->catalogue().add(project.id, "edge", make_entry("tide", 1, "bytes"),
                                         on_duplicate::refuse)));
    CHECK(listed() == list{"edge", "next"});
    CHECK(wait(stores->catalogue().channels(project.id))[1].settings == settings);
    REQUIRE(wait(put_settings(stores->channels(), project.id, "next", {})));
    CHECK(listed() == list{"edge"});
}

TEST_CASE_TEMPLATE("The last push of a channel is the last version that came", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const push = [&](std::string const& bytes) {
        REQUIRE(wait(stores->catalogue().add(project.id, "edge", make_entry("tide", 1, bytes),
                                             on_duplicate::replace)));
        return wait(stores->channels().find(project.id, "edge"))->last_push;
    };
    CHECK(push("one") == stores.time.now());
    stores.time.advance(std::chrono::hours(1));
    CHECK(push("one") == stores.time.now() - std::chrono::hours(1));  // the same again
    CHECK(push("two") == stores.time.now());
    stores.time.advance(std::chrono::hours(1));
    REQUIRE(wait(stores->catalogue().remove(project.id, "edge", std::nullopt, std::nullopt)));
    CHECK(wait(stores->channels().find(project.id, "edge"))->last_push ==
          stores.time.now() - std::chrono::hours(1));
}

TEST_CASE_TEMPLATE("A read-only channel takes no version, no signature and no removal", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const entry = make_entry("tide", 1, "bytes");
    auto const add = [&](storage::catalogue_entry e) {
        return wait(
            stores->catalogue().add(project.id, "edge", std::move(e), on_duplicate::replace));
    };
    REQUIRE(add(entry));
    storage::channel_settings settings;
    settings.read_only = true;
    REQUIRE(wait(put_settings(stores->channels(), project.id, "edge", settings)));
    auto const denied = [](auto const& answer) {
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == errc::denied);
        CHECK(answer.error().detail.find("`read_only`") != std::string::npos);
    };
    denied(add(entry));
    denied(add(make_entry("tide", 2, "others")));
    denied(wait(stores->catalogue().attach_provenance(project.id, "edge", entry.file_name,
                                                      entry.digest, sha256("signature"))));
    denied(wait(stores->catalogue().remove(project.id, "edge", std::nullopt, std::nullopt)));
    denied(wait(stores->curator().remove(project.id, "edge", {{entry.file_name, entry.digest}})));
    CHECK(wait(stores->catalogue().list(project.id, "edge", std::nullopt)).size() == 1);
    CHECK(stores.seen.changes().size() == 1);

    settings.read_only = false;
    REQUIRE(wait(put_settings(stores->channels(), project.id, "edge", settings)));
    CHECK(add(make_entry("tide", 2, "others")));
}

TEST_CASE_TEMPLATE("Another form of the index is a change of it, another description is none",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    storage::channel_settings settings;
    settings.description = "words";
    REQUIRE(wait(put_settings(stores->channels(), project.id, "edge", settings)));
    CHECK(stores.seen.changes().empty());
    settings.index_format = storage::index_choice::yaml;
    auto const changed = wait(put_settings(stores->channels(), project.id, "edge", settings));
    REQUIRE(changed);
    CHECK(changed->generation == 1);
    REQUIRE(wait(put_settings(stores->channels(), project.id, "edge", settings)));
    auto const told = stores.seen.changes();
    REQUIRE(told.size() == 1);
    CHECK(told[0].what == kind::reformatted);
    CHECK(told[0].project == project.id);
    CHECK(told[0].channel == "edge");
    CHECK(told[0].generation == 1);
    CHECK(told[0].generated == changed->generated);
}

}  // namespace pilothouse::tests::channel_store_test
