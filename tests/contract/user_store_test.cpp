// The contract of storage::user_store.
#include "storage/directory.hpp"
#include "tests/contract/harness.hpp"
#include "tests/support/put_record.hpp"

#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests::user_store_test {

namespace {

using storage::role;
using storage::user_record;

user_record named(std::string username, std::string email = {}) {
    user_record u;
    u.username = std::move(username);
    u.email = std::move(email);
    return u;
}

std::string refusal(result<user_record> const& r) {
    REQUIRE_FALSE(r);
    CHECK(r.error().code == errc::conflict);
    return r.error().detail;
}

bool says(std::string const& detail, char const* word) {
    return detail.find(word) != std::string::npos;
}

}  // namespace

TEST_CASE_TEMPLATE("A user is kept, found by number and name, and blocked", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto wanted = named("Ada", "Ada@example.org");
    wanted.name = "Ada L.";
    wanted.admin = true;
    wanted.created = stores.time.now();
    auto const made = wait(stores->users().create(wanted));
    REQUIRE(made);
    for (auto const& found :
         {*made, *wait(stores->users().find(made->id)), *wait(stores->users().find("aDA"))}) {
        CHECK(found.id == made->id);
        CHECK(found.username == "Ada");
        CHECK(found.name == "Ada L.");
        CHECK(found.email == "Ada@example.org");
        CHECK(found.admin);
        CHECK_FALSE(found.blocked);
        CHECK_FALSE(found.bot_of);
        CHECK(found.created == wanted.created);
    }
    CHECK(make_user(*stores, "bob").name == "bob");

    auto change = *made;
    change.username = "Eve";
    change.name = "";
    change.email = "";
    change.admin = false;
    change.blocked = true;
    change.created = from_nanoseconds(1);
    REQUIRE(wait(tests::put_record(stores->users(), change)));
    auto const found = wait(stores->users().find(made->id)).value();
    CHECK(found.username == "Eve");
    CHECK(found.name.empty());
    CHECK(found.email.empty());
    CHECK_FALSE(found.admin);
    CHECK(found.blocked);
    CHECK(found.created == wanted.created);
    CHECK_FALSE(wait(stores->users().find("ada")));
}

TEST_CASE_TEMPLATE("User names are unique without regard to case", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    make_user(*stores, "Ada");
    auto bob = make_user(*stores, "bob");
    for (char const* name : {"Ada", "ada", "BOB"})
        CHECK(says(refusal(wait(stores->users().create(named(name)))), "Username"));
    bob.username = "aDa";
    CHECK(says(refusal(wait(tests::put_record(stores->users(), bob))), "Username"));
    bob.username = "BOB";
    CHECK(wait(tests::put_record(stores->users(), bob)));
    auto const all = wait(stores->users().list());
    REQUIRE(all.size() == 2);
    CHECK(all[0].username == "Ada");
    CHECK(all[1].username == "BOB");
    CHECK(wait(stores->users().find("eve")).error().code == errc::not_found);
    CHECK(wait(stores->users().find(storage::user_id{999})).error().code == errc::not_found);
    CHECK(wait(tests::put_record(stores->users(), unknown_user())).error().code == errc::not_found);
}

TEST_CASE_TEMPLATE("E-mail addresses are unique without regard to case, unless there is none",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto ada = wait(stores->users().create(named("ada", "a@example.org"))).value();
    make_user(*stores, "bob");
    make_user(*stores, "carol");
    CHECK(says(refusal(wait(stores->users().create(named("eve", "A@Example.ORG")))), "Email"));
    auto bob = *wait(stores->users().find("bob"));
    bob.email = "A@EXAMPLE.org";
    CHECK(says(refusal(wait(tests::put_record(stores->users(), bob))), "Email"));
    ada.email = "A@example.org";
    CHECK(wait(tests::put_record(stores->users(), ada)));
    ada.email = "";
    CHECK(wait(tests::put_record(stores->users(), ada)));
    CHECK(wait(tests::put_record(stores->users(), bob)));
    CHECK(wait(stores->users().list()).size() == 3);
}

