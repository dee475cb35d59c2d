// A data folder over restarts, and what opening one refuses.
#include "storage/open.hpp"

#include "tests/contract/harness.hpp"

#include <unistd.h>

#include <fstream>
#include <string>

namespace pilothouse::tests::reopening_test {

namespace {

result<std::unique_ptr<storage::stores>> open_folder(std::filesystem::path const& folder,
                                                     blocking_pool& files, clock const& time) {
    return storage::open(storage::folder_backend{folder}, files, time);
}

}  // namespace

TEST_CASE("Everything stored is there after a restart, and generations go on") {
    opened<folder_adapter> stores;
    auto const project = make_project(*stores);
    auto const user = make_user(*stores);
    wait(stores->blobs().put(stage(*stores, "bytes")));
    REQUIRE(wait(stores->catalogue().add(project.id, "stable", make_entry("tide", 1, "bytes"),
                                         storage::on_duplicate::refuse)));
    REQUIRE(wait(stores->members().set(project.id, user.id, as(storage::role::owner))));
    wait(stores->settings().set("key", "value"));
    CHECK(wait(stores->check()));

    stores.reopen();
    CHECK(wait(stores->check()));
    CHECK(wait(stores->projects().find("grp/app"))->id == project.id);
    CHECK(wait(stores->members().role_of(project.id, user.id, stores.time.now())).role ==
          storage::role::owner);
    CHECK(wait(stores->settings().get("key")) == "value");
    CHECK(wait(stores->blobs().open(sha256("bytes"))));
    CHECK(wait(stores->catalogue().find(project.id, "stable", "tide-1.1.0.tgz")));
    REQUIRE(wait(stores->catalogue().add(project.id, "stable", make_entry("tide", 2, "b"),
                                         storage::on_duplicate::refuse)));
    CHECK(stores.seen.changes().back().generation == 2);
}

TEST_CASE("Groups, their members, bots, rules and events are there after a restart") {
    opened<folder_adapter> stores;
    auto const ada = make_user(*stores);
    auto const top = make_group(*stores, "Top", ada.id);
    auto const project = make_project(*stores, "top/sub/app");
    auto const end = stores.time.now() + std::chrono::hours(1);
    storage::user_record bot;
    bot.username = "bot";
    bot.bot_of = project.id;
    auto const made = wait(stores->users().create(bot)).value();
    REQUIRE(wait(stores->members().set(project.id, made.id, as(storage::role::guest, end))));
    storage::protection_rule rule;
    rule.pattern = "tide-*";
    rule.push = storage::role::admin;
    REQUIRE(wait(stores->protections().add(project.id, rule)));
    storage::audit_event event;
    event.at = stores.time.now();
    event.what = "project_created";
    event.by = "ada";
    event.project = project.id;
    wait(stores->audit().note(event));
    event.what = "member_created";
    wait(stores->audit().note(event));

    stores.reopen();
    CHECK(wait(stores->groups().find("top"))->id == top.id);
    CHECK(wait(stores->groups().find("top/sub"))->parent == top.id);
    CHECK(wait(stores->members().find(top.id, ada.id))->as.role == storage::role::owner);
    CHECK(wait(stores->members().find(project.id, made.id))->as.expires == end);
    CHECK(wait(stores->users().find("bot"))->bot_of == storage::place_id(project.id));
    auto const found = wait(stores->projects().find("top/sub/app")).value();
    CHECK(found.groups == project.groups);
    REQUIRE(found.protections.size() == 1);
    CHECK(found.protections.front().pattern == "tide-*");
    CHECK(found.protections.front().push == storage::role::admin);
    auto const events = wait(stores->audit().list({}, 0, 10));
    REQUIRE(events.size() == 2);
    CHECK(events[0].what == "member_created");
    CHECK(events[1].what == "project_created");
    CHECK(events[1].at == event.at);
    CHECK(events[1].project == project.id);
    wait(stores->audit().note(event));
    CHECK(wait(stores->audit().list({}, 0, 1)).front().id > events[0].id);
}

TEST_CASE("A second opening of a folder is refused and names the owner; after closing it works") {
    temp_dir dir;
    blocking_pool files("files", {1, 16});
    fake_clock time;
    auto const first = open_folder(dir.path() / "data", files, time);
    REQUIRE(first);
    auto const second = open_folder(dir.path() / "data" / "", files, time);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == errc::locked);
    CHECK(second.error().detail.find(std::to_string(::getpid())) != std::string::npos);
    (*first)->close();
    (*first)->close();
    CHECK(open_folder(dir.path() / "data", files, time));
}

TEST_CASE("A folder that cannot be used is refused with its reason") {
    temp_dir dir;
    blocking_pool files("files", {1, 16});
    fake_clock time;
    auto const refused = [&](std::filesystem::path const& folder, char const* says) {
        auto const opened = open_folder(folder, files, time);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().code == errc::unavailable);
        CAPTURE(opened.error().detail);
        CHECK(opened.error().detail.find(folder.string()) != std::string::npos);
        CHECK(opened.error().detail.find(says) != std::string::npos);
    };
    std::ofstream(dir.path() / "file") << "a file";
    refused(dir.path() / "file", "directory");
    refused(dir.path() / "file" / "below", "directory");

    REQUIRE(open_folder(dir.path() / "data", files, time));
    std::ofstream(dir.path() / "data" / "pilothouse.db") << std::string(8192, 'x');
    refused(dir.path() / "data", "not a database");
}

}  // namespace pilothouse::tests::reopening_test
