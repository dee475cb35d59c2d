// The audit log as those may read it whom it concerns.
#pragma once

#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/audit_log.hpp"

#include <cstddef>
#include <vector>

namespace pilothouse::registry {

// Thread-safe. With permission::administer all of it; with edit_project or own_group that of the
// grant's place.
class read_audit {
public:
    explicit read_audit(storage::audit_log& log) : log_(log) {}

    struct events {
        std::vector<storage::audit_event> page;  // the newest first
        std::size_t total = 0;
    };
    [[nodiscard]] task<events> list(auth::grant const& g, storage::audit_filter filter,
                                    std::size_t skip, std::size_t count);
    // errc::not_found, also of another place.
    [[nodiscard]] task<result<storage::audit_event>> find(auth::grant const& g,
                                                          storage::audit_id id);

private:
    storage::audit_log& log_;
};

}  // namespace pilothouse::registry
