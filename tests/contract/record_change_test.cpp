// Records are changed where they lie: what others do at the same moment counts as well.
#include "storage/channel_store.hpp"
#include "storage/directory.hpp"
#include "tests/contract/harness.hpp"
#include "tests/support/result_text.hpp"

#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace pilothouse::tests::record_change_test {

using storage::channel_settings;
using storage::group_record;
using storage::project_record;
using storage::protection_rule;
using storage::role;
using storage::user_record;

namespace {

constexpr int rounds = 40;

void at_once(std::vector<std::function<void()>> const& all) {
    std::vector<std::thread> threads;
    threads.reserve(all.size());
    for (auto const& f : all) threads.emplace_back(f);
    for (auto& t : threads) t.join();
}

template <class Record>
storage::record_change<Record> setting(auto Record::* field, auto value) {
    return [field, value](Record& r) -> result<void> {
        r.*field = value;
        return {};
    };
}

}  // namespace

TEST_CASE_TEMPLATE("Two changes of one user at once both count", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const id = make_user(*stores).id;
    for (int round = 0; round < rounds; ++round) {
        bool const blocked = round % 2 == 0;
        auto const name = "name " + std::to_string(round);
        at_once(
            {[&] { (void)wait(stores->users().edit(id, setting(&user_record::blocked, blocked))); },
             [&] { (void)wait(stores->users().edit(id, setting(&user_record::name, name))); }});
        auto const user = wait(stores->users().find(id)).value();
        CHECK(user.blocked == blocked);
        CHECK(user.name == name);
    }
}

TEST_CASE_TEMPLATE("A change that is refused changes nothing", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const user = make_user(*stores);
    auto const refuse = [](auto& r) -> result<void> {
        r.name = "other";
        return failure(errc::denied, "not today");
    };
    auto const told = wait(stores->users().edit(user.id, refuse));
    REQUIRE_FALSE(told);
    CHECK(told.error().code == errc::denied);
    CHECK(told.error().detail == "not today");
    CHECK(wait(stores->users().find(user.id))->name == user.name);
    auto const project = make_project(*stores, "grp/app");
    CHECK_FALSE(wait(stores->projects().edit(project.id, refuse)));
    CHECK(wait(stores->projects().find(project.id))->name == project.name);
    CHECK_FALSE(wait(stores->groups().edit(project.groups.back(), refuse)));
    CHECK(wait(stores->groups().find("grp"))->name == "grp");
}

TEST_CASE_TEMPLATE("A group that is renamed takes along what is changed at the same moment",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores, "grp/sub/app");
    auto const top = project.groups.front();
    for (int round = 0; round < rounds; ++round) {
        auto const path = "top" + std::to_string(round);
        at_once(
            {[&] { (void)wait(stores->groups().edit(top, setting(&group_record::path, path))); },
             [&] {
                 (void)wait(stores->groups().edit(project.groups.back(),
                                                  setting(&group_record::description, path)));
             },
             [&] {
                 (void)wait(stores->projects().edit(project.id,
                                                    setting(&project_record::description, path)));
             }});
        CHECK(wait(stores->groups().find(project.groups.back()))->path == path + "/sub");
        auto const found = wait(stores->projects().find(project.id)).value();
        CHECK(found.path == path + "/sub/app");
        CHECK(found.description == path);
    }
}

TEST_CASE_TEMPLATE("A project comes into the group that is meant, whatever it is called by then",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const group = make_group(*stores, "grp");
    REQUIRE(wait(
        stores->groups().edit(group.id, setting(&group_record::path, std::string("renamed")))));
    project_record wanted;
    wanted.path = "app";
    auto const made = wait(stores->projects().create(wanted, group.id));
    REQUIRE(made);
    CHECK(made->path == "renamed/app");
    CHECK(made->groups == std::vector{group.id});
    group_record below;
    below.parent = group.id;
    below.path = "sub";
    CHECK(wait(stores->groups().create(below, {}))->path == "renamed/sub");

    REQUIRE(wait(stores->groups().remove(group.id)));
    wanted.path = "late";
    CHECK(wait(stores->projects().create(wanted, group.id)).error().code == errc::not_found);
    CHECK(wait(stores->groups().create(below, {})).error().code == errc::not_found);
    CHECK(wait(stores->groups().list()).empty());
}

