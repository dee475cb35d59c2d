// Webhooks and their deliveries.
#pragma once

#include "storage/sqlite/sql.hpp"

namespace pilothouse::storage::sqlite {

inline constexpr sql form_09_webhooks = R"sql(
CREATE TABLE webhook (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id     INTEGER NOT NULL REFERENCES project ON DELETE CASCADE,
    name           TEXT    NOT NULL,
    url            TEXT    NOT NULL,
    sealed_secret  TEXT    NOT NULL,
    on_push        INTEGER NOT NULL,
    on_promotion   INTEGER NOT NULL,
    on_deployment  INTEGER NOT NULL,
    enabled        INTEGER NOT NULL,
    creator_id     INTEGER REFERENCES user ON DELETE SET NULL,
    by_operator    INTEGER NOT NULL,
    created        INTEGER NOT NULL,
    updated        INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_of_project ON webhook (project_id);

-- States: 0 waiting, 1 delivered, 2 failed. Of the operation no reference: it is forgotten sooner.
CREATE TABLE webhook_delivery (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    message     TEXT    NOT NULL UNIQUE,
    webhook_id  INTEGER NOT NULL REFERENCES webhook ON DELETE CASCADE,
    occasion    INTEGER NOT NULL,
    test        INTEGER NOT NULL,
    document    TEXT    NOT NULL,
    operation   TEXT    NOT NULL,
    created     INTEGER NOT NULL,
    state       INTEGER NOT NULL,
    next        INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    status      INTEGER NOT NULL,
    duration    INTEGER NOT NULL,  -- milliseconds
    error       TEXT    NOT NULL
) STRICT;
CREATE INDEX webhook_delivery_of_webhook ON webhook_delivery (webhook_id, number);
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (webhook_id, next) WHERE state = 0;
)sql";

}  // namespace pilothouse::storage::sqlite
