// The contract of storage::member_store.
#include "storage/directory.hpp"
#include "tests/contract/harness.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace pilothouse::tests::member_store_test {

namespace {

using namespace std::chrono_literals;
using storage::group_id;
using storage::place_id;
using storage::project_id;
using storage::role;
using storage::user_id;

void give(storage::stores& s, place_id where, user_id user, storage::membership m) {
    REQUIRE(wait(s.members().set(where, user, m)));
}

role role_in(storage::stores& s, place_id where, user_id user, instant now = {}) {
    return wait(s.members().role_of(where, user, now)).role;
}

// `top/mid/app`, and one project beside each of its groups.
template <class Adapter>
struct tree {
    opened<Adapter> stores;
    user_id ada = make_user(*stores, "ada").id;
    user_id bob = make_user(*stores, "bob").id;
    project_id app = make_project(*stores, "top/mid/app").id;
    project_id beside_mid = make_project(*stores, "top/other").id;
    project_id elsewhere = make_project(*stores, "else/app").id;
    group_id top = wait(stores->groups().find("top")).value().id;
    group_id mid = wait(stores->groups().find("top/mid")).value().id;
};

errc code_of(result<storage::member_record> const& r) {
    REQUIRE_FALSE(r);
    return r.error().code;
}
errc code_of(result<void> const& r) {
    REQUIRE_FALSE(r);
    return r.error().code;
}

// "name role" of each.
std::vector<std::string> words_of(std::vector<storage::member_record> const& members) {
    std::vector<std::string> all;
    for (auto const& m : members)
        all.push_back(m.user.username + " " + std::to_string(static_cast<int>(m.as.role)) +
                      (std::holds_alternative<group_id>(m.where) ? " group" : " project"));
    return all;
}

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE_TEMPLATE("A member has the role last given", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    auto const other = make_project(*stores, "grp/other");
    auto const user = make_user(*stores);
    CHECK(role_in(*stores, project.id, user.id) == role::none);
    for (auto const r : {role::guest, role::owner, role::reporter, role::reporter}) {
        give(*stores, project.id, user.id, as(r));
        CHECK(role_in(*stores, project.id, user.id) == r);
    }
    CHECK(role_in(*stores, other.id, user.id) == role::none);
    REQUIRE(wait(stores->members().remove(project.id, user.id)));
    CHECK(role_in(*stores, project.id, user.id) == role::none);
    CHECK(code_of(wait(stores->members().remove(project.id, user.id))) == errc::not_found);
}

TEST_CASE_TEMPLATE("Membership needs a place and a user", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores).id;
    auto const group = wait(stores->groups().find("grp")).value().id;
    auto const user = make_user(*stores).id;
    struct row {
        place_id where;
        user_id user;
    };
    for (auto const& r : {row{project_id{999}, user}, row{group_id{999}, user}, row{project, {999}},
                          row{group, {999}}, row{project_id{0}, {0}}, row{group_id{0}, user}}) {
        CHECK(code_of(wait(stores->members().set(r.where, r.user, as(role::guest)))) ==
              errc::not_found);
        CHECK(code_of(wait(stores->members().remove(r.where, r.user))) == errc::not_found);
        CHECK(code_of(wait(stores->members().find(r.where, r.user))) == errc::not_found);
        CHECK(role_in(*stores, r.where, r.user) == role::none);
    }
    CHECK(wait(stores->members().list(project, true)).empty());
    CHECK(wait(stores->members().list(project_id{999}, true)).empty());
    CHECK(wait(stores->members().list(group_id{999}, true)).empty());
}