TEST_CASE_TEMPLATE("A group's new path must leave room for what lies in it", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    std::string const part(250, 'p');
    auto const project =
        make_project(*stores, "g/" + part + "/" + part + "/" + part + "/" + std::string(200, 'q'));
    auto const rename = setting(&group_record::path, part);
    auto const told = wait(stores->groups().edit(project.groups.front(), rename));
    REQUIRE_FALSE(told);
    CHECK(told.error().code == errc::invalid_argument);
    CHECK(wait(stores->projects().find(project.id))->path == project.path);
    CHECK(wait(stores->groups().find(project.groups.front()))->path == "g");
}

TEST_CASE_TEMPLATE("Two changes of one channel's settings at once both count, the first of all too",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores).id;
    for (int round = 0; round < rounds; ++round) {
        bool const closed = round % 2 == 0;
        auto const words = "words " + std::to_string(round);
        auto const name = "channel-" + std::to_string(round / 4);  // new ones among them
        auto const configure = [&](auto change) {
            (void)wait(stores->channels().configure(project, name, change));
        };
        at_once({[&] { configure(setting(&channel_settings::read_only, closed)); },
                 [&] { configure(setting(&channel_settings::description, words)); }});
        auto const now = wait(stores->channels().find(project, name)).value().settings;
        CHECK(now.read_only == closed);
        CHECK(now.description == words);
    }
}

TEST_CASE_TEMPLATE("A change of settings that is refused changes nothing, and makes no channel",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores).id;
    bool was_new = false;
    auto const refuse = [&](channel_settings& s) -> result<void> {
        was_new = s == channel_settings();
        s.index_format = storage::index_choice::yaml;
        s.description = "other";
        return failure(errc::invalid_argument, "no such words");
    };
    auto const told = wait(stores->channels().configure(project, "edge", refuse));
    REQUIRE_FALSE(told);
    CHECK(told.error().code == errc::invalid_argument);
    CHECK(told.error().detail == "no such words");
    CHECK(was_new);
    CHECK_FALSE(wait(stores->channels().find(project, "edge")));

    auto const describe = setting(&channel_settings::description, std::string("mine"));
    REQUIRE(wait(stores->channels().configure(project, "edge", describe)));
    CHECK_FALSE(wait(stores->channels().configure(project, "edge", refuse)));
    CHECK_FALSE(was_new);
    auto const now = wait(stores->channels().find(project, "edge")).value();
    CHECK(now.settings.description == "mine");
    CHECK(now.settings.index_format == storage::index_choice::inherit);
    CHECK(now.generation == 0);
    CHECK(stores.seen.changes().empty());
}

TEST_CASE_TEMPLATE("Two changes of one protection rule at once both count", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores).id;
    protection_rule wanted;
    wanted.pattern = "prod-*";
    auto const id = wait(stores->protections().add(project, wanted)).value().id;
    for (int round = 0; round < rounds; ++round) {
        auto const push = round % 2 == 0 ? role::owner : role::maintainer;
        auto const remove = round % 2 == 0 ? role::admin : role::owner;
        auto const edit = [&](auto change) {
            (void)wait(stores->protections().edit(project, id, change));
        };
        at_once({[&] { edit(setting(&protection_rule::push, push)); },
                 [&] { edit(setting(&protection_rule::remove, remove)); }});
        auto const rule = wait(stores->projects().find(project))->protections.front();
        CHECK(rule.pattern == "prod-*");
        CHECK(rule.push == push);
        CHECK(rule.remove == remove);
    }
}

TEST_CASE_TEMPLATE("A change of a protection rule sees it as it is, and may refuse", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores).id;
    protection_rule wanted;
    wanted.pattern = "prod-*";
    wanted.push = role::owner;
    auto const id = wait(stores->protections().add(project, wanted)).value().id;
    protection_rule seen;
    auto const told =
        wait(stores->protections().edit(project, id, [&](protection_rule& rule) -> result<void> {
            seen = rule;
            rule.push = role::none;
            return failure(errc::denied, "not today");
        }));
    REQUIRE_FALSE(told);
    CHECK(told.error().code == errc::denied);
    CHECK(seen.id == id);
    CHECK(seen.pattern == "prod-*");
    CHECK(seen.push == role::owner);
    CHECK(seen.remove == role::none);
    CHECK(wait(stores->projects().find(project))->protections.front().push == role::owner);
    auto const other_id = setting(&protection_rule::id, storage::protection_id{id.value + 7});
    CHECK(wait(stores->protections().edit(project, id, other_id))->id == id);
}

}  // namespace pilothouse::tests::record_change_test
