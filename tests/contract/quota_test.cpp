// What a project may hold: the part of the contracts of catalogue, curator and channel_store that
// speaks of quotas.
#include "storage/quota.hpp"

#include "tests/contract/harness.hpp"
#include "tests/support/put_record.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace pilothouse::tests::quota_test {

namespace {

using storage::on_duplicate;
using storage::project_use;
using storage::quota;
using storage::quota_choice;

storage::project_record limited(storage::stores& s, quota_choice const& q,
                                std::string path = "grp/app") {
    storage::project_record p;
    p.path = std::move(path);
    p.quota = q;
    auto made = wait(s.projects().create(std::move(p)));
    REQUIRE(made);
    CHECK(made->quota == q);
    return *made;
}

result<storage::added> push(storage::stores& s, storage::project_record const& p,
                            std::string const& channel, int n, std::string const& bytes,
                            on_duplicate rule = on_duplicate::replace) {
    return wait(s.catalogue().add(p.id, channel, make_entry("app", n, bytes), rule));
}

void choose(storage::stores& s, storage::project_record const& p, quota_choice const& q) {
    auto changed = p;
    changed.quota = q;
    REQUIRE(wait(tests::put_record(s.projects(), changed)));
}

storage::copy_request all_of(storage::project_record const& from, std::string channel,
                             storage::project_record const& to, std::string to_channel,
                             std::vector<storage::catalogue_entry> const& entries) {
    storage::copy_request r;
    r.from = from.id;
    r.from_channel = std::move(channel);
    r.to = to.id;
    r.to_channel = std::move(to_channel);
    for (auto const& e : entries)
        r.items.push_back({{e.file_name, e.digest}, on_duplicate::replace});
    r.how = {"grp/app/edge", 5, from_nanoseconds(777)};
    return r;
}

project_use use_of(storage::stores& s, storage::project_record const& p) {
    return wait(s.channels().quota_of(p.id)).use;
}

}  // namespace

TEST_CASE_TEMPLATE("What a project holds is summed over its channels, each version once", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = limited(*stores, {});
    CHECK(use_of(*stores, project) == project_use{});
    REQUIRE(push(*stores, project, "edge", 1, "12345"));
    auto const again = push(*stores, project, "edge", 1, "12345");
    REQUIRE(again);
    REQUIRE(push(*stores, project, "edge", 2, "123"));
    REQUIRE(push(*stores, project, "stable", 1, "12345"));  // the same bytes, in another channel
    CHECK(use_of(*stores, project) == project_use{13, 3});

    REQUIRE(push(*stores, project, "edge", 1, "1"));  // replaced by fewer
    CHECK(use_of(*stores, project) == project_use{9, 3});
    auto const moved = [&] {
        auto r = all_of(project, "edge", project, "stable", {make_entry("app", 2, "123")});
        r.move = true;
        return wait(stores->curator().copy(r));
    }();
    REQUIRE(moved);
    CHECK(use_of(*stores, project) == project_use{9, 3});
    REQUIRE(wait(stores->catalogue().remove(project.id, "stable", "app", "1.1.0")));
    CHECK(use_of(*stores, project) == project_use{4, 2});
    CHECK(wait(stores->channels().quota_of(project.id)).quota == quota{});
    CHECK(use_of(*stores, make_project(*stores, "grp/other")) == project_use{});
}

TEST_CASE_TEMPLATE("The project's own choice comes before the server's settings, 0 is no limit",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const plain = limited(*stores, {}, "grp/plain");
    auto const own = limited(*stores, {7, 0}, "grp/own");
    auto const in_force = [&](auto const& p) {
        return wait(stores->channels().quota_of(p.id)).quota;
    };
    CHECK(in_force(plain) == quota{});
    CHECK(in_force(own) == quota{7, 0});
    wait(stores->settings().set(storage::project_quota_bytes_key, "1000"));
    wait(stores->settings().set(storage::project_quota_versions_key, "2"));
    CHECK(in_force(plain) == quota{1000, 2});
    CHECK(in_force(own) == quota{7, 0});
    choose(*stores, own, {std::nullopt, 3});
    CHECK(in_force(own) == quota{1000, 3});
    CHECK(in_force(storage::project_record{}) == quota{});

    REQUIRE(push(*stores, plain, "edge", 1, "a"));
    REQUIRE(push(*stores, plain, "stable", 2, "b"));
    CHECK(push(*stores, plain, "edge", 3, "c").error().code == errc::quota_full);
}

