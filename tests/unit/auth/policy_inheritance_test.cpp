// Roles by where and until when they were given, on real stores: what counts, and where.
#include "auth/policy.hpp"

#include "base/runtime.hpp"
#include "storage/open.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/put_record.hpp"
#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::tests::policy_inheritance_test {

using namespace std::chrono_literals;
using auth::permission;
using storage::role;

namespace {

// What each role may in a private place, from none to owner.
struct row {
    permission what;
    std::string_view cells;
};

// clang-format off
std::vector<row> const by_role = {
    //                         none guest reporter developer maintainer owner
    {permission::read_chart,   "H   +     +        +         +          +"},
    {permission::push_chart,   "H   D     D        +         +          +"},
    {permission::remove_chart, "H   D     D        D         +          +"},
    {permission::read_project, "H   +     +        +         +          +"},
    {permission::edit_project, "H   D     D        D         +          +"},
    {permission::own_project,  "H   D     D        D         D          +"},
    {permission::read_group,   "H   +     +        +         +          +"},
    {permission::fill_group,   "H   D     D        +         +          +"},
    {permission::manage_group, "H   D     D        D         +          +"},
    {permission::own_group,    "H   D     D        D         D          +"},
};
// clang-format on

constexpr role roles[] = {role::none,      role::guest,      role::reporter,
                          role::developer, role::maintainer, role::owner};

struct fixture {
    tests::fake_clock time;
    blocking_pool files{"files", {.threads = 1}};
    auth::access_cache cache;
    std::unique_ptr<storage::stores> stores =
        storage::open(storage::memory_backend{}, files, time, nullptr, &cache).value();
    auth::policy policy{{stores->projects(), stores->groups(), stores->members(),
                         stores->clusters(), stores->cluster_members()},
                        cache,
                        time};
    storage::user_id user = make_user("jane");
    storage::user_id other = make_user("owner");
    storage::project_id project = make_project("top/mid/app");
    storage::project_id beside = make_project("top/other/app");
    storage::group_id top = group("top"), mid = group("top/mid");

    storage::user_id make_user(std::string name) {
        storage::user_record u;
        u.username = std::move(name);
        return run_to_end(stores->users().create(u)).value().id;
    }
    storage::project_id make_project(std::string path) {
        storage::project_record p;
        p.path = std::move(path);
        return run_to_end(stores->projects().create(p)).value().id;
    }
    storage::group_id group(std::string path) {
        return run_to_end(stores->groups().find(std::move(path))).value().id;
    }
    void give(storage::place_id where, role r, std::optional<instant> expires = {}) {
        if (r == role::none) return;
        storage::membership as;
        as.role = r;
        as.expires = expires;
        REQUIRE(run_to_end(stores->members().set(where, user, as)));
    }
    void take(storage::place_id where) { (void)run_to_end(stores->members().remove(where, user)); }

