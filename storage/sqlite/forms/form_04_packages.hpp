// Packages: each version of a project once, whatever its channels.
#pragma once

#include "storage/sqlite/sql.hpp"

namespace pilothouse::storage::sqlite {

inline constexpr sql form_04_packages = R"sql(
CREATE TABLE package (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id  INTEGER NOT NULL REFERENCES project ON DELETE CASCADE,
    chart       TEXT    NOT NULL,
    version     TEXT    NOT NULL,
    file_name   TEXT    NOT NULL,
    created     INTEGER NOT NULL,
    created_by  INTEGER NOT NULL,
    UNIQUE (project_id, chart, version)
) STRICT;
INSERT INTO package (project_id, chart, version, file_name, created, created_by)
    SELECT project_id, chart, version, file_name, min(coalesce(promoted, created)) AS came,
           coalesce(promoted_by, created_by)
    FROM version JOIN channel ON channel.id = channel_id
    GROUP BY project_id, chart, version ORDER BY came, version.id;
)sql";

}  // namespace pilothouse::storage::sqlite
