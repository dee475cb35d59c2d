// Who may do what with projects, groups, clusters and the server themselves: written out by hand.
// One row a kind of place, one column a kind of caller; the cells: see cell().
#include "tests/unit/auth/policy_callers.hpp"

#include <chrono>
#include <stdexcept>

namespace pilothouse::tests::policy_places_test {

using namespace std::chrono_literals;
using auth::permission;
using auth::scope;
using storage::role;
using storage::visibility;

namespace {

struct row {
    permission what;
    storage::visibility visibility;
    std::string_view cells;
};

constexpr auto private_ = visibility::private_;
constexpr auto internal = visibility::internal;
constexpr auto public_ = visibility::public_;

// clang-format off

std::vector<row> const of_projects = {
    //                                    anon non gue rep dev mai own adm   deploy tokens   job tokens   operator
    {permission::read_project, private_, "U    H   +   +   +   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::read_project, internal, "U    +   +   +   +   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::read_project, public_,  "+    +   +   +   +   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::edit_project, private_, "U    H   D   D   D   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::edit_project, internal, "U    D   D   D   D   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::edit_project, public_,  "U    D   D   D   D   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::own_project,  private_, "U    H   D   D   D   D   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::own_project,  internal, "U    D   D   D   D   D   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::own_project,  public_,  "U    D   D   D   D   D   +   +     S S S S S S S   S S S S S S S   +"},
};

std::vector<row> const of_groups = {
    //                                    anon non gue rep dev mai own adm   deploy tokens   job tokens   operator
    {permission::read_group,   private_, "U    H   +   +   +   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::read_group,   internal, "U    +   +   +   +   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::read_group,   public_,  "+    +   +   +   +   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::fill_group,   private_, "U    H   D   D   +   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::fill_group,   internal, "U    D   D   D   +   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::fill_group,   public_,  "U    D   D   D   +   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::manage_group, private_, "U    H   D   D   D   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::manage_group, internal, "U    D   D   D   D   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::manage_group, public_,  "U    D   D   D   D   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::own_group,    private_, "U    H   D   D   D   D   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::own_group,    internal, "U    D   D   D   D   D   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::own_group,    public_,  "U    D   D   D   D   D   +   +     S S S S S S S   S S S S S S S   +"},
};

// Who may not is told so: what is there is no secret to those who are somebody.
std::vector<row> const of_clusters = {
    //                                      anon non gue rep dev mai own adm   deploy tokens   job tokens   operator
    {permission::see_cluster,    private_, "U    D   D   +   +   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::use_cluster,    private_, "U    D   D   D   +   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::manage_cluster, private_, "U    D   D   D   D   +   +   +     S S S S S S S   S S S S S S S   +"},
};

// A role somewhere is nothing here.
std::vector<row> const of_the_server = {
    //                                    anon non gue rep dev mai own adm   deploy tokens   job tokens   operator
    {permission::browse,       private_, "+    +   +   +   +   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::be_somebody,  private_, "U    +   +   +   +   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::be_oneself,   private_, "U    +   +   +   +   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::hold_token,   private_, "U    +   +   +   +   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::rotate_token, private_, "U    +   +   +   +   +   +   +     S S S S S S S   S S S S S S S   +"},
    {permission::administer,   private_, "U    D   D   D   D   D   D   +     S S S S S S S   S S S S S S S   +"},
};

// Whether a personal token with this scope alone gets what its user may.
struct scope_row {
    permission what;
    bool api, read_api, read_user, self_rotate, others;
    [[nodiscard]] bool none() const { return others; }  // a token without a scope that counts
};
constexpr bool yes = true, no = false;
std::vector<scope_row> const by_scope = {
    //                         api  read_api read_user self_rotate others
    {permission::read_chart,   yes, yes,     no,       no,         no},
    {permission::push_chart,   yes, no,      no,       no,         no},
    {permission::remove_chart, yes, no,      no,       no,         no},
    {permission::read_project, yes, yes,     no,       no,         no},
    {permission::edit_project, yes, no,      no,       no,         no},
    {permission::own_project,  yes, no,      no,       no,         no},
    {permission::read_group,   yes, yes,     no,       no,         no},
    {permission::fill_group,   yes, no,      no,       no,         no},
    {permission::manage_group, yes, no,      no,       no,         no},
    {permission::own_group,    yes, no,      no,       no,         no},
    {permission::see_cluster,  yes, yes,     no,       no,         no},
    {permission::use_cluster,  yes, no,      no,       no,         no},
    {permission::manage_cluster, yes, no,    no,       no,         no},
    {permission::browse,       yes, yes,     no,       no,         no},
    {permission::be_somebody,  yes, yes,     yes,      no,         no},
    {permission::be_oneself,   yes, no,      no,       no,         no},
    {permission::hold_token,   yes, yes,     yes,      yes,        yes},
    {permission::rotate_token, yes, no,      no,       yes,        no},
    {permission::administer,   yes, no,      no,       no,         no},
};

// clang-format on

policy_scene make_scene(caller const& c, visibility v) {
    storage::project_record p;
    p.visibility = v;
    storage::group_record g;
    g.visibility = v;
    return {c, std::move(p), std::move(g)};
}

result<auth::grant> ask(policy_scene& s, permission what) {
    switch (auth::place_of(what)) {
        case auth::place_kind::project: return s.in_project(what);
        case auth::place_kind::group: return s.in_group(what);
        case auth::place_kind::cluster: return s.on_cluster(what);
        case auth::place_kind::server: break;
    }
    return s.on_server(what);
}

void check_table(std::vector<row> const& table) {
    for (row const& r : table) {
        CAPTURE(static_cast<int>(r.what));
        CAPTURE(static_cast<int>(r.visibility));
        auto const cells = cells_of(r.cells);
        for (std::size_t i = 0; i < callers().size(); ++i) {
            CAPTURE(callers()[i].name);
            auto s = make_scene(callers()[i], r.visibility);
            CHECK(cell(ask(s, r.what)) == cells[i]);
            CHECK(cell(ask(s, r.what)) == cells[i]);  // now from the cache, where there is one
        }
    }
}

caller const& called(std::string_view name) {
    return *std::ranges::find(callers(), name,
                              [](auto const& c) { return std::string_view(c.name); });
}

}  // namespace

TEST_CASE("who may do what with a project") { check_table(of_projects); }
TEST_CASE("who may do what with a group") { check_table(of_groups); }
TEST_CASE("who may do what with a cluster of a project") { check_table(of_clusters); }
TEST_CASE("who may do what with the server") { check_table(of_the_server); }

TEST_CASE("a role in a cluster counts as one in the group that owns it does") {
    for (row const& r : of_clusters) {
        CAPTURE(static_cast<int>(r.what));
        auto const cells = cells_of(r.cells);
        for (std::size_t i = 0; i < callers().size(); ++i) {
            CAPTURE(callers()[i].name);
            auto s = make_scene(callers()[i], private_);
            auto& cluster = s.clusters.rows[0];
            cluster.owner = group_here;
            CHECK(cell(ask(s, r.what)) == cells[i]);
            cluster.owner = group_elsewhere;
            if (callers()[i].role != role::none)
                s.cluster_members.rows[{cluster_here, somebody}] = callers()[i].role;
            CHECK(cell(ask(s, r.what)) == cells[i]);
            cluster.owner.reset();
            CHECK(cell(ask(s, r.what)) == cells[i]);
        }
    }
}

TEST_CASE("of the role in a cluster and the one in what owns it the greater counts") {
    auto s = make_scene(called("maintainer"), private_);
    s.cluster_members.rows[{cluster_here, somebody}] = role::reporter;
    CHECK(s.on_cluster(permission::manage_cluster).value().role() == role::maintainer);
    s.cluster_members.rows[{cluster_here, somebody}] = role::owner;
    CHECK(s.on_cluster(permission::see_cluster).value().role() == role::owner);
    s.members.rows.clear();
    CHECK(s.on_cluster(permission::see_cluster).value().role() == role::owner);
    s.cluster_members.rows.clear();
    CHECK(cell(s.on_cluster(permission::see_cluster)) == 'D');
}

TEST_CASE("a cluster is named by number or name, and the grant tells it") {
    auto s = make_scene(called("developer"), private_);
    for (auto const& where :
         {auth::cluster_reference(cluster_here), auth::cluster_reference("prod")}) {
        auto const g = s.on_cluster(permission::use_cluster, where);
        REQUIRE(g);
        CHECK(g->cluster().name == "prod");
        CHECK(g->what() == permission::use_cluster);
        CHECK(g->project().id == storage::project_id());
        CHECK(g->group().id == storage::group_id());
    }
    CHECK(s.in_project(permission::read_project).value().cluster().id == storage::cluster_id());
    CHECK_THROWS_AS((void)s.on_cluster(permission::read_project), std::logic_error);
    CHECK_THROWS_AS((void)s.on_server(permission::see_cluster), std::logic_error);
}

TEST_CASE("a cluster that is not there is said to be none to all but those who must sign in") {
    for (auto const& c : callers()) {
        CAPTURE(c.name);
        auto s = make_scene(c, private_);
        bool const stranger = cell(s.on_cluster(permission::see_cluster)) == 'U';
        bool const bound = cell(s.on_cluster(permission::see_cluster)) == 'S';
        s.clusters.asked = 0;
        auto const absent = cell(s.on_cluster(permission::use_cluster, "none"));
        CHECK(absent == (stranger ? 'U' : bound ? 'S' : 'H'));
        CHECK((s.clusters.asked == 0) == (stranger || bound));
    }
}

TEST_CASE("what a project's charts are does not change who may do what with the project") {
    for (row const& r : of_projects) {
        auto const cells = cells_of(r.cells);
        for (std::size_t i = 0; i < callers().size(); ++i) {
            CAPTURE(callers()[i].name);
            auto s = make_scene(callers()[i], r.visibility);
            s.projects.rows[0].archived = true;
            s.projects.rows[0].packages_enabled = false;
            s.projects.rows[0].anyone_can_pull = true;
            CHECK(cell(ask(s, r.what)) == cells[i]);
        }
    }
}

TEST_CASE("a personal token gets what its user may, where its scope is enough, and nothing else") {
    for (scope_row const& r : by_scope) {
        CAPTURE(static_cast<int>(r.what));
        struct trial {
            scope scopes;
            bool enough;
        };
        auto const packages = scope::read_package_registry | scope::write_package_registry;
        for (auto const& [scopes, enough] :
             {trial{scope::none, r.none()}, trial{scope::api, r.api},
              trial{scope::read_api, r.read_api}, trial{scope::read_user, r.read_user},
              trial{scope::self_rotate, r.self_rotate}, trial{scope::other | packages, r.others},
              trial{scope::read_api | scope::other, r.read_api},
              trial{scope::read_api | scope::read_user, r.read_api || r.read_user}}) {
            for (char const* const name : {"non-member", "guest", "owner", "administrator"}) {
                CAPTURE(name);
                for (auto const v : {private_, internal, public_}) {
                    auto whole = make_scene(called(name), v);
                    auto c = called(name);
                    c.scopes = scopes;
                    auto s = make_scene(c, v);
                    CHECK(cell(ask(s, r.what)) == (enough ? cell(ask(whole, r.what)) : 'S'));
                    if (!enough) CHECK(s.projects.asked + s.members.asked == 0);
                }
            }
        }
    }
}

TEST_CASE("who may not see a place cannot tell it from one that is not there") {
    using all = std::initializer_list<permission>;
    for (auto const& c : callers()) {
        CAPTURE(c.name);
        auto s = make_scene(c, private_);
        for (auto const what :
             all{permission::read_chart, permission::push_chart, permission::remove_chart,
                 permission::read_project, permission::edit_project, permission::own_project}) {
            CAPTURE(static_cast<int>(what));
            auto const there = s.in_project(what);
            auto const absent = s.in_project(what, storage::project_id{99});
            REQUIRE_FALSE(absent);
            CHECK(s.in_project(what, "above/none").error().code == absent.error().code);
            bool const sees = there || there.error().code == errc::denied;
            if (sees) {
                CHECK(absent.error().code == errc::not_found);
            } else {
                CHECK(there.error().code == absent.error().code);
                CHECK(there.error().detail == absent.error().detail);
            }
        }
        for (auto const what : all{permission::read_group, permission::fill_group,
                                   permission::manage_group, permission::own_group}) {
            CAPTURE(static_cast<int>(what));
            auto const there = s.in_group(what);
            auto const absent = s.in_group(what, storage::group_id{99});
            REQUIRE_FALSE(absent);
            CHECK(s.in_group(what, "none").error().code == absent.error().code);
            bool const sees = there || there.error().code == errc::denied;
            if (sees) {
                CHECK(absent.error().code == errc::not_found);
            } else {
                CHECK(there.error().code == absent.error().code);
                CHECK(there.error().detail == absent.error().detail);
            }
        }
    }
}

TEST_CASE("a grant tells the place, the role there, and who may administer") {
    struct expected {
        char const* name;
        storage::role role;
        bool administrates;
    };
    for (auto const& [name, wanted, administrates] :
         {expected{"owner", role::owner, false}, expected{"maintainer", role::maintainer, false},
          expected{"guest", role::guest, false}, expected{"administrator", role::owner, true},
          expected{"local operator", role::owner, true}}) {
        CAPTURE(name);
        auto s = make_scene(called(name), private_);
        auto const project = s.in_project(permission::read_project).value();
        auto const group = s.in_group(permission::read_group).value();
        auto const server = s.on_server(permission::browse).value();
        CHECK(project.project().path == "above/grp/proj");
        CHECK(project.group().path.empty());
        CHECK(group.group().path == "above/grp");
        CHECK(group.project().path.empty());
        CHECK(server.project().path.empty());
        CHECK(server.group().path.empty());
        CHECK(project.role() == wanted);
        CHECK(group.role() == wanted);
        CHECK(server.role() == (administrates ? role::owner : role::none));
        for (auto const& g : {project, group, server}) {
            CHECK(g.administrates() == administrates);
            CHECK(g.from().empty());
        }
    }
    auto job = make_scene(called("job of a developer"), private_);
    CHECK(job.in_project(permission::push_chart)->role() == role::developer);
    auto deploy = make_scene(called("deploy token of a group above"), private_);
    CHECK(deploy.in_project(permission::push_chart)->role() == role::maintainer);
    CHECK_FALSE(deploy.in_project(permission::push_chart)->administrates());
}

TEST_CASE("a permission counts in its own kind of place, whoever asks") {
    for (char const* const name : {"anonymous", "owner", "administrator", "local operator"}) {
        auto s = make_scene(called(name), public_);
        for (auto const& r : by_scope) {
            auto const kind = auth::place_of(r.what);
            if (kind != auth::place_kind::project)
                CHECK_THROWS_AS((void)s.in_project(r.what), std::logic_error);
            if (kind != auth::place_kind::group)
                CHECK_THROWS_AS((void)s.in_group(r.what), std::logic_error);
            if (kind != auth::place_kind::server)
                CHECK_THROWS_AS((void)s.on_server(r.what), std::logic_error);
        }
    }
}

TEST_CASE("lists show what reading would grant") {
    for (auto const& table : {of_projects, of_groups}) {
        for (row const& r : table) {
            if (r.what != permission::read_project && r.what != permission::read_group) continue;
            auto const cells = cells_of(r.cells);
            for (std::size_t i = 0; i < callers().size(); ++i) {
                auto const& c = callers()[i];
                if (cells[i] == 'S') continue;  // those list nothing
                CAPTURE(c.name);
                auto const owns = c.admin || c.what == caller::kind::local_operator;
                auto const there = owns ? role::owner : c.role;
                storage::project_record p;
                storage::group_record g;
                p.visibility = g.visibility = r.visibility;
                CHECK(auth::policy::may_see(*c.principal(), p, there) == (cells[i] == '+'));
                CHECK(auth::policy::may_see(*c.principal(), g, there) == (cells[i] == '+'));
            }
        }
    }
}

TEST_CASE("a role that ends stops counting at that moment, though it was kept") {
    auto s = make_scene(called("developer"), private_);
    auto const end = s.time.now() + 1h;
    s.members.rows[{here, somebody}] = {role::developer, end};
    s.members.rows[{group_here, somebody}] = {role::developer, end};
    CHECK(cell(s.in_project(permission::push_chart)) == '+');
    s.time.advance(1h - 1ns);
    CHECK(cell(s.in_project(permission::push_chart)) == '+');
    CHECK(cell(s.in_group(permission::fill_group)) == '+');
    CHECK(s.members.asked == 2);  // groups are asked for each time
    s.time.advance(1ns);
    CHECK(cell(s.in_project(permission::push_chart)) == 'H');
    CHECK(cell(s.in_group(permission::fill_group)) == 'H');
    CHECK(s.members.asked == 4);
    CHECK(cell(s.in_project(permission::read_chart)) == 'H');
    CHECK(s.members.asked == 4);  // that it is none is kept, too
}

TEST_CASE("when the higher of two roles ends the lower one is left") {
    auto s = make_scene(called("maintainer"), private_);
    auto const end = s.time.now() + 1h;
    s.members.rows[{here, somebody}] = {role::maintainer, end};
    CHECK(cell(s.in_project(permission::remove_chart)) == '+');
    s.time.set(end);
    s.members.rows[{here, somebody}] = {role::reporter, {}};  // as the store finds it from now on
    CHECK(cell(s.in_project(permission::remove_chart)) == 'D');
    CHECK(cell(s.in_project(permission::read_chart)) == '+');
}

}  // namespace pilothouse::tests::policy_places_test
