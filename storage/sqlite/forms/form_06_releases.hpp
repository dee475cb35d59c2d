// Clusters, releases, operations and their events.
#pragma once

#include "storage/sqlite/sql.hpp"

namespace pilothouse::storage::sqlite {

inline constexpr sql form_06_releases = R"sql(
CREATE TABLE cluster (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    name               TEXT    NOT NULL UNIQUE,
    owner_project      INTEGER REFERENCES project ON DELETE SET NULL,
    owner_group        INTEGER REFERENCES project_group ON DELETE SET NULL,
    server             TEXT    NOT NULL,
    sealed_kubeconfig  TEXT    NOT NULL,
    namespaces         TEXT    NOT NULL,  -- words with single spaces between them
    creator_id         INTEGER REFERENCES user ON DELETE SET NULL,
    created            INTEGER NOT NULL,
    updated            INTEGER NOT NULL,
    turn               INTEGER NOT NULL DEFAULT 0,  -- the higher, the later an operation began here
    CHECK (owner_project IS NULL OR owner_group IS NULL)
) STRICT;

CREATE TABLE cluster_member (
    cluster_id  INTEGER NOT NULL REFERENCES cluster ON DELETE CASCADE,
    user_id     INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    role        INTEGER NOT NULL,
    PRIMARY KEY (cluster_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX cluster_member_by_user ON cluster_member (user_id);

-- Of the source no references: it says what was there when somebody named it.
CREATE TABLE release (
    number             INTEGER PRIMARY KEY AUTOINCREMENT,
    id                 TEXT    NOT NULL UNIQUE,
    cluster_id         INTEGER NOT NULL REFERENCES cluster ON DELETE CASCADE,
    namespace          TEXT    NOT NULL,
    name               TEXT    NOT NULL,
    reference          TEXT    NOT NULL,
    product            TEXT    NOT NULL,
    project_id         INTEGER,
    project_path       TEXT    NOT NULL,
    channel            TEXT    NOT NULL,
    chart              TEXT    NOT NULL,
    version            TEXT    NOT NULL,
    archive            BLOB    NOT NULL,
    status             INTEGER NOT NULL,
    revision           INTEGER NOT NULL,
    description        TEXT    NOT NULL,
    changed_elsewhere  INTEGER NOT NULL,
    created            INTEGER NOT NULL,
    updated            INTEGER NOT NULL,
    seen               INTEGER,
    gone               INTEGER
) STRICT;
CREATE UNIQUE INDEX release_there ON release (cluster_id, namespace, name) WHERE gone IS NULL;
CREATE INDEX release_in_order ON release (created, id) WHERE gone IS NULL;
CREATE INDEX release_in_order_of_cluster ON release (cluster_id, created, id) WHERE gone IS NULL;

-- States: 0 queued, 1 running, 2 cancelling, 3 done.
CREATE TABLE operation (
    number               INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order of asking
    id                   TEXT    NOT NULL UNIQUE,
    kind                 INTEGER NOT NULL,
    state                INTEGER NOT NULL,
    release_number       INTEGER NOT NULL REFERENCES release ON DELETE CASCADE,
    cluster_id           INTEGER NOT NULL REFERENCES cluster ON DELETE CASCADE,
    status_before        INTEGER NOT NULL,  -- of the release
    description          TEXT    NOT NULL,
    by_id                INTEGER REFERENCES user ON DELETE SET NULL,
    by_name              TEXT    NOT NULL,
    created              INTEGER NOT NULL,
    modified             INTEGER NOT NULL,
    started              INTEGER,
    finished             INTEGER,
    reference            TEXT,              -- of the source; NULL: there is none
    product              TEXT,
    project_id           INTEGER,
    project_path         TEXT,
    channel              TEXT,
    chart                TEXT,
    version              TEXT,
    archive              BLOB,
    wanted_revision      INTEGER NOT NULL,
    timeout_seconds      INTEGER NOT NULL,
    wait                 INTEGER NOT NULL,
    wait_for_jobs        INTEGER NOT NULL,
    rollback_on_failure  INTEGER NOT NULL,
    force_conflicts      INTEGER NOT NULL,
    skip_hooks           INTEGER NOT NULL,
    attempted_again      INTEGER NOT NULL,
    revision_before      INTEGER,
    own_before           INTEGER NOT NULL,
    process              INTEGER NOT NULL,
    process_started      INTEGER NOT NULL,
    helm_version         TEXT    NOT NULL,
    error                TEXT,              -- base/failure's name of it
    error_message        TEXT,
    warning              TEXT    NOT NULL
) STRICT;
-- The lock of a release: it outlives the process that holds it.
CREATE UNIQUE INDEX operation_under_way ON operation (release_number) WHERE state <> 3;
CREATE INDEX operation_waiting ON operation (cluster_id, state) WHERE state <> 3;
CREATE INDEX operation_of_release ON operation (release_number);
CREATE INDEX operation_finished ON operation (finished);

-- Values, sealed; they go when the operation ends.
CREATE TABLE operation_input (
    operation      INTEGER PRIMARY KEY REFERENCES operation ON DELETE CASCADE,
    sealed_values  TEXT NOT NULL
) STRICT;

CREATE TABLE idempotency_key (
    subject    TEXT    NOT NULL,
    method     TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    request    BLOB    NOT NULL,
    operation  INTEGER NOT NULL REFERENCES operation ON DELETE CASCADE,
    created    INTEGER NOT NULL,
    PRIMARY KEY (subject, method, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_key_of_operation ON idempotency_key (operation);

CREATE TABLE operation_event (
    operation  INTEGER NOT NULL REFERENCES operation ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    what       TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    PRIMARY KEY (operation, number)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace pilothouse::storage::sqlite
