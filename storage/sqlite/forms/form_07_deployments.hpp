// Environments, Helm services and their deployments.
#pragma once

#include "storage/sqlite/sql.hpp"

namespace pilothouse::storage::sqlite {

inline constexpr sql form_07_deployments = R"sql(
CREATE TABLE environment (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid        TEXT    NOT NULL UNIQUE,
    project_id  INTEGER NOT NULL REFERENCES project ON DELETE CASCADE,
    cluster_id  INTEGER NOT NULL REFERENCES cluster ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    namespace   TEXT    NOT NULL,
    mode        INTEGER NOT NULL,
    creator_id  INTEGER REFERENCES user ON DELETE SET NULL,
    created     INTEGER NOT NULL,
    updated     INTEGER NOT NULL,
    UNIQUE (project_id, name),
    UNIQUE (cluster_id, namespace)
) STRICT;

-- Of the release no reference: the service outlives it.
CREATE TABLE service (
    id                    INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid                  TEXT    NOT NULL UNIQUE,
    environment_id        INTEGER NOT NULL REFERENCES environment ON DELETE CASCADE,
    name                  TEXT    NOT NULL,
    release_name          TEXT    NOT NULL,
    sealed_configuration  TEXT    NOT NULL,
    configuration         INTEGER NOT NULL,
    deployed              INTEGER NOT NULL,
    release_id            TEXT    NOT NULL,
    auto_deploy           INTEGER NOT NULL,
    by_operator           INTEGER NOT NULL,
    creator_id            INTEGER REFERENCES user ON DELETE SET NULL,
    created               INTEGER NOT NULL,
    updated               INTEGER NOT NULL,
    UNIQUE (environment_id, name),
    UNIQUE (environment_id, release_name)
) STRICT;

-- Of the operation no reference: it is forgotten sooner.
CREATE TABLE deployment (
    number         INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order of asking
    uuid           TEXT    NOT NULL UNIQUE,
    service_id     INTEGER NOT NULL REFERENCES service ON DELETE CASCADE,
    kind           INTEGER NOT NULL,
    configuration  INTEGER NOT NULL,
    chart          TEXT    NOT NULL,
    version        TEXT    NOT NULL,
    operation      TEXT    NOT NULL,
    by_id          INTEGER REFERENCES user ON DELETE SET NULL,
    by_name        TEXT    NOT NULL,
    created        INTEGER NOT NULL,
    started        INTEGER,
    finished       INTEGER,
    outcome        INTEGER NOT NULL,
    message        TEXT    NOT NULL,
    result         TEXT    NOT NULL  -- last: who does not ask for it does not read it
) STRICT;
CREATE INDEX service_automatic ON service (id) WHERE auto_deploy;
CREATE INDEX deployment_waiting ON deployment (number) WHERE operation = '' AND outcome = 0 AND kind <> 1;
CREATE INDEX deployment_of_service ON deployment (service_id, number);
)sql";

}  // namespace pilothouse::storage::sqlite
