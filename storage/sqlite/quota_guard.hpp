// Holds a transaction that adds versions to its project's quota.
#pragma once

#include "storage/quota.hpp"
#include "storage/sqlite/connection.hpp"

namespace pilothouse::storage::sqlite {

// From the channels' running sums and the settings as they stand on this connection.
[[nodiscard]] quota_state read_quota(connection& c, project_id project);

// Looks when made, before the change, and again at check(), after it. Without a quota nothing is
// summed.
class quota_guard {
public:
    quota_guard(connection& c, project_id project);

    // errc::quota_full: the change is to be taken back.
    [[nodiscard]] result<void> check();

private:
    connection& on_;
    project_id project_;
    quota limit_;
    project_use before_;
};

}  // namespace pilothouse::storage::sqlite
