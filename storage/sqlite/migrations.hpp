// The database's form, step by step.
#pragma once

#include "base/result.hpp"
#include "storage/sqlite/connection.hpp"

namespace pilothouse::storage::sqlite {

// Brings the database from whatever number it has to the last one, each step in a transaction of
// its own. errc::unavailable: it has a higher number than this program knows; it is not changed
// then. Throws as connection does.
[[nodiscard]] result<void> migrate(connection& c);

}  // namespace pilothouse::storage::sqlite
