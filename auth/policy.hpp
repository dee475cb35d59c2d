// Who may do what, where: the whole of it.
#pragma once

#include "auth/access_cache.hpp"
#include "auth/grant.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/cluster_store.hpp"
#include "storage/directory.hpp"

#include <memory>
#include <string>
#include <variant>

namespace pilothouse::auth {

// How a caller names a project: by number, or by decoded path (`grp/proj`, any letter case).
using project_reference = std::variant<storage::project_id, std::string>;
using group_reference = std::variant<storage::group_id, std::string>;
using cluster_reference = std::variant<storage::cluster_id, std::string>;

// Thread-safe.
class policy {
public:
    struct stores {
        storage::project_store& projects;
        storage::group_store& groups;
        storage::member_store& members;
        storage::cluster_store& clusters;
        storage::cluster_member_store& cluster_members;
    };
    policy(stores const& from, access_cache& cache, clock const& time);

    // All of them throw std::logic_error where the permission is one of another kind of place:
    // whoever asks so has a bug.

    // A permission of a project, by the tables (contracts: gitlab 1.3, 1.4; settled 12). An
    // archived project, and one whose packages are off, bind administrators too; the local operator
    // nothing. errc::unauthenticated where an anonymous caller may not, an unknown project
    // included; errc::not_found where a known caller may not even know; errc::denied;
    // errc::insufficient_scope. Hot: answers from the cache without leaving the core.
    [[nodiscard]] task<result<grant>> authorize(std::shared_ptr<principal const> who,
                                                permission what, project_reference where);

    // A permission of a group, by the same rules; nothing is cached. Who has a role in something
    // that lies in a group sees it, too. errc as above.
    [[nodiscard]] task<result<grant>> authorize_in_group(std::shared_ptr<principal const> who,
                                                         permission what, group_reference where);

    // A permission of a cluster. The caller's role there is the greater of the one that he has in
    // the project or group that owns it, inherited ones too, and the one given in the cluster
    // itself; nothing is cached. errc::unauthenticated: anonymous callers, whatever there is;
    // errc::not_found: no such cluster; errc::denied: there is one, and the role is too small for
    // it (contracts: releases 1.5); errc::insufficient_scope: the token's scope, or a deploy or job
    // token.
    [[nodiscard]] task<result<grant>> authorize_on_cluster(std::shared_ptr<principal const> who,
                                                           permission what,
                                                           cluster_reference where);

    // A permission of the whole server: be_somebody and its like are every personal token's whose
    // scopes suffice, administer that of administrators' `api` tokens; both the local
    // operator's. errc::unauthenticated, errc::insufficient_scope, errc::denied.
    [[nodiscard]] result<grant> authorize_on_server(std::shared_ptr<principal const> who,
                                                    permission what) const;

    // For lists: whether the caller would get read_project or read_group there, with a scope that
    // reads. `r` is the caller's role there.
    [[nodiscard]] static bool may_see(principal const& who, storage::project_record const& project,
                                      storage::role r) noexcept;
    [[nodiscard]] static bool may_see(principal const& who, storage::group_record const& group,
                                      storage::role r) noexcept;

private:
    [[nodiscard]] task<storage::role> role_in(principal const& who,
                                              storage::project_record const& place);
    [[nodiscard]] task<storage::role> role_in(principal const& who,
                                              storage::group_record const& place);
    [[nodiscard]] task<storage::role> role_in(principal const& who,
                                              storage::cluster_record const& place);
    // Whether he has a role in a group or project that lies in this group.
    [[nodiscard]] task<bool> leads_somewhere(principal const& who,
                                             storage::group_record const& place);

    stores from_;
    access_cache& cache_;
    clock const& time_;
};

}  // namespace pilothouse::auth
