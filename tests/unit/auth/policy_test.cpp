#include "auth/policy.hpp"

#include "base/runtime.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/unit/auth/fake_directory.hpp"

#include <doctest/doctest.h>

#include <memory>

namespace pilothouse::tests::policy_test {

using auth::permission;
using auth::principal;
using auth::scope;
using storage::project_id;
using storage::role;
using storage::user_id;

namespace {

using principal_pointer = std::shared_ptr<principal const>;

principal_pointer user(std::int64_t id, scope scopes = scope::api, bool admin = false) {
    principal p;
    p.what = principal::kind::user;
    p.user = user_id{id};
    p.scopes = scopes;
    p.admin = admin;
    return std::make_shared<principal const>(p);
}

principal_pointer project_token(principal::kind what, bool admin = false) {
    principal p;
    p.what = what;
    p.project = project_id{1};
    p.user = user_id{3};
    p.admin = admin;
    p.scopes = scope::read_package_registry | scope::write_package_registry;
    return std::make_shared<principal const>(p);
}

struct fixture {
    tests::fake_projects projects;
    tests::fake_groups groups;
    tests::fake_members members;
    tests::fake_clock time;
    auth::access_cache cache;
    tests::fake_clusters clusters;
    tests::fake_cluster_members cluster_members;
    auth::policy policy{{projects, groups, members, clusters, cluster_members}, cache, time};

    fixture() {
        storage::project_record p;
        p.id = project_id{1};
        p.path = "grp/proj";
        projects.rows.push_back(p);
        members.rows[{project_id{1}, user_id{3}}] = {role::developer, {}};
    }

    result<auth::grant> authorize(principal_pointer who, permission what,
                                  auth::project_reference where) {
        return run_to_end(policy.authorize(std::move(who), what, std::move(where)));
    }
    errc refusal(principal_pointer who, permission what, auth::project_reference where) {
        auto const granted = authorize(std::move(who), what, std::move(where));
        REQUIRE(!granted.has_value());
        CHECK(!granted.error().detail.empty());
        return granted.error().code;
    }
};

constexpr permission on_charts[] = {permission::read_chart, permission::push_chart,
                                    permission::remove_chart};

}  // namespace

TEST_CASE_FIXTURE(fixture, "a project that does not exist: sign in, or there is nothing") {
    for (permission const what : on_charts) {
        for (auth::project_reference const& where :
             {auth::project_reference(project_id{99}), auth::project_reference("grp/none"),
              auth::project_reference("grp"), auth::project_reference(""),
              auth::project_reference(project_id{0})}) {
            CHECK(refusal(auth::anonymous(), what, where) == errc::unauthenticated);
            CHECK(refusal(user(3), what, where) == errc::not_found);
            CHECK(refusal(user(9, scope::api, true), what, where) == errc::not_found);
            CHECK(refusal(project_token(principal::kind::deploy_token), what, where) ==
                  errc::not_found);
            CHECK(refusal(project_token(principal::kind::job_token), what, where) ==
                  errc::not_found);
            CHECK(refusal(user(3, scope::other), what, where) == errc::insufficient_scope);
        }
    }
}

TEST_CASE_FIXTURE(fixture, "what is hidden and what is absent are told apart by nothing") {
    auto const hidden = authorize(user(4), permission::read_chart, project_id{1});
    auto const absent = authorize(user(4), permission::read_chart, project_id{99});
    CHECK(hidden.error().detail == absent.error().detail);
    CHECK(hidden.error().code == absent.error().code);
    auto const nobody = auth::anonymous();
    CHECK(authorize(nobody, permission::read_chart, project_id{1}).error().detail ==
          authorize(nobody, permission::read_chart, project_id{99}).error().detail);
}

TEST_CASE_FIXTURE(fixture, "a project is named by number or by path in any letter case") {
    CHECK(authorize(user(3), permission::push_chart, project_id{1}).has_value());
    CHECK(authorize(user(3), permission::push_chart, "grp/proj").has_value());
    CHECK(authorize(user(3), permission::push_chart, "Grp/PROJ").has_value());
    CHECK(projects.asked == 1);  // the first look-up served them all
}

TEST_CASE_FIXTURE(fixture, "a change of role counts at the next question") {
    CHECK(authorize(user(3), permission::push_chart, project_id{1}).has_value());
    members.rows[{project_id{1}, user_id{3}}] = {role::guest, {}};
    cache.directory_changed();
    CHECK(refusal(user(3), permission::push_chart, project_id{1}) == errc::denied);
    members.rows.clear();
    cache.directory_changed();
    CHECK(refusal(user(3), permission::push_chart, project_id{1}) == errc::not_found);
}

TEST_CASE_FIXTURE(fixture, "a project that changes while it is read is read again next time") {
    projects.while_reading = [this] {
        projects.rows[0].archived = true;  // committed after the row was read
        cache.directory_changed();
        projects.while_reading = [] {};
    };
    CHECK(authorize(user(3), permission::push_chart, project_id{1}).has_value());
    CHECK(refusal(user(3), permission::push_chart, project_id{1}) == errc::denied);
}

TEST_CASE_FIXTURE(fixture, "the local operator may do everything, whatever a project's state") {
    projects.rows[0].archived = true;
    projects.rows[0].packages_enabled = false;
    for (permission const what : on_charts)
        CHECK(authorize(auth::local_operator(), what, project_id{1}).has_value());
    CHECK(policy.authorize_on_server(auth::local_operator(), permission::administer).has_value());
    CHECK(refusal(auth::local_operator(), permission::read_chart, project_id{99}) ==
          errc::not_found);
}

TEST_CASE_FIXTURE(fixture,
                  "the server is administered by administrators with the scope api alone") {
    auto const granted =
        policy.authorize_on_server(user(9, scope::api, true), permission::administer);
    REQUIRE(granted.has_value());
    CHECK(granted->what() == permission::administer);
    CHECK(granted->project().id == project_id{});

    struct row {
        principal_pointer who;
        errc refusal;
    };
    for (auto const& [who, wanted] :
         {row{auth::anonymous(), errc::unauthenticated}, row{user(3), errc::denied},
          row{user(3, scope::read_api), errc::insufficient_scope},
          row{user(9, scope::read_api, true), errc::insufficient_scope},
          row{user(9, scope::other, true), errc::insufficient_scope},
          row{project_token(principal::kind::deploy_token), errc::insufficient_scope},
          row{project_token(principal::kind::job_token), errc::insufficient_scope},
          row{project_token(principal::kind::job_token, true), errc::insufficient_scope}}) {
        auto const refused = policy.authorize_on_server(who, permission::administer);
        REQUIRE(!refused.has_value());
        CHECK(refused.error().code == wanted);
    }
}

TEST_CASE_FIXTURE(fixture, "a grant keeps its project and principal alive") {
    auto granted = authorize(user(3), permission::read_chart, project_id{1});
    REQUIRE(granted.has_value());
    auth::grant const kept = *granted;
    cache.directory_changed();
    projects.rows.clear();
    CHECK(kept.project().path == "grp/proj");
    CHECK(kept.who().user == user_id{3});
}

}  // namespace pilothouse::tests::policy_test
