// Proof that one principal may do one thing in one place.
#pragma once

#include "auth/permission.hpp"
#include "auth/principal.hpp"
#include "storage/cluster_store.hpp"
#include "storage/directory.hpp"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace pilothouse::auth {

// Only the policy makes one. Every use case takes it first: a handler that forgot to authorise does
// not compile.
class grant {
public:
    [[nodiscard]] principal const& who() const noexcept { return *who_; }
    [[nodiscard]] permission what() const noexcept { return what_; }
    // The place; a record without an id where the permission is of another kind of place.
    [[nodiscard]] storage::project_record const& project() const noexcept { return *project_; }
    [[nodiscard]] storage::group_record const& group() const noexcept { return *group_; }
    [[nodiscard]] storage::cluster_record const& cluster() const noexcept { return *cluster_; }
    // The caller's role there; owner for administrators and the command line.
    [[nodiscard]] storage::role role() const noexcept { return role_; }
    [[nodiscard]] bool administrates() const noexcept {
        return who_->admin || who_->what == principal::kind::local_operator;
    }

    // Throws std::logic_error where the permission is none of these: whoever was asked for the
    // wrong one has a bug. The first line of every use case.
    void expect(std::initializer_list<permission> any_of) const;

    // The client's address, for the audit log; empty: the command line.
    [[nodiscard]] std::string_view from() const noexcept { return from_; }
    void came_from(std::string_view address) { from_ = address; }

private:
    friend class policy;
    struct place {
        std::shared_ptr<storage::project_record const> project;
        std::shared_ptr<storage::group_record const> group;
        std::shared_ptr<storage::cluster_record const> cluster;
    };
    grant(std::shared_ptr<principal const> who, permission what, place where, storage::role r)
        : who_(std::move(who)),
          what_(what),
          project_(std::move(where.project)),
          group_(std::move(where.group)),
          cluster_(std::move(where.cluster)),
          role_(r) {}

    std::shared_ptr<principal const> who_;
    permission what_;
    std::shared_ptr<storage::project_record const> project_;  // none is ever null
    std::shared_ptr<storage::group_record const> group_;
    std::shared_ptr<storage::cluster_record const> cluster_;
    storage::role role_;
    std::string from_;
};

}  // namespace pilothouse::auth