TEST_CASE_TEMPLATE("A full project takes what does not make it larger", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = limited(*stores, {10, 2});
    REQUIRE(push(*stores, project, "edge", 1, "12345"));
    REQUIRE(push(*stores, project, "edge", 2, "12345"));
    auto const generation = wait(stores->catalogue().channels(project.id)).front().generation;

    auto const more = push(*stores, project, "stable", 3, "1");
    REQUIRE_FALSE(more);
    CHECK(more.error().code == errc::quota_full);
    CHECK(condition_of(more.error().code) == condition::denied);
    CHECK(more.error().detail.find("2 of 2 versions") != std::string::npos);
    auto const larger = push(*stores, project, "edge", 1, "123456");
    REQUIRE_FALSE(larger);
    CHECK(larger.error().detail.find("10 bytes of 10 bytes") != std::string::npos);
    // Refused is refused: no row, no channel, no change of the index.
    CHECK(use_of(*stores, project) == project_use{10, 2});
    auto const channels = wait(stores->catalogue().channels(project.id));
    REQUIRE(channels.size() == 1);
    CHECK(channels.front().generation == generation);

    auto const same = push(*stores, project, "edge", 1, "12345");
    REQUIRE(same);
    CHECK(same->what == storage::added::outcome::unchanged);
    REQUIRE(push(*stores, project, "edge", 1, "abcde"));  // as large
    REQUIRE(push(*stores, project, "edge", 1, "abc"));    // smaller
    REQUIRE(push(*stores, project, "edge", 1, "fghij"));  // up to the limit again
}

TEST_CASE_TEMPLATE("A quota below the use stops additions alone", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = limited(*stores, {});
    for (int n = 1; n <= 4; ++n) REQUIRE(push(*stores, project, "edge", n, "12345"));
    choose(*stores, project, {8, 1});
    CHECK(push(*stores, project, "edge", 5, "1").error().code == errc::quota_full);
    CHECK(push(*stores, project, "edge", 1, "123456").error().code == errc::quota_full);
    REQUIRE(push(*stores, project, "edge", 1, "1234"));  // still over, but smaller
    REQUIRE(wait(stores->catalogue().remove(project.id, "edge", "app", "1.2.0")));
    CHECK(use_of(*stores, project) == project_use{14, 3});
    CHECK(push(*stores, project, "edge", 2, "1").error().code == errc::quota_full);
    choose(*stores, project, {15, 4});
    REQUIRE(push(*stores, project, "edge", 2, "1"));
}

TEST_CASE_TEMPLATE("A copy fits whole, or nothing of it is done", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const source = limited(*stores, {}, "grp/source");
    auto const target = limited(*stores, {10, 0}, "grp/target");
    std::vector<storage::catalogue_entry> entries;
    for (int n = 1; n <= 3; ++n)
        entries.push_back(push(*stores, source, "edge", n, "1234" + std::to_string(n))->entry);

    auto const refused =
        wait(stores->curator().copy(all_of(source, "edge", target, "stable", entries)));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::quota_full);
    CHECK(use_of(*stores, target) == project_use{});
    CHECK(wait(stores->catalogue().channels(target.id)).empty());

    entries.pop_back();
    REQUIRE(wait(stores->curator().copy(all_of(source, "edge", target, "stable", entries))));
    CHECK(use_of(*stores, target) == project_use{10, 2});
    // What is there already costs nothing.
    REQUIRE(wait(stores->curator().copy(all_of(source, "edge", target, "stable", entries))));
    CHECK(wait(stores->curator().copy(all_of(source, "edge", target, "other", entries)))
              .error()
              .code == errc::quota_full);
    // A move within the project neither.
    auto move = all_of(target, "stable", target, "other", entries);
    move.move = true;
    REQUIRE(wait(stores->curator().copy(move)));
    CHECK(use_of(*stores, target) == project_use{10, 2});
}

TEST_CASE_TEMPLATE("Of many pushes at once exactly as many are taken as fit", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = limited(*stores, {0, 25});
    std::atomic<int> taken{0}, refused{0};
    std::vector<std::thread> pushers;
    for (int who = 0; who < 8; ++who) {
        pushers.emplace_back([&, who] {
            for (int n = 0; n < 10; ++n) {
                auto const channel = "channel" + std::to_string(n % 3);
                auto const made = push(*stores, project, channel, who * 10 + n, "12345");
                if (made)
                    ++taken;
                else if (made.error().code == errc::quota_full)
                    ++refused;
            }
        });
    }
    for (auto& p : pushers) p.join();
    CHECK(taken == 25);
    CHECK(refused == 55);
    CHECK(use_of(*stores, project) == project_use{125, 25});
}

}  // namespace pilothouse::tests::quota_test
