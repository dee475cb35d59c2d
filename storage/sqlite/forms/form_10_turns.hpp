// Whose turn it is in a cluster.
#pragma once

#include "storage/sqlite/sql.hpp"

namespace pilothouse::storage::sqlite {

inline constexpr sql form_10_turns = R"sql(
CREATE INDEX operation_of_caller ON operation (cluster_id, by_id, started);
)sql";

}  // namespace pilothouse::storage::sqlite
