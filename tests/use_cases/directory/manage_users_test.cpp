// The people of the server, and its settings.
#include "tests/use_cases/directory/office.hpp"

namespace pilothouse::tests::manage_users_test {

using auth::permission;
using storage::role;

namespace {

registry::new_user named(std::string username, std::string email = {}) {
    registry::new_user u;
    u.username = std::move(username);
    u.email = std::move(email);
    return u;
}

struct fixture : office {
    storage::user_record admin = add_user("admin", true);
    auth::grant administers = grant(as(admin), permission::administer);

    auto create(registry::new_user u) {
        return run_to_end(users.create(administers, std::move(u)));
    }
    auto edit(storage::user_id id, registry::user_changes c) {
        return run_to_end(users.edit(administers, id, std::move(c)));
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "a user has a name that fits in paths, and perhaps an address") {
    auto wanted = named("Ada", "ada@example.org");
    wanted.name = "Ada L.";
    wanted.admin = true;
    auto const ada = create(wanted).value();
    CHECK(ada.username == "Ada");
    CHECK(ada.name == "Ada L.");
    CHECK(ada.email == "ada@example.org");
    CHECK(ada.admin);
    CHECK(ada.created == time.now());
    CHECK(create(named("bob"))->name == "bob");

    for (char const* const name : {"", "a b", "a/b", ".", "-x", "a.git", "a\n"})
        CHECK(refusal(create(named(name))) == errc::invalid_argument);
    for (char const* const email : {"x", "@", "a@", "@b", "a b@c", "a@b\n", "<a@b>"}) {
        CAPTURE(email);
        CHECK(refusal(create(named("eve", email))) == errc::invalid_argument);
    }
    CHECK(refusal(create(named("eve", std::string(255, 'a') + "@b"))) == errc::invalid_argument);
    CHECK(create(named("ADA")).error().detail == "Username has already been taken");
    CHECK(create(named("eve", "ADA@example.org")).error().detail == "Email has already been taken");
    CHECK(run_to_end(stores->users().list()).size() == 3);
}

TEST_CASE_FIXTURE(fixture, "an edit changes what it names, and nothing else") {
    auto const ada = create(named("ada", "ada@example.org")).value();
    create(named("bob", "bob@example.org")).value();
    registry::user_changes c;
    c.name = "Ada L.";
    auto edited = edit(ada.id, c).value();
    CHECK(edited.username == "ada");
    CHECK(edited.email == "ada@example.org");
    CHECK(edited.name == "Ada L.");
    c = {};
    c.username = "a b";
    CHECK(refusal(edit(ada.id, c)) == errc::invalid_argument);
    c.username = "BOB";
    CHECK(refusal(edit(ada.id, c)) == errc::conflict);
    c = {};
    c.email = "nowhere";
    CHECK(refusal(edit(ada.id, c)) == errc::invalid_argument);
    c.email = "";
    c.admin = true;
    edited = edit(ada.id, c).value();
    CHECK(edited.email.empty());
    CHECK(edited.admin);
    CHECK(edited.name == "Ada L.");
    CHECK(refusal(edit({999}, c)) == errc::not_found);
}

TEST_CASE_FIXTURE(fixture, "nobody blocks, removes or demotes the own account") {
    registry::user_changes demoted;
    demoted.admin = false;
    CHECK(refusal(edit(admin.id, demoted)) == errc::denied);
    CHECK(refusal(run_to_end(users.set_blocked(administers, admin.id, true))) == errc::denied);
    CHECK(refusal(run_to_end(users.remove(administers, admin.id, true))) == errc::denied);
    auto const found = run_to_end(stores->users().find(admin.id)).value();
    CHECK(found.admin);
    CHECK_FALSE(found.blocked);
    registry::user_changes renamed;
    renamed.name = "The admin";
    CHECK(edit(admin.id, renamed));
    // The command line is nobody's account.
    CHECK(run_to_end(users.set_blocked(administration(), admin.id, true))->blocked);
    CHECK_FALSE(run_to_end(users.set_blocked(administration(), admin.id, false))->blocked);
    CHECK_FALSE(run_to_end(users.edit(administration(), admin.id, demoted))->admin);
    CHECK(run_to_end(users.remove(administration(), admin.id, false)));
}

TEST_CASE_FIXTURE(fixture, "the last owner of a group is removed only by force") {
    auto const ada = create(named("ada")).value();
    auto const team = add_group("team");
    give(team.id, ada, role::owner);
    CHECK(refusal(run_to_end(users.remove(administers, ada.id, false))) == errc::conflict);
    CHECK(run_to_end(users.remove(administers, ada.id, true)));
    CHECK(refusal(run_to_end(users.remove(administers, ada.id, true))) == errc::not_found);
    CHECK(refusal(run_to_end(users.set_blocked(administers, ada.id, true))) == errc::not_found);
}

TEST_CASE_FIXTURE(fixture, "lists leave out the bots that hold access tokens") {
    auto const ada = create(named("ada")).value();
    storage::user_record bot;
    bot.username = "bot";
    bot.bot_of = add_group("team").id;
    run_to_end(stores->users().create(bot)).value();
    auto const g = grant(as(ada), permission::be_somebody);
    auto const listed = run_to_end(users.list(g));
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].username == "ada");
    CHECK(listed[1].username == "admin");
    CHECK(run_to_end(users.find(g, "ADA"))->id == ada.id);
    CHECK(run_to_end(users.find(g, admin.id))->username == "admin");
    CHECK(refusal(run_to_end(users.find(g, "nobody"))) == errc::not_found);
}

TEST_CASE_FIXTURE(fixture, "settings are numbers") {
    auto const set = [&](char const* key, char const* text) {
        return run_to_end(settings.set(administers, key, text));
    };
    CHECK(run_to_end(settings.helm_max_file_size()) == registry::helm_max_file_size_default);
    for (char const* const text : {"", "-1", "1.5", "10MB", " 1", "1 ", "9007199254740993"})
        CHECK(refusal(set("helm_max_file_size", text)) == errc::invalid_argument);
    auto const unknown = run_to_end(settings.set(administers, "other", "1"));
    CHECK(refusal(unknown) == errc::invalid_argument);
    for (auto const* const key : {"helm_max_file_size", "project_quota_bytes"})
        CHECK(unknown.error().detail.find(key) != std::string::npos);
    CHECK(run_to_end(settings.project_quota()) == storage::quota{});
    CHECK(refusal(set("project_quota_versions", "many")) == errc::invalid_argument);
    CHECK(set("project_quota_versions", "100"));
    CHECK(set("project_quota_bytes", "1000000"));
    CHECK(run_to_end(settings.project_quota()) == storage::quota{1'000'000, 100});
    CHECK(set("helm_max_file_size", "10MiB"));
    CHECK(run_to_end(settings.helm_max_file_size()) == 10 * 1024 * 1024);
    CHECK(set("helm_max_file_size", "7"));
    CHECK(run_to_end(settings.helm_max_file_size()) == 7);
    CHECK(set("helm_max_file_size", "0"));
    CHECK(run_to_end(settings.helm_max_file_size()) == 0);
}

}  // namespace pilothouse::tests::manage_users_test
