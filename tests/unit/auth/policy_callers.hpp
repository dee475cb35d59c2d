// The columns of the tables of rights: every kind of caller, and what one is answered.
#pragma once

#include "auth/policy.hpp"

#include "base/runtime.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/result_text.hpp"
#include "tests/unit/auth/fake_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::tests {

// The project asked about lies in `group_here`, which lies in `group_above`.
inline constexpr storage::project_id here{7}, elsewhere{8};
inline constexpr storage::group_id group_above{1}, group_here{2}, group_elsewhere{3};
inline constexpr storage::user_id somebody{3};
inline constexpr storage::cluster_id cluster_here{5};  // the project's

struct caller {
    using kind = auth::principal::kind;

    char const* name;
    kind what = kind::anonymous;
    storage::role role = storage::role::none;  // in the place asked about
    auth::scope scopes = auth::scope::none;
    storage::project_id project = {};  // of a deploy or job token
    bool admin = false;
    storage::group_id group = {};  // of a deploy token

    [[nodiscard]] std::shared_ptr<auth::principal const> principal() const {
        if (what == kind::anonymous) return auth::anonymous();
        if (what == kind::local_operator) return auth::local_operator();
        auth::principal made;
        made.what = what;
        made.user = what == kind::deploy_token ? storage::user_id() : somebody;
        made.admin = admin;
        made.project = project;
        made.group = group;
        made.scopes = scopes;
        return std::make_shared<auth::principal const>(made);
    }
};

// In the order of the tables' columns.
inline std::vector<caller> const& callers() {
    using kind = auth::principal::kind;
    using storage::role;
    constexpr auto api = auth::scope::api;
    constexpr auto none = auth::scope::none;
    constexpr auto reads = auth::scope::read_package_registry;
    constexpr auto writes = auth::scope::write_package_registry;
    static std::vector<caller> const all = {
        {"anonymous"},
        {"non-member", kind::user, role::none, api},
        {"guest", kind::user, role::guest, api},
        {"reporter", kind::user, role::reporter, api},
        {"developer", kind::user, role::developer, api},
        {"maintainer", kind::user, role::maintainer, api},
        {"owner", kind::user, role::owner, api},
        {"administrator", kind::user, role::none, api, {}, true},

        {"deploy token, read", kind::deploy_token, role::none, reads, here},
        {"deploy token, write", kind::deploy_token, role::none, writes, here},
        {"deploy token, both", kind::deploy_token, role::none, reads | writes, here},
        {"deploy token, neither", kind::deploy_token, role::none, auth::scope::other, here},
        {"deploy token, elsewhere", kind::deploy_token, role::none, reads | writes, elsewhere},
        {"deploy token of a group above",
         kind::deploy_token,
         role::none,
         reads | writes,
         {},
         false,
         group_above},
        {"deploy token of another group",
         kind::deploy_token,
         role::none,
         reads | writes,
         {},
         false,
         group_elsewhere},

        {"job of a guest", kind::job_token, role::guest, none, here},
        {"job of a developer", kind::job_token, role::developer, none, here},
        {"job of a maintainer", kind::job_token, role::maintainer, none, here},
        {"job of a non-member", kind::job_token, role::none, none, here},
        {"job of an administrator", kind::job_token, role::none, none, here, true},
        {"job of a developer, elsewhere", kind::job_token, role::developer, none, elsewhere},
        {"job of an administrator, elsewhere", kind::job_token, role::none, none, elsewhere, true},

        {"local operator", kind::local_operator},
    };
    return all;
}

// One cell a caller; blanks are for the eye.
inline std::string cells_of(std::string_view line) {
    std::string cells(line);
    std::erase(cells, ' ');
    REQUIRE(cells.size() == callers().size());
    return cells;
}

//   +  the grant      U  401 unauthenticated      H  404, as if there were nothing
//   D  403 denied     S  403, the token's scope or kind is not enough
inline char cell(result<auth::grant> const& granted) {
    if (granted) return '+';
    CHECK_FALSE(granted.error().detail.empty());
    switch (granted.error().code) {
        case errc::unauthenticated: return 'U';
        case errc::not_found: return 'H';
        case errc::denied: return 'D';
        case errc::insufficient_scope: return 'S';
        default: return '?';
    }
}

// The two groups, the project and its cluster, one caller, a policy and cache of their own.
struct policy_scene {
    fake_projects projects;
    fake_groups groups;
    fake_members members;
    fake_clusters clusters;
    fake_cluster_members cluster_members;
    fake_clock time;
    auth::access_cache cache;
    auth::policy policy{{projects, groups, members, clusters, cluster_members}, cache, time};
    std::shared_ptr<auth::principal const> who;

    // `project` and `group` say how visible these are; the rest is filled in.
    policy_scene(caller const& c, storage::project_record project, storage::group_record group)
        : who(c.principal()) {
        project.id = here;
        project.path = "above/grp/proj";
        project.groups = {group_above, group_here};
        projects.rows.push_back(std::move(project));
        group.id = group_here;
        group.parent = group_above;
        group.path = "above/grp";
        groups.rows.push_back(std::move(group));
        storage::cluster_record cluster;
        cluster.id = cluster_here;
        cluster.name = "prod";
        cluster.owner = here;
        clusters.rows.push_back(std::move(cluster));
        if (c.role == storage::role::none) return;
        members.rows[{here, somebody}] = {c.role, {}};
        members.rows[{group_here, somebody}] = {c.role, {}};
    }

    result<auth::grant> in_project(auth::permission what, auth::project_reference where = here) {
        return run_to_end(policy.authorize(who, what, std::move(where)));
    }
    result<auth::grant> in_group(auth::permission what, auth::group_reference where = group_here) {
        return run_to_end(policy.authorize_in_group(who, what, std::move(where)));
    }
    result<auth::grant> on_cluster(auth::permission what,
                                   auth::cluster_reference where = cluster_here) {
        return run_to_end(policy.authorize_on_cluster(who, what, std::move(where)));
    }
    result<auth::grant> on_server(auth::permission what) {
        return policy.authorize_on_server(who, what);
    }
};

}  // namespace pilothouse::tests
