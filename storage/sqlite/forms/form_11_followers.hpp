// Services follow their channel as somebody, and know their own revision.
#pragma once

#include "storage/sqlite/sql.hpp"

namespace pilothouse::storage::sqlite {

inline constexpr sql form_11_followers = R"sql(
ALTER TABLE service ADD COLUMN deployed_revision INTEGER NOT NULL DEFAULT 0;  -- 0: nobody knows
ALTER TABLE service ADD COLUMN follows_as INTEGER REFERENCES user ON DELETE SET NULL;
UPDATE service SET follows_as = creator_id;
)sql";

}  // namespace pilothouse::storage::sqlite
