// Which deployment an operation is of, and which have not said how they ended.
#pragma once

#include "storage/sqlite/sql.hpp"

namespace pilothouse::storage::sqlite {

inline constexpr sql form_13_deployments = R"sql(
CREATE INDEX deployment_of_operation ON deployment (operation) WHERE operation <> '';
CREATE INDEX deployment_unsettled ON deployment (number) WHERE operation <> '' AND outcome = 0;
)sql";

}  // namespace pilothouse::storage::sqlite
