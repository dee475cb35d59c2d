// Groups, inherited memberships, protection rules and the audit log.
#pragma once

#include "storage/sqlite/sql.hpp"

namespace pilothouse::storage::sqlite {

inline constexpr sql form_02_groups = R"sql(
CREATE TABLE project_group (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    parent_id    INTEGER REFERENCES project_group ON DELETE CASCADE,
    path         TEXT    NOT NULL COLLATE NOCASE UNIQUE,
    name         TEXT    NOT NULL,
    description  TEXT    NOT NULL,
    visibility   INTEGER NOT NULL,
    created      INTEGER NOT NULL
) STRICT;
CREATE INDEX group_of_parent ON project_group (parent_id);

WITH RECURSIVE part (path, name, rest, depth, created) AS (
    SELECT substr(path, 1, instr(path, '/') - 1), substr(path, 1, instr(path, '/') - 1),
           substr(path, instr(path, '/') + 1), 1, created FROM project
    UNION ALL
    SELECT path || '/' || substr(rest, 1, instr(rest, '/') - 1),
           substr(rest, 1, instr(rest, '/') - 1), substr(rest, instr(rest, '/') + 1), depth + 1,
           created FROM part WHERE instr(rest, '/') > 0
)
INSERT OR IGNORE INTO project_group (path, name, description, visibility, created)
    SELECT path, name, '', 0, created FROM part ORDER BY depth, created;
UPDATE project_group SET parent_id = (
    SELECT parent.id FROM project_group AS parent
    WHERE parent.path = substr(project_group.path, 1,
                               length(project_group.path) - length(project_group.name) - 1));

ALTER TABLE project ADD COLUMN group_id INTEGER REFERENCES project_group ON DELETE CASCADE;
ALTER TABLE project ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE project ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE project ADD COLUMN creator_id INTEGER REFERENCES user ON DELETE SET NULL;
ALTER TABLE project ADD COLUMN updated INTEGER NOT NULL DEFAULT 0;
UPDATE project SET
    updated = created,
    group_id = (SELECT g.id FROM project_group AS g
                WHERE substr(project.path, 1, length(g.path) + 1) = g.path || '/' COLLATE NOCASE
                ORDER BY length(g.path) DESC LIMIT 1);
UPDATE project SET name = substr(path, 2 + (
    SELECT length(g.path) FROM project_group AS g WHERE g.id = group_id));
CREATE INDEX project_of_group ON project (group_id);

ALTER TABLE user ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE user ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE user ADD COLUMN bot_project INTEGER REFERENCES project ON DELETE CASCADE;
ALTER TABLE user ADD COLUMN bot_group INTEGER REFERENCES project_group ON DELETE CASCADE;
UPDATE user SET name = username;
CREATE UNIQUE INDEX user_email ON user (email COLLATE NOCASE) WHERE email <> '';

CREATE TABLE membership (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id  INTEGER REFERENCES project ON DELETE CASCADE,
    group_id    INTEGER REFERENCES project_group ON DELETE CASCADE,
    user_id     INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    role        INTEGER NOT NULL,
    expires     INTEGER,
    created     INTEGER NOT NULL,
    created_by  INTEGER REFERENCES user ON DELETE SET NULL,
    CHECK ((project_id IS NULL) <> (group_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX member_of_project ON membership (project_id, user_id)
    WHERE project_id IS NOT NULL;
CREATE UNIQUE INDEX member_of_group ON membership (group_id, user_id) WHERE group_id IS NOT NULL;
CREATE INDEX membership_of_user ON membership (user_id);
INSERT INTO membership (project_id, user_id, role, created)
    SELECT project_id, user_id, role, project.created
    FROM member JOIN project ON project.id = project_id;
DROP TABLE member;

ALTER TABLE token ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE token ADD COLUMN group_id INTEGER REFERENCES project_group ON DELETE CASCADE;
CREATE INDEX token_of_group ON token (group_id);

CREATE TABLE protection (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id  INTEGER NOT NULL REFERENCES project ON DELETE CASCADE,
    pattern     TEXT    NOT NULL COLLATE NOCASE,
    push        INTEGER NOT NULL,
    remove      INTEGER NOT NULL,
    UNIQUE (project_id, pattern)
) STRICT;

-- No references: an event outlives what it tells of.
CREATE TABLE audit_event (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL,
    what        TEXT    NOT NULL,
    author_id   INTEGER,
    author      TEXT    NOT NULL,
    origin      TEXT    NOT NULL,
    project_id  INTEGER,
    group_id    INTEGER,
    place       TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    thing       INTEGER NOT NULL,
    name        TEXT    NOT NULL,
    detail      TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_of_project ON audit_event (project_id, id);
CREATE INDEX audit_of_group ON audit_event (group_id, id);
CREATE INDEX audit_at ON audit_event (at);
)sql";

}  // namespace pilothouse::storage::sqlite
