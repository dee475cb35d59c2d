// The contract of storage::audit_log.
#include "storage/audit_log.hpp"
#include "tests/contract/harness.hpp"

#include <chrono>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests::audit_log_test {

namespace {

using namespace std::chrono_literals;
using storage::audit_event;
using storage::audit_filter;
using texts = std::vector<std::string>;

constexpr auto all = std::numeric_limits<std::size_t>::max();

audit_event event(std::string name, std::int64_t at = 0) {
    audit_event e;
    e.at = from_nanoseconds(at);
    e.what = "thing_changed";
    e.name = std::move(name);
    return e;
}

// The names, as listed.
texts names(storage::stores& s, audit_filter const& filter, std::size_t skip = 0,
            std::size_t count = all) {
    texts found;
    for (auto const& e : wait(s.audit().list(filter, skip, count))) found.push_back(e.name);
    return found;
}

audit_filter between(std::optional<instant> after, std::optional<instant> before) {
    audit_filter f;
    f.after = after;
    f.before = before;
    return f;
}

}  // namespace

TEST_CASE_TEMPLATE("An event is kept as it was noted, and outlives what it tells of", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores);
    audit_event e;
    e.id = {77};
    e.at = stores.time.now();
    e.what = "project_created";
    e.author = make_user(*stores).id;
    e.by = "ada";
    e.from = "192.0.2.1";
    e.project = project.id;
    e.group = project.groups.front();
    e.where = "grp/app";
    e.kind = "Project";
    e.thing = -5;
    e.name = "App \xE2\x9A\x93";
    e.detail = "line\nline";
    wait(stores->audit().note(e));
    wait(stores->audit().note(event("bare")));
    REQUIRE(wait(stores->groups().remove(e.group)));
    REQUIRE(wait(stores->users().remove(e.author, true)));

    auto const listed = wait(stores->audit().list({}, 0, all));
    REQUIRE(listed.size() == 2);
    CHECK(listed[1].id < listed[0].id);
    for (auto const& found : {listed[1], wait(stores->audit().find(listed[1].id)).value()}) {
        CHECK(found.id == listed[1].id);
        CHECK(found.at == e.at);
        CHECK(found.what == e.what);
        CHECK(found.author == e.author);
        CHECK(found.by == e.by);
        CHECK(found.from == e.from);
        CHECK(found.project == e.project);
        CHECK(found.group == e.group);
        CHECK(found.where == e.where);
        CHECK(found.kind == e.kind);
        CHECK(found.thing == e.thing);
        CHECK(found.name == e.name);
        CHECK(found.detail == e.detail);
    }
    auto const& bare = listed[0];
    CHECK(bare.author == storage::user_id());
    CHECK(bare.project == storage::project_id());
    CHECK(bare.group == storage::group_id());
    CHECK(bare.thing == 0);
    CHECK(bare.from.empty());
}

TEST_CASE_TEMPLATE("Events are listed newest first, page by page", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    CHECK(names(*stores, {}).empty());
    // Noted later is newer, whatever the clock said.
    for (auto const& [name, at] : {std::pair{"a", 5}, {"b", 9}, {"c", 9}, {"d", 1}, {"e", 6}})
        wait(stores->audit().note(event(name, at)));
    CHECK(names(*stores, {}) == texts{"e", "d", "c", "b", "a"});
    CHECK(names(*stores, {}, 0, 2) == texts{"e", "d"});
    CHECK(names(*stores, {}, 2, 2) == texts{"c", "b"});
    CHECK(names(*stores, {}, 4, 2) == texts{"a"});
    CHECK(names(*stores, {}, 5, 2).empty());
    CHECK(names(*stores, {}, 500, 2).empty());
    CHECK(names(*stores, {}, 0, 0).empty());
    CHECK(wait(stores->audit().count({})) == 5);
}

