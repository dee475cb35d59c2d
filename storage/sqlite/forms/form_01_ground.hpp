// Projects, users, tokens, channels and their versions.
#pragma once

#include "storage/sqlite/sql.hpp"

namespace pilothouse::storage::sqlite {

inline constexpr sql form_01_ground = R"sql(
CREATE TABLE project (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    path              TEXT    NOT NULL COLLATE NOCASE UNIQUE,
    visibility        INTEGER NOT NULL,
    anyone_can_pull   INTEGER NOT NULL,
    duplicates        INTEGER NOT NULL,
    archived          INTEGER NOT NULL,
    packages_enabled  INTEGER NOT NULL,
    created           INTEGER NOT NULL
) STRICT;

CREATE TABLE user (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    username  TEXT    NOT NULL COLLATE NOCASE UNIQUE,
    admin     INTEGER NOT NULL,
    blocked   INTEGER NOT NULL,
    created   INTEGER NOT NULL
) STRICT;

CREATE TABLE member (
    project_id  INTEGER NOT NULL REFERENCES project ON DELETE CASCADE,
    user_id     INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    role        INTEGER NOT NULL,
    PRIMARY KEY (project_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE token (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        INTEGER NOT NULL,
    hash        BLOB    NOT NULL UNIQUE,
    name        TEXT    NOT NULL,
    username    TEXT    NOT NULL,
    user_id     INTEGER REFERENCES user ON DELETE CASCADE,
    project_id  INTEGER REFERENCES project ON DELETE CASCADE,
    scopes      TEXT    NOT NULL,  -- words with single spaces between them
    created     INTEGER NOT NULL,
    expires     INTEGER,
    revoked     INTEGER NOT NULL,
    last_used   INTEGER
) STRICT;
CREATE INDEX token_of_user ON token (user_id);
CREATE INDEX token_of_project ON token (project_id);

-- The sums are kept with every change, so that a push costs the same in a large channel.
CREATE TABLE channel (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id  INTEGER NOT NULL REFERENCES project ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    generation  INTEGER NOT NULL,
    generated   INTEGER NOT NULL,
    versions    INTEGER NOT NULL,
    charts      INTEGER NOT NULL,
    size_bytes  INTEGER NOT NULL,
    UNIQUE (project_id, name)
) STRICT;

CREATE TABLE version (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id      INTEGER NOT NULL REFERENCES channel ON DELETE CASCADE,
    chart           TEXT    NOT NULL,
    version         TEXT    NOT NULL,
    precedence_key  BLOB    NOT NULL,
    file_name       TEXT    NOT NULL,
    digest          BLOB    NOT NULL,
    size_bytes      INTEGER NOT NULL,
    content         BLOB    NOT NULL,
    provenance      BLOB,
    created         INTEGER NOT NULL,
    created_by      INTEGER NOT NULL,
    fragment        TEXT    NOT NULL,  -- last: who does not ask for it does not read it
    UNIQUE (channel_id, file_name)
) STRICT;
-- The order of the index that Helm reads.
CREATE INDEX version_in_order
    ON version (channel_id, chart, precedence_key DESC, created DESC, version);

CREATE TABLE setting (
    key    TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace pilothouse::storage::sqlite
