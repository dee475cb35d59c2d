// Who may do what with charts (contracts: gitlab 1.3, 1.4, 2; settled 12), written out by hand.
// One row a kind of project, one column a kind of caller; the cells: see cell().
#include "tests/unit/auth/policy_callers.hpp"

namespace pilothouse::tests::policy_matrix_test {

using auth::permission;
using auth::scope;
using storage::visibility;

namespace {

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
    //          anyone  on   arch.  anon non gue rep dev mai own adm   deploy tokens   job tokens  operator
    {private_,  no,  yes, no,   "U    H   +   +   +   +   +   +      + + + H H + H      + + + H + H H   +"},
    {private_,  no,  yes, yes,  "U    H   +   +   +   +   +   +      + + + H H + H      + + + H + H H   +"},
    {private_,  yes, yes, no,   "+    +   +   +   +   +   +   +      + + + + + + +      + + + + + + +   +"},
    {private_,  yes, yes, yes,  "+    +   +   +   +   +   +   +      + + + + + + +      + + + + + + +   +"},
    {internal,  no,  yes, no,   "U    +   +   +   +   +   +   +      + + + H H + H      + + + + + H H   +"},
    {internal,  no,  yes, yes,  "U    +   +   +   +   +   +   +      + + + H H + H      + + + + + H H   +"},
    {internal,  yes, yes, no,   "+    +   +   +   +   +   +   +      + + + + + + +      + + + + + + +   +"},
    {internal,  yes, yes, yes,  "+    +   +   +   +   +   +   +      + + + + + + +      + + + + + + +   +"},
    {public_,   no,  yes, no,   "+    +   +   +   +   +   +   +      + + + + + + +      + + + + + + +   +"},
    {public_,   no,  yes, yes,  "+    +   +   +   +   +   +   +      + + + + + + +      + + + + + + +   +"},
    {public_,   yes, yes, no,   "+    +   +   +   +   +   +   +      + + + + + + +      + + + + + + +   +"},
    {public_,   yes, yes, yes,  "+    +   +   +   +   +   +   +      + + + + + + +      + + + + + + +   +"},
    // packages off: G11
    {private_,  no,  no,  no,   "U    H   D   D   D   D   D   D      D D D H H D H      D D D H D H H   +"},
    {private_,  no,  no,  yes,  "U    H   D   D   D   D   D   D      D D D H H D H      D D D H D H H   +"},
    {private_,  yes, no,  no,   "U    H   D   D   D   D   D   D      D D D H H D H      D D D H D H H   +"},
    {private_,  yes, no,  yes,  "U    H   D   D   D   D   D   D      D D D H H D H      D D D H D H H   +"},
    {internal,  no,  no,  no,   "U    D   D   D   D   D   D   D      D D D H H D H      D D D D D H H   +"},
    {internal,  no,  no,  yes,  "U    D   D   D   D   D   D   D      D D D H H D H      D D D D D H H   +"},
    {internal,  yes, no,  no,   "U    D   D   D   D   D   D   D      D D D H H D H      D D D D D H H   +"},
    {internal,  yes, no,  yes,  "U    D   D   D   D   D   D   D      D D D H H D H      D D D D D H H   +"},
    {public_,   no,  no,  no,   "D    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
    {public_,   no,  no,  yes,  "D    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
    {public_,   yes, no,  no,   "D    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
    {public_,   yes, no,  yes,  "D    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
};

std::vector<row> const pushing = {
    //          anyone  on   arch.  anon non gue rep dev mai own adm   deploy tokens   job tokens  operator
    {private_,  no,  yes, no,   "U    H   D   D   +   +   +   +      D + + H H + H      D + + H + H H   +"},
    {private_,  no,  yes, yes,  "U    H   D   D   D   D   D   D      D D D H H D H      D D D H D H H   +"},
    {private_,  yes, yes, no,   "U    D   D   D   +   +   +   +      D + + D D + D      D + + D + D D   +"},
    {private_,  yes, yes, yes,  "U    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
    {internal,  no,  yes, no,   "U    D   D   D   +   +   +   +      D + + H H + H      D + + D + H H   +"},
    {internal,  no,  yes, yes,  "U    D   D   D   D   D   D   D      D D D H H D H      D D D D D H H   +"},
    {internal,  yes, yes, no,   "U    D   D   D   +   +   +   +      D + + D D + D      D + + D + D D   +"},
    {internal,  yes, yes, yes,  "U    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
    {public_,   no,  yes, no,   "U    D   D   D   +   +   +   +      D + + D D + D      D + + D + D D   +"},
    {public_,   no,  yes, yes,  "U    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
    {public_,   yes, yes, no,   "U    D   D   D   +   +   +   +      D + + D D + D      D + + D + D D   +"},
    {public_,   yes, yes, yes,  "U    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
    {private_,  no,  no,  no,   "U    H   D   D   D   D   D   D      D D D H H D H      D D D H D H H   +"},
    {private_,  no,  no,  yes,  "U    H   D   D   D   D   D   D      D D D H H D H      D D D H D H H   +"},
    {private_,  yes, no,  no,   "U    H   D   D   D   D   D   D      D D D H H D H      D D D H D H H   +"},
    {private_,  yes, no,  yes,  "U    H   D   D   D   D   D   D      D D D H H D H      D D D H D H H   +"},
    {internal,  no,  no,  no,   "U    D   D   D   D   D   D   D      D D D H H D H      D D D D D H H   +"},
    {internal,  no,  no,  yes,  "U    D   D   D   D   D   D   D      D D D H H D H      D D D D D H H   +"},
    {internal,  yes, no,  no,   "U    D   D   D   D   D   D   D      D D D H H D H      D D D D D H H   +"},
    {internal,  yes, no,  yes,  "U    D   D   D   D   D   D   D      D D D H H D H      D D D D D H H   +"},
    {public_,   no,  no,  no,   "U    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
    {public_,   no,  no,  yes,  "U    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
    {public_,   yes, no,  no,   "U    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
    {public_,   yes, no,  yes,  "U    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
};

// As pushing, but from maintainer up.
std::vector<row> const removing = {
    //          anyone  on   arch.  anon non gue rep dev mai own adm   deploy tokens   job tokens  operator
    {private_, no,  yes, no,   "U    H   D   D   D   +   +   +      D + + H H + H      D D + H + H H   +"},
    {private_, no,  yes, yes,  "U    H   D   D   D   D   D   D      D D D H H D H      D D D H D H H   +"},
    {private_, yes, yes, no,   "U    D   D   D   D   +   +   +      D + + D D + D      D D + D + D D   +"},
    {private_, yes, yes, yes,  "U    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
    {internal, no,  yes, no,   "U    D   D   D   D   +   +   +      D + + H H + H      D D + D + H H   +"},
    {internal, no,  yes, yes,  "U    D   D   D   D   D   D   D      D D D H H D H      D D D D D H H   +"},
    {internal, yes, yes, no,   "U    D   D   D   D   +   +   +      D + + D D + D      D D + D + D D   +"},
    {internal, yes, yes, yes,  "U    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
    {public_,  no,  yes, no,   "U    D   D   D   D   +   +   +      D + + D D + D      D D + D + D D   +"},
    {public_,  no,  yes, yes,  "U    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
    {public_,  yes, yes, no,   "U    D   D   D   D   +   +   +      D + + D D + D      D D + D + D D   +"},
    {public_,  yes, yes, yes,  "U    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
    {private_, no,  no,  no,   "U    H   D   D   D   D   D   D      D D D H H D H      D D D H D H H   +"},
    {private_, no,  no,  yes,  "U    H   D   D   D   D   D   D      D D D H H D H      D D D H D H H   +"},
    {private_, yes, no,  no,   "U    H   D   D   D   D   D   D      D D D H H D H      D D D H D H H   +"},
    {private_, yes, no,  yes,  "U    H   D   D   D   D   D   D      D D D H H D H      D D D H D H H   +"},
    {internal, no,  no,  no,   "U    D   D   D   D   D   D   D      D D D H H D H      D D D D D H H   +"},
    {internal, no,  no,  yes,  "U    D   D   D   D   D   D   D      D D D H H D H      D D D D D H H   +"},
    {internal, yes, no,  no,   "U    D   D   D   D   D   D   D      D D D H H D H      D D D D D H H   +"},
    {internal, yes, no,  yes,  "U    D   D   D   D   D   D   D      D D D H H D H      D D D D D H H   +"},
    {public_,  no,  no,  no,   "U    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
    {public_,  no,  no,  yes,  "U    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
    {public_,  yes, no,  no,   "U    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
    {public_,  yes, no,  yes,  "U    D   D   D   D   D   D   D      D D D D D D D      D D D D D D D   +"},
};

// clang-format on

struct scene : policy_scene {
    scene(row const& r, caller const& c) : policy_scene(c, project(r), {}) {}

    static storage::project_record project(row const& r) {
        storage::project_record p;
        p.visibility = r.visibility;
        p.anyone_can_pull = r.anyone_can_pull;
        p.packages_enabled = r.packages_enabled;
        p.archived = r.archived;
        return p;
    }

    char ask(permission what) {
        auto const granted = in_project(what);
        if (granted) {
            CHECK(granted->what() == what);
            CHECK(granted->project().id == here);
            CHECK(granted->group().id == storage::group_id());
            CHECK(&granted->who() == who.get());
        }
        return cell(granted);
    }
};

void check_table(std::vector<row> const& table, permission what) {
    for (row const& r : table) {
        CAPTURE(static_cast<int>(r.visibility));
        CAPTURE(r.anyone_can_pull);
        CAPTURE(r.packages_enabled);
        CAPTURE(r.archived);
        auto const cells = cells_of(r.cells);
        for (std::size_t i = 0; i < callers().size(); ++i) {
            CAPTURE(callers()[i].name);
            scene s(r, callers()[i]);
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
        auto const cells = cells_of(r.cells);
        for (std::size_t i = 0; i < callers().size(); ++i) {
            caller c = callers()[i];
            if (c.what != caller::kind::user) continue;
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
    for (scope const s : {scope::none, scope::other, scope::read_user,
                          scope::read_package_registry | scope::write_package_registry}) {
        check_scope(s, permission::read_chart, reading, false);
        check_scope(s, permission::push_chart, pushing, false);
        check_scope(s, permission::remove_chart, removing, false);
    }
}

}  // namespace pilothouse::tests::policy_matrix_test