TEST_CASE_TEMPLATE("Where name and address are both taken, whosever, the address is told", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    make_user(*stores, "ada");
    REQUIRE(wait(stores->users().create(named("bob", "b@example.org"))));
    CHECK(says(refusal(wait(stores->users().create(named("ada", "b@example.org")))), "Email"));
}

TEST_CASE_TEMPLATE("With a user go the memberships and tokens", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const ada = make_user(*stores, "ada");
    auto const bob = make_user(*stores, "bob");
    auto const project = make_project(*stores);
    for (auto const& u : {ada, bob}) {
        REQUIRE(wait(stores->members().set(project.id, u.id, as(role::owner))));
        storage::token_record t;
        t.hash = sha256(u.username);
        t.user = u.id;
        REQUIRE(wait(stores->tokens().add(t)));
    }
    REQUIRE(wait(stores->users().remove(ada.id, false)));
    CHECK_FALSE(wait(stores->users().find("ada")));
    CHECK_FALSE(wait(stores->tokens().find(sha256("ada"))));
    CHECK(wait(stores->members().role_of(project.id, ada.id, {})).role == role::none);
    CHECK(wait(stores->members().list(project.id, false)).size() == 1);
    CHECK(wait(stores->tokens().find(sha256("bob"))));
    CHECK(wait(stores->users().remove(ada.id, false)).error().code == errc::not_found);
    CHECK(wait(stores->users().remove(ada.id, true)).error().code == errc::not_found);
    CHECK(make_user(*stores, "ada").id > bob.id);
}

TEST_CASE_TEMPLATE("The last owner of a group goes only by force", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const ada = make_user(*stores, "ada");
    auto const bob = make_user(*stores, "bob");
    auto const shared = make_group(*stores, "shared", ada.id);
    auto const own = make_group(*stores, "own", ada.id);
    REQUIRE(wait(stores->members().set(shared.id, bob.id, as(role::owner))));
    REQUIRE(wait(stores->members().set(own.id, bob.id, as(role::maintainer))));
    CHECK(wait(stores->users().remove(ada.id, false)).error().code == errc::conflict);
    CHECK(wait(stores->users().find(ada.id)));
    CHECK(wait(stores->members().find(shared.id, ada.id)));
    REQUIRE(wait(stores->users().remove(ada.id, true)));
    CHECK_FALSE(wait(stores->users().find(ada.id)));
    CHECK(wait(stores->groups().find("own")));
    CHECK(wait(stores->members().list(own.id, false)).size() == 1);
    CHECK(wait(stores->users().remove(bob.id, false)).error().code == errc::conflict);
}

TEST_CASE_TEMPLATE("A bot knows its place, stays its place's, and goes with it", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const group = make_group(*stores, "team");
    auto of_project = named("project_bot");
    of_project.bot_of = project.id;
    auto of_group = named("group_bot");
    of_group.bot_of = group.id;
    auto bot = wait(stores->users().create(of_project)).value();
    REQUIRE(wait(stores->users().create(of_group)));
    CHECK(bot.bot_of == storage::place_id(project.id));
    CHECK(wait(stores->users().find("group_bot"))->bot_of == storage::place_id(group.id));
    CHECK(wait(stores->users().list()).size() == 2);

    bot.bot_of.reset();
    bot.blocked = true;
    CHECK(wait(tests::put_record(stores->users(), bot))->bot_of == storage::place_id(project.id));
    REQUIRE(wait(stores->members().set(project.id, bot.id, as(role::developer))));
    CHECK(wait(stores->members().list(project.id, false)).front().user.bot_of ==
          storage::place_id(project.id));

    REQUIRE(wait(stores->projects().remove(project.id)));
    CHECK_FALSE(wait(stores->users().find("project_bot")));
    CHECK(wait(stores->users().find("group_bot")));
    REQUIRE(wait(stores->groups().remove(group.id)));
    CHECK(wait(stores->users().list()).empty());
}

}  // namespace pilothouse::tests::user_store_test