TEST_CASE_TEMPLATE("Events are found by place, author and time, and by all of these", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    int noted = 0;
    auto const note = [&](std::int64_t project, std::int64_t group, std::int64_t author) {
        auto e = event(std::to_string(noted), noted * 10);
        ++noted;
        e.project = {project};
        e.group = {group};
        e.author = {author};
        wait(stores->audit().note(e));
    };
    note(1, 0, 7);
    note(1, 0, 8);
    note(2, 0, 7);
    note(0, 1, 7);
    note(0, 2, 0);
    note(0, 0, 8);

    audit_filter in_project, in_group, of_author, of_both;
    in_project.project = storage::project_id{1};
    in_group.group = storage::group_id{1};
    of_author.author = {7};
    of_both.project = storage::project_id{1};
    of_both.author = {8};
    struct row {
        audit_filter filter;
        texts wanted;
    };
    auto late = of_author;
    late.after = from_nanoseconds(20);
    auto const at = [](std::int64_t n) { return from_nanoseconds(n); };
    for (auto const& r :
         {row{{}, {"5", "4", "3", "2", "1", "0"}}, row{in_project, {"1", "0"}},
          row{in_group, {"3"}}, row{of_author, {"3", "2", "0"}}, row{of_both, {"1"}},
          row{late, {"3", "2"}}, row{between(at(20), {}), {"5", "4", "3", "2"}},
          row{between(at(21), {}), {"5", "4", "3"}}, row{between({}, at(20)), {"2", "1", "0"}},
          row{between({}, at(19)), {"1", "0"}}, row{between(at(20), at(20)), {"2"}},
          row{between(at(21), at(20)), {}}}) {
        CHECK(names(*stores, r.filter) == r.wanted);
        CHECK(wait(stores->audit().count(r.filter)) == r.wanted.size());
        if (r.wanted.size() > 1) CHECK(names(*stores, r.filter, 1, 1) == texts{r.wanted[1]});
    }
}

TEST_CASE_TEMPLATE("Events are found by what they are about", Adapter, PILOTHOUSE_ADAPTERS) {
    using storage::audit_scope;
    opened<Adapter> stores;
    auto const note = [&](std::string name, std::int64_t project, std::int64_t group,
                          std::string kind, std::int64_t thing) {
        auto e = event(std::move(name));
        e.project = {project};
        e.group = {group};
        e.kind = std::move(kind);
        e.thing = thing;
        wait(stores->audit().note(e));
    };
    note("server", 0, 0, "Setting", 7);
    note("ada", 0, 0, "User", 7);
    note("bob", 0, 0, "User", 8);
    note("member of group", 0, 1, "User", 7);
    note("member of project", 1, 0, "User", 7);

    audit_filter f;
    for (auto const& [scope, wanted] : {std::pair{audit_scope::server, texts{"server"}},
                                        {audit_scope::user, {"bob", "ada"}},
                                        {audit_scope::group, {"member of group"}},
                                        {audit_scope::project, {"member of project"}}}) {
        f.scope = scope;
        CHECK(names(*stores, f) == wanted);
        CHECK(wait(stores->audit().count(f)) == wanted.size());
    }
    f.scope = audit_scope::user;
    f.user = {7};
    CHECK(names(*stores, f) == texts{"ada"});
}

TEST_CASE_TEMPLATE("What is no event is not found", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    wait(stores->audit().note(event("one")));
    for (std::int64_t const id : {0, -1, 999}) CHECK_FALSE(wait(stores->audit().find({id})));
    audit_filter elsewhere;
    elsewhere.project = storage::project_id{999};
    CHECK(names(*stores, elsewhere).empty());
    // A place without a number is none, not any.
    elsewhere.project = storage::project_id{};
    CHECK(names(*stores, elsewhere).empty());
    CHECK(wait(stores->audit().count(elsewhere)) == 0);
    audit_filter of_no_group;
    of_no_group.group = storage::group_id{};
    CHECK(names(*stores, of_no_group).empty());
    CHECK(wait(stores->audit().count(of_no_group)) == 0);
}

TEST_CASE_TEMPLATE("However much is old, all of it is forgotten", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    for (int n = 0; n < 2001; ++n) wait(stores->audit().note(event("a", n)));
    CHECK(wait(stores->audit().forget(from_nanoseconds(2000))) == 2000);
    CHECK(wait(stores->audit().count({})) == 1);
}

TEST_CASE_TEMPLATE("What is older than a moment is forgotten, and its numbers never come back",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    for (auto const& [name, at] : {std::pair{"a", 10}, {"b", 20}, {"c", 30}})
        wait(stores->audit().note(event(name, at)));
    auto const last = wait(stores->audit().list({}, 0, 1)).front().id;
    CHECK(wait(stores->audit().forget(from_nanoseconds(10))) == 0);
    CHECK(wait(stores->audit().forget(from_nanoseconds(20))) == 1);
    CHECK(names(*stores, {}) == texts{"c", "b"});
    CHECK(wait(stores->audit().forget(from_nanoseconds(31))) == 2);
    CHECK(wait(stores->audit().forget(from_nanoseconds(31))) == 0);
    CHECK_FALSE(wait(stores->audit().find(last)));
    wait(stores->audit().note(event("d", 40)));
    CHECK(wait(stores->audit().list({}, 0, 1)).front().id > last);
    CHECK(wait(stores->audit().count({})) == 1);
}

}  // namespace pilothouse::tests::audit_log_test
