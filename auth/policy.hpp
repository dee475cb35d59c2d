// Who may do what, where: the whole of it.
#pragma once

#include "auth/access_cache.hpp"
#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/directory.hpp"

#include <memory>
#include <string>
#include <variant>

namespace pilothouse::auth {

// How a caller names a project: by number, or by decoded path (`grp/proj`, any letter case).
using project_reference = std::variant<storage::project_id, std::string>;

// Thread-safe.
class policy {
public:
    policy(storage::project_store& projects, storage::member_store& members, access_cache& cache);

    // The tables G, P of contracts/gitlab.md 1.3 and 1.4, as settled 12 settles them.
    // An archived project, and one whose packages are off, bind administrators too; the local
    // operator nothing.
    // errc::unauthenticated where an anonymous caller may not, an unknown project included (G9);
    // errc::not_found where a known caller may not even know (G4, G7, G10, P5); errc::denied (P2,
    // P4, G11, P12); errc::insufficient_scope (A12). Hot: answers from the cache without leaving
    // the core.
    [[nodiscard]] task<result<grant>> authorize(std::shared_ptr<principal const> who,
                                                permission what, project_reference where);

    // permission::administer: administrators' `api` tokens and the local operator.
    // errc::unauthenticated, errc::insufficient_scope, errc::denied.
    [[nodiscard]] result<grant> authorize_administration(
        std::shared_ptr<principal const> who) const;

private:
    storage::project_store& projects_;
    storage::member_store& members_;
    access_cache& cache_;
};

}  // namespace pilothouse::auth
