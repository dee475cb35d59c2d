#include "storage/sqlite/migrations.hpp"

#include <array>
#include <cstddef>
#include <string>

namespace pilothouse::storage::sqlite {

namespace {

// Never edit a step that a release contained: append one. Times are nanoseconds since 1970, digests
// 32 bytes. AUTOINCREMENT: a number once given never names another row, also after a removal.
constexpr std::array<sql, 5> steps{
    R"sql(
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
)sql",

    // Groups, which were only parts of paths before; memberships in both kinds of place.
    R"sql(
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
)sql",

    // Settings of channels; promotion, deprecation and yank of versions.
    R"sql(
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
)sql",

    // Packages: a number for each version that a project holds, in whatever channels.
    R"sql(
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
)sql",

    // What a project may hold. NULL: as the settings say; 0: no limit.
    R"sql(
ALTER TABLE project ADD COLUMN quota_bytes     INTEGER;
ALTER TABLE project ADD COLUMN quota_versions  INTEGER;
)sql"};

constexpr sql begin = "BEGIN IMMEDIATE";
constexpr sql commit = "COMMIT";
constexpr sql read_number = "PRAGMA user_version";
constexpr std::array<sql, steps.size()> write_number{
    "PRAGMA user_version = 1", "PRAGMA user_version = 2", "PRAGMA user_version = 3",
    "PRAGMA user_version = 4", "PRAGMA user_version = 5"};

}  // namespace

result<void> migrate(connection& c) {
    std::int64_t number = 0;
    {
        auto r = c.run(read_number);
        if (r.next()) number = r.integer(0);
    }
    if (number < 0 || number > static_cast<std::int64_t>(steps.size()))
        return failure(errc::unavailable,
                       "the database was written by a newer Pilothouse (its form is number " +
                           std::to_string(number) + ", this program knows up to " +
                           std::to_string(steps.size()) + "): start that newer one");
    for (auto i = static_cast<std::size_t>(number); i < steps.size(); ++i) {
        c.execute(begin);
        c.execute_script(steps[i]);
        c.execute_script(write_number[i]);
        c.execute(commit);
    }
    return {};
}

}  // namespace pilothouse::storage::sqlite
