// Quotas of projects.
#pragma once

#include "storage/sqlite/sql.hpp"

namespace pilothouse::storage::sqlite {

inline constexpr sql form_05_quotas = R"sql(
ALTER TABLE project ADD COLUMN quota_bytes     INTEGER;
ALTER TABLE project ADD COLUMN quota_versions  INTEGER;
)sql";

}  // namespace pilothouse::storage::sqlite
