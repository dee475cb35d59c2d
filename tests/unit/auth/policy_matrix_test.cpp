// Who may do what, where (contracts: gitlab 1.3, 1.4, 2; settled 12), written out by hand.
//
// One row a kind of project, one column a kind of caller. A cell is what the caller gets:
//   +  the grant      U  401 unauthenticated      H  404, as if there were nothing      D  403
//   denied
#include "auth/policy.hpp"

#include "base/runtime.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/unit/auth/fake_directory.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace pilothouse;
using auth::permission;
using auth::principal;
using auth::scope;
using storage::project_id;
using storage::role;
using storage::user_id;
using storage::visibility;

namespace {

constexpr project_id here{7};
constexpr project_id elsewhere{8};

struct caller {
    char const* name;
    principal::kind what = principal::kind::anonymous;
    storage::role role = role::none;  // in the project asked about
    scope scopes = scope::none;
    project_id project = {};  // of a deploy or job token
    bool admin = false;
};

using kind = principal::kind;
constexpr scope reads = scope::read_package_registry;
constexpr scope writes = scope::write_package_registry;

// The columns of the tables below, in their order.
std::vector<caller> const callers = {
    {"anonymous"},
    {"non-member", kind::user, role::none, scope::api},
    {"guest", kind::user, role::guest, scope::api},
    {"reporter", kind::user, role::reporter, scope::api},
    {"developer", kind::user, role::developer, scope::api},
    {"maintainer", kind::user, role::maintainer, scope::api},
    {"owner", kind::user, role::owner, scope::api},
    {"administrator", kind::user, role::none, scope::api, {}, true},

    {"deploy token, read", kind::deploy_token, role::none, reads, here},
    {"deploy token, write", kind::deploy_token, role::none, writes, here},
    {"deploy token, both", kind::deploy_token, role::none, reads | writes, here},
    {"deploy token, neither", kind::deploy_token, role::none, scope::other, here},
    {"deploy token, elsewhere", kind::deploy_token, role::none, reads | writes, elsewhere},

    {"job of a guest", kind::job_token, role::guest, scope::none, here},
    {"job of a developer", kind::job_token, role::developer, scope::none, here},
    {"job of a maintainer", kind::job_token, role::maintainer, scope::none, here},
    {"job of a non-member", kind::job_token, role::none, scope::none, here},
    {"job of an administrator", kind::job_token, role::none, scope::none, here, true},
    {"job of a developer, elsewhere", kind::job_token, role::developer, scope::none, elsewhere},
    {"job of an administrator, elsewhere", kind::job_token, role::none, scope::none, elsewhere,
     true},
};

struct row {
    storage::visibility visibility;
    bool anyone_can_pull;
    bool packages_enabled;
    bool archived;
    std::string_view cells;  // blanks are for the eye
};

constexpr auto private_ = visibility::private_;
constexpr auto internal = visibility::internal;
constexpr auto public_ = visibility::public_;
constexpr bool yes = true, no = false;

// clang-format off

// Index, archive, provenance. Archived projects are read as others.
std::vector<row> const reading = {
    //          anyone  on   arch.  anon non gue rep dev mai own adm   deploy tokens   job tokens
    {private_,  no,  yes, no,   "U    H   +   +   +   +   +   +      + + + H H      + + + H + H H"},
    {private_,  no,  yes, yes,  "U    H   +   +   +   +   +   +      + + + H H      + + + H + H H"},
    {private_,  yes, yes, no,   "+    +   +   +   +   +   +   +      + + + + +      + + + + + + +"},
    {private_,  yes, yes, yes,  "+    +   +   +   +   +   +   +      + + + + +      + + + + + + +"},
    {internal,  no,  yes, no,   "U    +   +   +   +   +   +   +      + + + H H      + + + + + H H"},
    {internal,  no,  yes, yes,  "U    +   +   +   +   +   +   +      + + + H H      + + + + + H H"},
    {internal,  yes, yes, no,   "+    +   +   +   +   +   +   +      + + + + +      + + + + + + +"},
    {internal,  yes, yes, yes,  "+    +   +   +   +   +   +   +      + + + + +      + + + + + + +"},
    {public_,   no,  yes, no,   "+    +   +   +   +   +   +   +      + + + + +      + + + + + + +"},
    {public_,   no,  yes, yes,  "+    +   +   +   +   +   +   +      + + + + +      + + + + + + +"},
    {public_,   yes, yes, no,   "+    +   +   +   +   +   +   +      + + + + +      + + + + + + +"},
    {public_,   yes, yes, yes,  "+    +   +   +   +   +   +   +      + + + + +      + + + + + + +"},
    // packages off (contracts: gitlab G11)
    {private_,  no,  no,  no,   "U    H   D   D   D   D   D   D      D D D H H      D D D H D H H"},
    {private_,  no,  no,  yes,  "U    H   D   D   D   D   D   D      D D D H H      D D D H D H H"},
    {private_,  yes, no,  no,   "U    H   D   D   D   D   D   D      D D D H H      D D D H D H H"},
    {private_,  yes, no,  yes,  "U    H   D   D   D   D   D   D      D D D H H      D D D H D H H"},
    {internal,  no,  no,  no,   "U    D   D   D   D   D   D   D      D D D H H      D D D D D H H"},
    {internal,  no,  no,  yes,  "U    D   D   D   D   D   D   D      D D D H H      D D D D D H H"},
    {internal,  yes, no,  no,   "U    D   D   D   D   D   D   D      D D D H H      D D D D D H H"},
    {internal,  yes, no,  yes,  "U    D   D   D   D   D   D   D      D D D H H      D D D D D H H"},
    {public_,   no,  no,  no,   "D    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
    {public_,   no,  no,  yes,  "D    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
    {public_,   yes, no,  no,   "D    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
    {public_,   yes, no,  yes,  "D    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
};

std::vector<row> const pushing = {
    //          anyone  on   arch.  anon non gue rep dev mai own adm   deploy tokens   job tokens
    {private_,  no,  yes, no,   "U    H   D   D   +   +   +   +      D + + H H      D + + H + H H"},
    {private_,  no,  yes, yes,  "U    H   D   D   D   D   D   D      D D D H H      D D D H D H H"},
    {private_,  yes, yes, no,   "U    D   D   D   +   +   +   +      D + + D D      D + + D + D D"},
    {private_,  yes, yes, yes,  "U    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
    {internal,  no,  yes, no,   "U    D   D   D   +   +   +   +      D + + H H      D + + D + H H"},
    {internal,  no,  yes, yes,  "U    D   D   D   D   D   D   D      D D D H H      D D D D D H H"},
    {internal,  yes, yes, no,   "U    D   D   D   +   +   +   +      D + + D D      D + + D + D D"},
    {internal,  yes, yes, yes,  "U    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
    {public_,   no,  yes, no,   "U    D   D   D   +   +   +   +      D + + D D      D + + D + D D"},
    {public_,   no,  yes, yes,  "U    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
    {public_,   yes, yes, no,   "U    D   D   D   +   +   +   +      D + + D D      D + + D + D D"},
    {public_,   yes, yes, yes,  "U    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
    {private_,  no,  no,  no,   "U    H   D   D   D   D   D   D      D D D H H      D D D H D H H"},
    {private_,  no,  no,  yes,  "U    H   D   D   D   D   D   D      D D D H H      D D D H D H H"},
    {private_,  yes, no,  no,   "U    H   D   D   D   D   D   D      D D D H H      D D D H D H H"},
    {private_,  yes, no,  yes,  "U    H   D   D   D   D   D   D      D D D H H      D D D H D H H"},
    {internal,  no,  no,  no,   "U    D   D   D   D   D   D   D      D D D H H      D D D D D H H"},
    {internal,  no,  no,  yes,  "U    D   D   D   D   D   D   D      D D D H H      D D D D D H H"},
    {internal,  yes, no,  no,   "U    D   D   D   D   D   D   D      D D D H H      D D D D D H H"},
    {internal,  yes, no,  yes,  "U    D   D   D   D   D   D   D      D D D H H      D D D D D H H"},
    {public_,   no,  no,  no,   "U    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
    {public_,   no,  no,  yes,  "U    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
    {public_,   yes, no,  no,   "U    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
    {public_,   yes, no,  yes,  "U    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
};

// As pushing, but from maintainer up.
std::vector<row> const removing = {
    //          anyone  on   arch.  anon non gue rep dev mai own adm   deploy tokens   job tokens
    {private_, no,  yes, no,   "U    H   D   D   D   +   +   +      D + + H H      D D + H + H H"},
    {private_, no,  yes, yes,  "U    H   D   D   D   D   D   D      D D D H H      D D D H D H H"},
    {private_, yes, yes, no,   "U    D   D   D   D   +   +   +      D + + D D      D D + D + D D"},
    {private_, yes, yes, yes,  "U    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
    {internal, no,  yes, no,   "U    D   D   D   D   +   +   +      D + + H H      D D + D + H H"},
    {internal, no,  yes, yes,  "U    D   D   D   D   D   D   D      D D D H H      D D D D D H H"},
    {internal, yes, yes, no,   "U    D   D   D   D   +   +   +      D + + D D      D D + D + D D"},
    {internal, yes, yes, yes,  "U    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
    {public_,  no,  yes, no,   "U    D   D   D   D   +   +   +      D + + D D      D D + D + D D"},
    {public_,  no,  yes, yes,  "U    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
    {public_,  yes, yes, no,   "U    D   D   D   D   +   +   +      D + + D D      D D + D + D D"},
    {public_,  yes, yes, yes,  "U    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
    {private_, no,  no,  no,   "U    H   D   D   D   D   D   D      D D D H H      D D D H D H H"},
    {private_, no,  no,  yes,  "U    H   D   D   D   D   D   D      D D D H H      D D D H D H H"},
    {private_, yes, no,  no,   "U    H   D   D   D   D   D   D      D D D H H      D D D H D H H"},
    {private_, yes, no,  yes,  "U    H   D   D   D   D   D   D      D D D H H      D D D H D H H"},
    {internal, no,  no,  no,   "U    D   D   D   D   D   D   D      D D D H H      D D D D D H H"},
    {internal, no,  no,  yes,  "U    D   D   D   D   D   D   D      D D D H H      D D D D D H H"},
    {internal, yes, no,  no,   "U    D   D   D   D   D   D   D      D D D H H      D D D D D H H"},
    {internal, yes, no,  yes,  "U    D   D   D   D   D   D   D      D D D H H      D D D D D H H"},
    {public_,  no,  no,  no,   "U    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
    {public_,  no,  no,  yes,  "U    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
    {public_,  yes, no,  no,   "U    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
    {public_,  yes, no,  yes,  "U    D   D   D   D   D   D   D      D D D D D      D D D D D D D"},
};

// clang-format on

// One project, one caller; a new policy and cache for each question.
struct scene {
    tests::fake_projects projects;
    tests::fake_groups groups;
    tests::fake_members members;
    tests::fake_clock time;
    auth::access_cache cache;
    auth::policy policy{{projects, groups, members}, cache, time};
    std::shared_ptr<principal const> who;

    scene(row const& r, caller const& c) {
        storage::project_record p;
        p.id = here;
        p.path = "grp/proj";
        p.visibility = r.visibility;
        p.anyone_can_pull = r.anyone_can_pull;
        p.packages_enabled = r.packages_enabled;
        p.archived = r.archived;
        projects.rows.push_back(p);

        principal made;
        made.what = c.what;
        made.user = c.what == kind::user || c.what == kind::job_token ? user_id{3} : user_id{};
        made.admin = c.admin;
        made.project = c.project;
        made.scopes = c.scopes;
        who = std::make_shared<principal const>(made);
        if (c.role != role::none) members.rows[{here, user_id{3}}] = {c.role, {}};
    }

    char ask(permission what) {
        auto const granted = run_to_end(policy.authorize(who, what, here));
        if (granted) {
            CHECK(granted->what() == what);
            CHECK(granted->project().id == here);
            CHECK(&granted->who() == who.get());
            return '+';
        }
        switch (granted.error().code) {
            case errc::unauthenticated: return 'U';
            case errc::not_found: return 'H';
            case errc::denied: return 'D';
            case errc::insufficient_scope: return 'S';
            default: return '?';
        }
    }
};

void check_table(std::vector<row> const& table, permission what) {
    for (row const& r : table) {
        CAPTURE(static_cast<int>(r.visibility));
        CAPTURE(r.anyone_can_pull);
        CAPTURE(r.packages_enabled);
        CAPTURE(r.archived);
        std::string cells(r.cells);
        std::erase(cells, ' ');
        REQUIRE(cells.size() == callers.size());
        for (std::size_t i = 0; i < callers.size(); ++i) {
            CAPTURE(callers[i].name);
            scene s(r, callers[i]);
            char const first = s.ask(what);
            CHECK(first == cells[i]);
            CHECK(s.ask(what) == first);  // now from the cache
            CHECK(s.projects.asked == 1);
            CHECK(s.members.asked <= 1);
        }
    }
}

// What users get whose token has another scope: nothing but the scope decides (contracts: gitlab
// A12).
void check_scope(scope scopes, permission what, std::vector<row> const& table, bool enough) {
    for (row const& r : table) {
        std::string cells(r.cells);
        std::erase(cells, ' ');
        for (std::size_t i = 0; i < callers.size(); ++i) {
            caller c = callers[i];
            if (c.what != kind::user) continue;
            c.scopes = scopes;
            CAPTURE(c.name);
            CHECK(scene(r, c).ask(what) == (enough ? cells[i] : 'S'));
        }
    }
}

}  // namespace

TEST_CASE("who may read") { check_table(reading, permission::read_chart); }
TEST_CASE("who may push") { check_table(pushing, permission::push_chart); }
TEST_CASE("who may remove") { check_table(removing, permission::remove_chart); }

TEST_CASE("the scope read_api is enough to read, and for nothing else") {
    check_scope(scope::read_api, permission::read_chart, reading, true);
    check_scope(scope::read_api | scope::other, permission::read_chart, reading, true);
    check_scope(scope::read_api, permission::push_chart, pushing, false);
    check_scope(scope::read_api, permission::remove_chart, removing, false);
}

TEST_CASE("other scopes of a personal token give nothing, on public projects neither") {
    for (scope const s : {scope::none, scope::other, reads | writes}) {
        check_scope(s, permission::read_chart, reading, false);
        check_scope(s, permission::push_chart, pushing, false);
        check_scope(s, permission::remove_chart, removing, false);
    }
}