    char ask(permission what, storage::project_id p, storage::group_id g) {
        auth::principal jane;
        jane.what = auth::principal::kind::user;
        jane.user = user;
        jane.scopes = auth::scope::api;
        auto const who = std::make_shared<auth::principal const>(jane);
        auto const granted = auth::place_of(what) == auth::place_kind::project
                                 ? run_to_end(policy.authorize(who, what, p))
                                 : run_to_end(policy.authorize_in_group(who, what, g));
        if (granted) return '+';
        if (granted.error().code == errc::not_found) return 'H';
        return granted.error().code == errc::denied ? 'D' : '?';
    }
    // In `top/mid/app` and `top/mid`.
    void check(role expected) {
        CAPTURE(static_cast<int>(expected));
        for (auto const& r : by_role) {
            CAPTURE(static_cast<int>(r.what));
            std::string cells(r.cells);
            std::erase(cells, ' ');
            REQUIRE(cells.size() == std::size(roles));
            auto const column = static_cast<std::size_t>(expected) / 10;
            CHECK(ask(r.what, project, mid) == cells[column]);
        }
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "a role counts alike, given in the place or in a group above") {
    for (storage::place_id const& where : {storage::place_id(mid), storage::place_id(top)}) {
        for (auto const r : roles) {
            // Somebody else owns it, so that the role can be taken again.
            storage::membership owner;
            owner.role = role::owner;
            REQUIRE(run_to_end(stores->members().set(where, other, owner)));
            give(where, r);
            check(r);
            take(where);
        }
    }
    check(role::none);
}

TEST_CASE_FIXTURE(fixture, "a role in a project counts there, and shows the groups around it") {
    auto const of_group = [](permission what, role r) {
        if (r == role::none) return 'H';
        return what == permission::read_group ? '+' : 'D';
    };
    for (auto const r : roles) {
        give(project, r);
        for (auto const& [what, cells] : by_role) {
            std::string column(cells);
            std::erase(column, ' ');
            bool const of_project = auth::place_of(what) == auth::place_kind::project;
            CHECK(ask(what, project, mid) ==
                  (of_project ? column[static_cast<std::size_t>(r) / 10] : of_group(what, r)));
            CHECK(ask(what, beside, top) == (of_project ? 'H' : of_group(what, r)));
            CHECK(ask(what, beside, group("top/other")) == 'H');
        }
        take(project);
    }
}

TEST_CASE_FIXTURE(fixture, "a role in a group shows those around it, as long as it lasts") {
    give(mid, role::guest, time.now() + 1h);
    CHECK(ask(permission::read_group, project, top) == '+');
    CHECK(ask(permission::manage_group, project, top) == 'D');
    CHECK(ask(permission::read_group, project, group("top/other")) == 'H');
    time.advance(1h);
    CHECK(ask(permission::read_group, project, top) == 'H');
}

TEST_CASE_FIXTURE(fixture, "the highest of all roles counts, whichever place it comes from") {
    give(top, role::reporter);
    check(role::reporter);
    give(project, role::guest);
    check(role::reporter);
    give(mid, role::maintainer);
    check(role::maintainer);
    take(mid);
    check(role::reporter);
}

TEST_CASE_FIXTURE(fixture, "an ended role counts no more, given in the place or above") {
    auto const end = time.now() + 1h;
    for (auto const r : {role::guest, role::developer, role::owner}) {
        for (storage::place_id const& where : {storage::place_id(mid), storage::place_id(top)}) {
            storage::membership owner;
            owner.role = role::owner;
            REQUIRE(run_to_end(stores->members().set(where, other, owner)));
            time.set(end - 1ns);
            give(where, r, end);
            check(r);
            time.set(end);
            check(role::none);
            take(where);
        }
    }
}

TEST_CASE_FIXTURE(fixture, "after the end of a role the next lower one is left, and was kept for") {
    auto const start = time.now();
    give(mid, role::maintainer, start + 1h);
    give(top, role::developer, start + 2h);
    give(project, role::guest);
    auto const in_project = [&](permission what) { return ask(what, project, mid); };
    CHECK(in_project(permission::remove_chart) == '+');
    time.set(start + 1h);
    CHECK(in_project(permission::remove_chart) == 'D');
    CHECK(in_project(permission::push_chart) == '+');
    time.set(start + 2h);
    CHECK(in_project(permission::push_chart) == 'D');
    CHECK(in_project(permission::read_chart) == '+');
    CHECK(ask(permission::read_group, project, mid) == '+');  // for the project in it
    CHECK(ask(permission::fill_group, project, mid) == 'D');
}

TEST_CASE_FIXTURE(fixture, "a change above counts at the next question") {
    CHECK(ask(permission::push_chart, project, mid) == 'H');
    give(top, role::developer);
    CHECK(ask(permission::push_chart, project, mid) == '+');
    take(top);
    CHECK(ask(permission::push_chart, project, mid) == 'H');
    auto g = run_to_end(stores->groups().find(top)).value();
    g.path = "moved";
    REQUIRE(run_to_end(tests::put_record(stores->groups(), g)));
    give(top, role::developer);
    CHECK(ask(permission::push_chart, project, mid) == '+');
    REQUIRE(run_to_end(stores->groups().remove(top)));
    CHECK(ask(permission::push_chart, project, mid) == 'H');
}

}  // namespace pilothouse::tests::policy_inheritance_test
