// What observers of catalogue and directory are told, and in which order, under load as well.
#include "storage/catalogue.hpp"
#include "storage/directory.hpp"
#include "tests/support/put_record.hpp"

#include "tests/contract/harness.hpp"

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace pilothouse::tests::observer_test {

namespace {

using storage::on_duplicate;
using kind = storage::index_change::kind;

template <class Work>
void in_threads(int count, Work work) {
    std::vector<std::thread> threads;
    for (int t = 0; t < count; ++t) threads.emplace_back([&work, t] { work(t); });
    for (auto& thread : threads) thread.join();
}

}  // namespace

TEST_CASE_TEMPLATE("Each change of an index is told, with all that a reader needs", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const entry = make_entry("tide", 1, "bytes");
    REQUIRE(wait(stores->catalogue().add(project.id, "stable", entry, on_duplicate::refuse)));
    auto other = make_entry("tide", 1, "others");
    other.fragment = "another line";
    stores.time.advance(std::chrono::seconds(1));
    REQUIRE(wait(stores->catalogue().add(project.id, "stable", other, on_duplicate::replace)));
    stores.time.advance(std::chrono::seconds(1));
    (void)wait(stores->catalogue().remove(project.id, "stable", "tide", "1.1.0"));
    REQUIRE(wait(stores->projects().remove(project.id)));

    auto const told = stores.seen.changes();
    REQUIRE(told.size() == 4);
    for (std::size_t i = 0; i < 3; ++i) {
        CAPTURE(i);
        CHECK(told[i].what == (i < 2 ? kind::put : kind::removed));
        CHECK(told[i].project == project.id);
        CHECK(told[i].channel == "stable");
        CHECK(told[i].generation == static_cast<storage::generation>(i + 1));
        CHECK(told[i].chart == "tide");
        CHECK(told[i].version == "1.1.0");
    }
    CHECK(told[0].fragment == entry.fragment);
    CHECK(told[0].created == entry.created);
    CHECK(told[1].fragment == "another line");
    CHECK(told[1].generated - told[0].generated == std::chrono::seconds(1));
    CHECK(told[2].generated == stores.time.now());
    CHECK(told[3].what == kind::project_removed);
    CHECK(told[3].project == project.id);
}

TEST_CASE_TEMPLATE("The changes of one commit are told as such, channel by channel", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    storage::copy_request move;
    move.from = move.to = project.id;
    move.from_channel = "edge";
    move.to_channel = "stable";
    move.move = true;
    for (int n = 1; n <= 3; ++n) {
        auto const entry = make_entry("tide", n, "bytes " + std::to_string(n));
        REQUIRE(wait(stores->catalogue().add(project.id, "edge", entry, on_duplicate::refuse)));
        CHECK_FALSE(stores.seen.changes().back().more);
        move.items.push_back({{entry.file_name, entry.digest}, on_duplicate::refuse});
    }
    REQUIRE(wait(stores->curator().copy(move)));
    (void)wait(stores->catalogue().remove(project.id, "stable", std::nullopt, std::nullopt));
    auto const told = stores.seen.changes();
    REQUIRE(told.size() == 3 + 3 + 3 + 3);
    for (std::size_t i = 3; i < told.size(); ++i) {
        CAPTURE(i);
        // Into the one channel before out of the other.
        CHECK(told[i].channel == (i / 3 == 2 ? "edge" : "stable"));
        CHECK(told[i].what == (i / 3 == 1 ? kind::put : kind::removed));
        CHECK(told[i].more == (i % 3 != 2));
    }
}

TEST_CASE_TEMPLATE("Each change is told with a later time than the one before, whatever the clock",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const put = [&](int n, std::string const& bytes) {
        REQUIRE(wait(stores->catalogue().add(project.id, "stable", make_entry("tide", n, bytes),
                                             on_duplicate::replace)));
    };
    auto const check_record = [&] {
        auto const record =
            wait(stores->catalogue().scan(project.id, "stable", [](auto const&) {}));
        REQUIRE(record);
        CHECK(record->generated == stores.seen.changes().back().generated);
    };
    for (auto const moved : {std::chrono::hours(0), std::chrono::hours(-48), std::chrono::hours(1),
                             std::chrono::hours(2000)}) {
        CAPTURE(moved.count());
        stores.time.advance(moved);
        for (int n = 1; n <= 3; ++n) put(n, "bytes " + std::to_string(n));
        put(2, "other bytes");
        check_record();
        (void)wait(stores->catalogue().remove(project.id, "stable", "tide", std::nullopt));
        check_record();
    }
    auto const told = stores.seen.changes();
    REQUIRE(told.size() == 4 * 7);
    for (std::size_t i = 1; i < told.size(); ++i) {
        CAPTURE(i);
        CHECK(told[i].generation == told[i - 1].generation + 1);
        CHECK(told[i].generated > told[i - 1].generated);
    }
    CHECK(told[21].generated == stores.time.now());  // nor later than it must be
}

TEST_CASE_TEMPLATE("Sixteen threads of pushes are told in the order of their generations", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    std::atomic<int> untold = 0;
    in_threads(16, [&](int t) {
        for (int n = 0; n < 20; ++n) {
            auto const chart = "chart-" + std::to_string(t);
            auto const made = wait(stores->catalogue().add(
                project.id, t % 2 == 0 ? "even" : "odd",
                make_entry(chart, n, chart + std::to_string(n)), on_duplicate::refuse));
            auto const told = stores.seen.changes();  // our own is among them by now
            bool const found = std::any_of(told.begin(), told.end(), [&](auto const& c) {
                return c.chart == chart && made && c.version == made->entry.version;
            });
            if (!found) ++untold;
        }
    });
    CHECK(untold == 0);
    std::map<std::string, storage::generation> last;
    for (auto const& c : stores.seen.changes()) CHECK(c.generation == ++last[c.channel]);
    CHECK(last["even"] == 160);
    CHECK(last["odd"] == 160);
    auto const record = wait(stores->catalogue().scan(project.id, "even", [](auto const&) {}));
    REQUIRE(record);
    CHECK(record->generation == 160);
    CHECK(record->versions == 160);
    CHECK(record->charts == 8);
}

TEST_CASE_TEMPLATE("Of concurrent pushes of one version exactly one creates it", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    for (int round = 0; round < 10; ++round) {
        std::atomic<int> created = 0, unchanged = 0, refused = 0;
        in_threads(16, [&](int t) {
            // Half of them push the same content, the others each their own.
            auto const bytes = t % 2 == 0 ? std::string("common") : std::to_string(t);
            auto const made = wait(stores->catalogue().add(
                project.id, "stable", make_entry("tide", round, bytes), on_duplicate::refuse));
            if (!made)
                ++(made.error().code == errc::conflict ? refused : created);
            else
                ++(made->what == storage::added::outcome::created ? created : unchanged);
        });
        CHECK(created == 1);
        CHECK(unchanged + refused == 15);
        CHECK((unchanged == 7 || unchanged == 0));
    }
}

TEST_CASE_TEMPLATE("Every change of people and rights is told, and nothing else is", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    int told = 0;
    auto const tells = [&](bool changed) {
        int const before = std::exchange(told, stores.seen.directory_changes());
        CHECK(told - before == (changed ? 1 : 0));
    };
    auto project = make_project(*stores);
    tells(true);
    auto user = make_user(*stores);
    tells(true);
    (void)wait(stores->projects().create(project));
    tells(false);
    (void)wait(stores->users().create(user));
    tells(false);
    (void)wait(tests::put_record(stores->projects(), project));
    tells(true);
    (void)wait(tests::put_record(stores->users(), user));
    tells(true);
    (void)wait(tests::put_record(stores->users(), unknown_user()));
    tells(false);
    (void)wait(stores->members().set(project.id, user.id, as(storage::role::developer)));
    tells(true);
    (void)wait(stores->members().set(project.id, {999}, as(storage::role::developer)));
    tells(false);
    (void)wait(stores->members().remove(project.id, user.id));
    tells(true);
    (void)wait(stores->members().remove(project.id, user.id));
    tells(false);
    storage::token_record token;
    token.hash = sha256("token");
    token.user = user.id;
    auto const added = wait(stores->tokens().add(token));
    REQUIRE(added);
    tells(true);
    wait(stores->tokens().touch(added->id, stores.time.now()));
    tells(false);
    (void)wait(stores->tokens().revoke(added->id));
    tells(true);
    (void)wait(stores->tokens().revoke(added->id));
    tells(false);
    token.hash = sha256("fresh");
    (void)wait(stores->tokens().replace(added->id, token));
    tells(false);
    auto const second = wait(stores->tokens().add(token));
    tells(true);
    token.hash = sha256("third");
    (void)wait(stores->tokens().replace(second->id, token));
    tells(true);
    wait(stores->settings().set("key", "value"));
    tells(false);
    auto group = make_group(*stores, "team", user.id);
    tells(true);
    (void)wait(stores->groups().create(group, user.id));
    tells(false);
    (void)wait(tests::put_record(stores->groups(), group));
    tells(true);
    (void)wait(stores->members().set(group.id, user.id, as(storage::role::guest)));
    tells(false);  // the last owner stays
    (void)wait(stores->members().remove(group.id, user.id));
    tells(false);
    (void)wait(stores->users().remove(user.id, false));
    tells(false);
    storage::protection_rule rule;
    rule.pattern = "*";
    auto const protection = wait(stores->protections().add(project.id, rule));
    tells(true);
    (void)wait(stores->protections().add(project.id, rule));
    tells(false);
    (void)wait(put_rule(stores->protections(), project.id, *protection));
    tells(true);
    (void)wait(stores->protections().remove(project.id, protection->id));
    tells(true);
    (void)wait(stores->protections().remove(project.id, protection->id));
    tells(false);
    wait(stores->audit().note({}));
    tells(false);
    (void)wait(stores->groups().remove({999}));
    tells(false);
    (void)wait(stores->groups().remove(group.id));
    tells(true);
    (void)wait(stores->users().remove(user.id, true));
    tells(true);
    (void)wait(stores->projects().remove({999}));
    tells(false);
    (void)wait(stores->projects().remove(project.id));
    tells(true);
}

}  // namespace pilothouse::tests::observer_test
