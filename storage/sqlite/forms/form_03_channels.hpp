// Settings of channels, marks of versions.
#pragma once

#include "storage/sqlite/sql.hpp"

namespace pilothouse::storage::sqlite {

inline constexpr sql form_03_channels = R"sql(
ALTER TABLE channel ADD COLUMN last_push                   INTEGER;
ALTER TABLE channel ADD COLUMN configured                  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channel ADD COLUMN description                 TEXT    NOT NULL DEFAULT '';
ALTER TABLE channel ADD COLUMN duplicates                  INTEGER;
ALTER TABLE channel ADD COLUMN index_format                INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channel ADD COLUMN read_only                   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channel ADD COLUMN retain_newest               INTEGER;
ALTER TABLE channel ADD COLUMN retain_newest_of_major      INTEGER;
ALTER TABLE channel ADD COLUMN retain_newest_of_minor      INTEGER;
ALTER TABLE channel ADD COLUMN retain_younger              INTEGER;
ALTER TABLE channel ADD COLUMN retain_prereleases          INTEGER;
ALTER TABLE channel ADD COLUMN retain_prereleases_younger  INTEGER;
ALTER TABLE channel ADD COLUMN retain_matching             TEXT    NOT NULL DEFAULT '';
UPDATE channel SET last_push = (SELECT max(created) FROM version WHERE channel_id = channel.id);

-- They stand behind the fragment, but where they are NULL, as nearly everywhere, they lie nowhere.
ALTER TABLE version ADD COLUMN promoted_from        TEXT;
ALTER TABLE version ADD COLUMN promoted_by          INTEGER;
ALTER TABLE version ADD COLUMN promoted             INTEGER;
ALTER TABLE version ADD COLUMN deprecated_reason    TEXT;
ALTER TABLE version ADD COLUMN deprecated_by        INTEGER;
ALTER TABLE version ADD COLUMN deprecated           INTEGER;
ALTER TABLE version ADD COLUMN yanked_reason        TEXT;
ALTER TABLE version ADD COLUMN yanked_by            INTEGER;
ALTER TABLE version ADD COLUMN yanked               INTEGER;
ALTER TABLE version ADD COLUMN deprecated_fragment  TEXT;
)sql";

}  // namespace pilothouse::storage::sqlite
