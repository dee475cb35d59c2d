// Proof that one principal may do one thing in one place.
#pragma once

#include "auth/principal.hpp"
#include "storage/directory.hpp"

#include <memory>

namespace pilothouse::auth {

enum class permission : std::uint8_t {
    read_chart,  // index, archives, provenance
    push_chart,  // new versions, and other content under old ones where the project allows it
    remove_chart,
    administer,  // users, projects, tokens, settings: the whole server
};

// Only policy::authorize makes one. Every use case takes it first: a handler that forgot to
// authorise does not compile.
class grant {
public:
    [[nodiscard]] principal const& who() const noexcept { return *who_; }
    [[nodiscard]] permission what() const noexcept { return what_; }
    // The place; for permission::administer a record without an id.
    [[nodiscard]] storage::project_record const& project() const noexcept { return *project_; }

private:
    friend class policy;
    grant(std::shared_ptr<principal const> who, permission what,
          std::shared_ptr<storage::project_record const> project)
        : who_(std::move(who)), what_(what), project_(std::move(project)) {}

    std::shared_ptr<principal const> who_;
    permission what_;
    std::shared_ptr<storage::project_record const> project_;
};

}  // namespace pilothouse::auth
