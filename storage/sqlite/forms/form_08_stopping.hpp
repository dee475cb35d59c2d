// Stopped releases, and operations that stay in their namespace.
#pragma once

#include "storage/sqlite/sql.hpp"

namespace pilothouse::storage::sqlite {

inline constexpr sql form_08_stopping = R"sql(
ALTER TABLE release ADD COLUMN stopped INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operation ADD COLUMN namespaced_only INTEGER NOT NULL DEFAULT 0;
)sql";

}  // namespace pilothouse::storage::sqlite