TEST_CASE_TEMPLATE("A change of a member keeps when and by whom he became one", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    tree<Adapter> t;
    auto given = as(role::guest, from_nanoseconds(1'000));
    given.created = from_nanoseconds(10);
    given.created_by = t.bob;
    give(*t.stores, t.app, t.ada, given);
    auto changed = as(role::maintainer);
    changed.created = from_nanoseconds(20);
    changed.created_by = t.ada;
    auto const set = wait(t.stores->members().set(t.app, t.ada, changed)).value();
    for (auto const& m : {set, wait(t.stores->members().find(t.app, t.ada)).value(),
                          wait(t.stores->members().list(t.app, false)).front()}) {
        CHECK(m.user.username == "ada");
        CHECK(m.user.id == t.ada);
        CHECK(m.where == place_id(t.app));
        CHECK(m.as.role == role::maintainer);
        CHECK_FALSE(m.as.expires);
        CHECK(m.as.created == from_nanoseconds(10));
        CHECK(m.as.created_by == t.bob);
    }
    REQUIRE(wait(t.stores->users().remove(t.bob, false)));
    CHECK(wait(t.stores->members().find(t.app, t.ada))->as.created_by == user_id());
}

TEST_CASE_TEMPLATE("A role counts in its place and in all below, and nowhere else", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    tree<Adapter> t;
    give(*t.stores, t.mid, t.ada, as(role::developer));
    CHECK(role_in(*t.stores, t.app, t.ada) == role::developer);
    CHECK(role_in(*t.stores, t.mid, t.ada) == role::developer);
    CHECK(role_in(*t.stores, t.top, t.ada) == role::none);
    CHECK(role_in(*t.stores, t.beside_mid, t.ada) == role::none);
    CHECK(role_in(*t.stores, t.elsewhere, t.ada) == role::none);
    CHECK(role_in(*t.stores, t.app, t.bob) == role::none);

    give(*t.stores, t.top, t.bob, as(role::reporter));
    for (auto const& where :
         {place_id(t.app), place_id(t.mid), place_id(t.top), place_id(t.beside_mid)})
        CHECK(role_in(*t.stores, where, t.bob) == role::reporter);
    CHECK(role_in(*t.stores, t.elsewhere, t.bob) == role::none);

    give(*t.stores, t.app, t.bob, as(role::guest));
    CHECK(role_in(*t.stores, t.mid, t.bob) == role::reporter);
}

TEST_CASE_TEMPLATE("Of several roles on the way up the highest counts", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    struct row {
        role top, mid, app, wanted;
    };
    for (auto const& r : {row{role::guest, role::maintainer, role::reporter, role::maintainer},
                          row{role::owner, role::guest, role::guest, role::owner},
                          row{role::guest, role::none, role::developer, role::developer},
                          row{role::none, role::reporter, role::none, role::reporter}}) {
        tree<Adapter> t;
        if (r.top != role::none) give(*t.stores, t.top, t.ada, as(r.top));
        if (r.mid != role::none) give(*t.stores, t.mid, t.ada, as(r.mid));
        if (r.app != role::none) give(*t.stores, t.app, t.ada, as(r.app));
        CHECK(role_in(*t.stores, t.app, t.ada) == r.wanted);
    }
}

TEST_CASE_TEMPLATE("From the moment of its end on a membership gives nothing", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    tree<Adapter> t;
    auto const end = t.stores.time.now();
    for (auto const& where : {place_id(t.app), place_id(t.mid), place_id(t.top)}) {
        give(*t.stores, where, t.ada, as(role::developer, end));
        CHECK(role_in(*t.stores, t.app, t.ada, end - 1ns) == role::developer);
        CHECK(role_in(*t.stores, t.app, t.ada, end) == role::none);
        CHECK(role_in(*t.stores, t.app, t.ada, end + 1ns) == role::none);
        REQUIRE(wait(t.stores->members().remove(where, t.ada)));
    }
    // It is still there to be seen, and to be renewed.
    give(*t.stores, t.app, t.ada, as(role::developer, end));
    CHECK(wait(t.stores->members().list(t.app, false)).size() == 1);
    CHECK(wait(t.stores->members().find(t.app, t.ada))->as.expires == end);
    give(*t.stores, t.app, t.ada, as(role::developer));
    CHECK(role_in(*t.stores, t.app, t.ada, end) == role::developer);
}

TEST_CASE_TEMPLATE("A role is told with the moment at which it has to be asked for again", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    tree<Adapter> t;
    auto const now = t.stores.time.now();
    auto const ask = [&](instant at) {
        return wait(t.stores->members().role_of(t.app, t.ada, at));
    };
    CHECK_FALSE(ask(now).until);
    give(*t.stores, t.app, t.ada, as(role::guest));
    CHECK_FALSE(ask(now).until);
    give(*t.stores, t.mid, t.ada, as(role::maintainer, now + 2h));
    give(*t.stores, t.top, t.ada, as(role::developer, now + 3h));
    CHECK(ask(now).role == role::maintainer);
    CHECK(ask(now).until == now + 2h);
    CHECK(ask(now + 2h).role == role::developer);
    CHECK(ask(now + 2h).until == now + 3h);
    CHECK(ask(now + 3h).role == role::guest);
    CHECK_FALSE(ask(now + 3h).until);
}

TEST_CASE_TEMPLATE("A bot is a member of its own place alone", Adapter, PILOTHOUSE_ADAPTERS) {
    tree<Adapter> t;
    auto const make_bot = [&](char const* name, place_id of) {
        storage::user_record bot;
        bot.username = name;
        bot.bot_of = of;
        return wait(t.stores->users().create(bot)).value().id;
    };
    auto const of_app = make_bot("app_bot", t.app);
    auto const of_mid = make_bot("mid_bot", t.mid);
    auto const set = [&](place_id where, user_id bot) {
        return wait(t.stores->members().set(where, bot, as(role::guest)));
    };
    for (auto const& where :
         {place_id(t.app), place_id(t.mid), place_id(t.top), place_id(t.elsewhere),
          place_id(project_id{t.mid.value}), place_id(group_id{t.app.value})}) {
        auto const by_app = set(where, of_app);
        CHECK(by_app.has_value() == (where == place_id(t.app)));
        auto const by_mid = set(where, of_mid);
        CHECK(by_mid.has_value() == (where == place_id(t.mid)));
    }
    CHECK(code_of(set(t.mid, of_app)) == errc::invalid_argument);
    CHECK(code_of(set(t.app, of_mid)) == errc::invalid_argument);
    CHECK(role_in(*t.stores, t.app, of_mid) == role::guest);  // inherited
    CHECK(role_in(*t.stores, t.mid, of_app) == role::none);
}

TEST_CASE_TEMPLATE("A group keeps its last owner", Adapter, PILOTHOUSE_ADAPTERS) {
    tree<Adapter> t;
    auto const set = [&](user_id user, role r) {
        return wait(t.stores->members().set(t.mid, user, as(r)));
    };
    REQUIRE(set(t.ada, role::owner));
    REQUIRE(set(t.ada, role::owner));
    REQUIRE(set(t.bob, role::maintainer));
    CHECK(code_of(set(t.ada, role::maintainer)) == errc::conflict);
    CHECK(code_of(wait(t.stores->members().remove(t.mid, t.ada))) == errc::conflict);
    // Neither an owner above nor one below is one of this group.
    give(*t.stores, t.top, t.bob, as(role::owner));
    give(*t.stores, t.app, t.bob, as(role::owner));
    CHECK(code_of(wait(t.stores->members().remove(t.mid, t.ada))) == errc::conflict);
    CHECK(role_in(*t.stores, t.mid, t.ada) == role::owner);

    REQUIRE(set(t.bob, role::owner));
    REQUIRE(set(t.ada, role::guest));
    CHECK(code_of(wait(t.stores->members().remove(t.mid, t.bob))) == errc::conflict);
    REQUIRE(wait(t.stores->members().remove(t.mid, t.ada)));
}

TEST_CASE_TEMPLATE("Whoever's ownership has ended is no owner, and the last gets no end", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    tree<Adapter> t;
    auto const now = t.stores.time.now();
    auto const set = [&](user_id user, role r, std::optional<instant> end = {}) {
        return wait(t.stores->members().set(t.mid, user, as(r, end)));
    };
    REQUIRE(set(t.ada, role::owner));
    CHECK(code_of(set(t.ada, role::owner, now + 24h)) == errc::conflict);
    CHECK_FALSE(wait(t.stores->members().find(t.mid, t.ada))->as.expires);

    // Bob's will end: Ada stays.
    REQUIRE(set(t.bob, role::owner, now + 1h));
    CHECK(code_of(set(t.ada, role::owner, now + 24h)) == errc::conflict);
    CHECK(code_of(set(t.ada, role::guest)) == errc::conflict);
    CHECK(code_of(wait(t.stores->members().remove(t.mid, t.ada))) == errc::conflict);
    CHECK(wait(t.stores->users().remove(t.ada, false)).error().code == errc::conflict);
    // He may go, and come back with another end.
    REQUIRE(wait(t.stores->members().remove(t.mid, t.bob)));
    REQUIRE(set(t.bob, role::owner, now + 1h));
    REQUIRE(set(t.bob, role::owner, now + 2h));
    t.stores.time.advance(2h);
    CHECK(code_of(wait(t.stores->members().remove(t.mid, t.ada))) == errc::conflict);
    REQUIRE(wait(t.stores->members().remove(t.mid, t.bob)));

    // With two that last, one may get an end.
    REQUIRE(set(t.bob, role::owner));
    REQUIRE(set(t.ada, role::owner, t.stores.time.now() + 1h));
    CHECK(code_of(set(t.bob, role::owner, now + 24h)) == errc::conflict);
    REQUIRE(set(t.ada, role::guest));
    CHECK(wait(t.stores->users().remove(t.bob, false)).error().code == errc::conflict);
    REQUIRE(wait(t.stores->users().remove(t.ada, false)));
}

TEST_CASE_TEMPLATE("A bot looks after no group", Adapter, PILOTHOUSE_ADAPTERS) {
    tree<Adapter> t;
    storage::user_record bot;
    bot.username = "bot";
    bot.bot_of = t.mid;
    auto const robot = wait(t.stores->users().create(bot)).value().id;
    give(*t.stores, t.mid, t.ada, as(role::owner));
    give(*t.stores, t.mid, robot, as(role::owner));
    CHECK(code_of(wait(t.stores->members().remove(t.mid, t.ada))) == errc::conflict);
    CHECK(code_of(wait(t.stores->users().remove(t.ada, false))) == errc::conflict);
    REQUIRE(wait(t.stores->members().remove(t.mid, robot)));
    CHECK(code_of(wait(t.stores->members().remove(t.mid, t.ada))) == errc::conflict);
}

TEST_CASE_TEMPLATE("A group that has no owner, and a project, need none", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    tree<Adapter> t;
    give(*t.stores, t.mid, t.ada, as(role::maintainer));
    REQUIRE(wait(t.stores->members().set(t.mid, t.ada, as(role::guest))));
    REQUIRE(wait(t.stores->members().remove(t.mid, t.ada)));
    give(*t.stores, t.app, t.ada, as(role::owner));
    REQUIRE(wait(t.stores->members().set(t.app, t.ada, as(role::guest))));
    give(*t.stores, t.app, t.ada, as(role::owner));
    REQUIRE(wait(t.stores->members().remove(t.app, t.ada)));
}

TEST_CASE_TEMPLATE("Members are listed by user name, inherited ones once for every place", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    tree<Adapter> t;
    auto const zoe = make_user(*t.stores, "Zoe").id;
    give(*t.stores, t.app, zoe, as(role::reporter));
    give(*t.stores, t.app, t.bob, as(role::guest));
    give(*t.stores, t.mid, t.bob, as(role::owner));
    give(*t.stores, t.top, t.ada, as(role::developer));
    give(*t.stores, t.elsewhere, t.ada, as(role::owner));
    give(*t.stores, t.beside_mid, t.ada, as(role::owner));
    CHECK(words_of(wait(t.stores->members().list(t.app, false))) ==
          texts{"bob 10 project", "Zoe 20 project"});
    CHECK(words_of(wait(t.stores->members().list(t.app, true))) ==
          texts{"ada 30 group", "bob 50 group", "bob 10 project", "Zoe 20 project"});
    CHECK(words_of(wait(t.stores->members().list(t.mid, false))) == texts{"bob 50 group"});
    CHECK(words_of(wait(t.stores->members().list(t.mid, true))) ==
          texts{"ada 30 group", "bob 50 group"});
    CHECK(words_of(wait(t.stores->members().list(t.top, true))) == texts{"ada 30 group"});
    CHECK(wait(t.stores->members().list(t.app, true)).front().where == place_id(t.top));
}

TEST_CASE_TEMPLATE("All that was given to one user is found", Adapter, PILOTHOUSE_ADAPTERS) {
    tree<Adapter> t;
    CHECK(wait(t.stores->members().of_user(t.ada)).empty());
    give(*t.stores, t.app, t.ada, as(role::reporter));
    give(*t.stores, t.top, t.ada, as(role::guest, from_nanoseconds(1)));
    give(*t.stores, t.app, t.bob, as(role::owner));
    std::vector<place_id> places;
    for (auto const& m : wait(t.stores->members().of_user(t.ada))) {
        CHECK(m.user.username == "ada");
        CHECK(m.as.role == (m.where == place_id(t.app) ? role::reporter : role::guest));
        places.push_back(m.where);
    }
    std::ranges::sort(places);
    CHECK(places == std::vector{place_id(t.app), place_id(t.top)});
    CHECK(wait(t.stores->members().of_user({999})).empty());
}

}  // namespace pilothouse::tests::member_store_test
