// Webhooks that keep failing rest.
#pragma once

#include "storage/sqlite/sql.hpp"

namespace pilothouse::storage::sqlite {

inline constexpr sql form_12_retries = R"sql(
-- Attempts in a row that failed; and until when the webhook rests for it.
ALTER TABLE webhook ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE webhook ADD COLUMN disabled_until INTEGER;
UPDATE webhook_delivery SET state = 2, error = 'not sent: the webhook was switched off'
    WHERE state = 0 AND webhook_id IN (SELECT id FROM webhook WHERE NOT enabled);
)sql";

}  // namespace pilothouse::storage::sqlite
