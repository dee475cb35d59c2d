// Data folders of older forms, opened by this program.
#include "storage/open.hpp"
#include "tests/contract/harness.hpp"
#include "tests/contract/service_scene.hpp"
#include "tests/support/put_record.hpp"

#include <sqlite3.h>

#include <memory>
#include <string>
#include <vector>

namespace pilothouse::tests::migration_test {

namespace {

using storage::role;

// The tables of form 1 that later forms change, as the first release made them.
constexpr char const* form_1 = R"sql(
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
    scopes      TEXT    NOT NULL,
    created     INTEGER NOT NULL,
    expires     INTEGER,
    revoked     INTEGER NOT NULL,
    last_used   INTEGER
) STRICT;
CREATE INDEX token_of_user ON token (user_id);
CREATE INDEX token_of_project ON token (project_id);
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
    fragment        TEXT    NOT NULL,
    UNIQUE (channel_id, file_name)
) STRICT;
CREATE INDEX version_in_order
    ON version (channel_id, chart, precedence_key DESC, created DESC, version);
CREATE TABLE setting (
    key    TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO project VALUES (3, 'a/b', 2, 1, 1, 0, 1, 300), (5, 'a/b2/c', 1, 0, 2, 1, 0, 500),
    (8, 'A/b3', 0, 0, 0, 0, 1, 200), (9, 'solo/x', 0, 0, 0, 0, 1, 900);
INSERT INTO user VALUES (1, 'Ada', 1, 0, 10), (2, 'bob', 0, 1, 20);
INSERT INTO member VALUES (3, 1, 50), (3, 2, 20), (5, 2, 30);
INSERT INTO token VALUES
    (1, 0, zeroblob(32), 'laptop', '', 1, NULL, 'api read_api', 11, NULL, 0, 12),
    (4, 1, x'1111111111111111111111111111111111111111111111111111111111111111', 'ci', 'puller',
     NULL, 3, 'read_package_registry', 13, 14, 1, NULL);
INSERT INTO channel VALUES (1, 3, 'stable', 4, 350, 1, 1, 99);
INSERT INTO version VALUES (1, 1, 'tide', '1.0.0', x'01', 'tide-1.0.0.tgz', zeroblob(32), 99,
    zeroblob(32), NULL, 350, 1, '{}');
INSERT INTO setting VALUES ('helm_max_file_size', '7');
PRAGMA user_version = 1;
)sql";

// What the forms from 7 on brought, taken back.
constexpr char const* back_to_form_6 = R"sql(
DROP INDEX operation_of_caller;
DROP TABLE webhook_delivery;
DROP TABLE webhook;
ALTER TABLE operation DROP COLUMN namespaced_only;
ALTER TABLE release DROP COLUMN stopped;
DROP TABLE deployment;
DROP TABLE service;
DROP TABLE environment;
PRAGMA user_version = 6;
)sql";

void run_script(std::filesystem::path const& file, char const* script) {
    sqlite3* raw = nullptr;
    int const opened = sqlite3_open(file.c_str(), &raw);
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> const db(raw, sqlite3_close);
    REQUIRE(opened == SQLITE_OK);
    REQUIRE(sqlite3_exec(db.get(), "PRAGMA foreign_keys = ON", nullptr, nullptr, nullptr) ==
            SQLITE_OK);
    int const made = sqlite3_exec(db.get(), script, nullptr, nullptr, nullptr);
    CAPTURE(std::string(sqlite3_errmsg(db.get())));
    REQUIRE(made == SQLITE_OK);
}

struct data_folder {
    temp_dir dir;
    blocking_pool files{"files", {1, 16}};
    fake_clock time;
    std::unique_ptr<storage::stores> stores;

    data_folder() { open(); }
    [[nodiscard]] std::filesystem::path database() const {
        return dir.path() / "data" / "pilothouse.db";
    }
    void open() {
        auto made = storage::open(storage::folder_backend{dir.path() / "data"}, files, time);
        REQUIRE(made);
        stores = std::move(*made);
    }
};

// Of form 1.
struct migrated : data_folder {
    migrated() {
        stores.reset();
        REQUIRE(std::filesystem::remove(database()));
        run_script(database(), form_1);
        open();
    }
    storage::project_record project(std::int64_t id) {
        return wait(stores->projects().find(storage::project_id{id})).value();
    }
    storage::group_record group(std::string path) {
        return wait(stores->groups().find(std::move(path))).value();
    }
};

}  // namespace

TEST_CASE("Parts of paths become groups, each once, in the letters first written") {
    migrated m;
    std::vector<std::string> told;
    for (auto const& g : wait(m.stores->groups().list()))
        told.push_back(g.path + " " + g.name + " " + std::to_string(to_nanoseconds(g.created)) +
                       (g.visibility == storage::visibility::private_ ? " private" : ""));
    // A/b3 is the oldest project in there.
    CHECK(told == std::vector<std::string>{"A A 200 private", "a/b2 b2 500 private",
                                           "solo solo 900 private"});
    CHECK(m.group("a").parent == storage::group_id{});
    CHECK(m.group("a/b2").parent == m.group("a").id);
    CHECK(m.group("solo").parent == storage::group_id{});
}

TEST_CASE("Projects of an older form keep all they had, and lie in their groups") {
    migrated m;
    auto const b = m.project(3);
    CHECK(b.path == "a/b");
    CHECK(b.name == "b");
    CHECK(b.description.empty());
    CHECK(b.groups == std::vector{m.group("a").id});
    CHECK(b.visibility == storage::visibility::public_);
    CHECK(b.anyone_can_pull);
    CHECK(b.duplicates == storage::duplicates_rule::allow);
    CHECK_FALSE(b.archived);
    CHECK(b.packages_enabled);
    CHECK(b.creator == storage::user_id{});
    CHECK(to_nanoseconds(b.created) == 300);
    CHECK(to_nanoseconds(b.updated) == 300);
    CHECK(b.protections.empty());

    auto const c = m.project(5);
    CHECK(c.path == "a/b2/c");
    CHECK(c.name == "c");
    CHECK(c.groups == std::vector{m.group("a").id, m.group("a/b2").id});
    CHECK(c.archived);
    CHECK_FALSE(c.packages_enabled);

    auto const b3 = m.project(8);
    CHECK(b3.path == "A/b3");
    CHECK(b3.name == "b3");
    CHECK(b3.groups == std::vector{m.group("a").id});
    CHECK(m.project(9).groups == std::vector{m.group("solo").id});

    auto const entry = wait(m.stores->catalogue().find({3}, "stable", "tide-1.0.0.tgz"));
    REQUIRE(entry);
    CHECK(entry->version == "1.0.0");
}

TEST_CASE("Versions of an older form are packages, with their times") {
    migrated m;
    storage::package_filter all;
    all.projects = {{3}, {5}};
    auto const found = wait(m.stores->packages().list(all, {}));
    REQUIRE(found.total == 1);
    auto const& p = found.packages.at(0);
    CHECK(p.id == storage::package_id{1});
    CHECK(p.project == storage::project_id{3});
    CHECK(p.chart == "tide");
    CHECK(p.version == "1.0.0");
    CHECK(to_nanoseconds(p.created) == 350);
    CHECK(p.created_by == 1);
    auto const files = wait(m.stores->packages().files({3}, p.id)).value();
    REQUIRE(files.size() == 1);
    CHECK(files[0].name == "tide-1.0.0.tgz");
}

TEST_CASE("People of an older form keep their names, roles and tokens") {
    migrated m;
    auto const ada = wait(m.stores->users().find("ada")).value();
    CHECK(ada.username == "Ada");
    CHECK(ada.name == "Ada");
    CHECK(ada.email.empty());
    CHECK(ada.admin);
    CHECK_FALSE(ada.bot_of);
    CHECK(wait(m.stores->users().find("bob"))->blocked);

    auto const role_in = [&](std::int64_t project, std::int64_t user) {
        return wait(m.stores->members().role_of(storage::project_id{project}, {user}, instant()))
            .role;
    };
    CHECK(role_in(3, 1) == role::owner);
    CHECK(role_in(3, 2) == role::reporter);
    CHECK(role_in(5, 2) == role::developer);
    CHECK(role_in(5, 1) == role::none);
    CHECK(role_in(8, 1) == role::none);
    auto const member = wait(m.stores->members().find(storage::project_id{3}, {1})).value();
    CHECK_FALSE(member.as.expires);
    CHECK(to_nanoseconds(member.as.created) == 300);
    CHECK(wait(m.stores->members().of_user({2})).size() == 2);

    auto const tokens = wait(m.stores->tokens().list({}));
    REQUIRE(tokens.size() == 2);
    CHECK(tokens[0].user == ada.id);
    CHECK(tokens[0].scopes == std::vector<std::string>{"api", "read_api"});
    CHECK(tokens[0].group == storage::group_id{});
    CHECK(tokens[1].project == storage::project_id{3});
    CHECK(tokens[1].username == "puller");
    CHECK(tokens[1].revoked);
    CHECK(wait(m.stores->settings().get("helm_max_file_size")) == "7");
}

TEST_CASE("What was migrated can be worked with: new numbers, renaming, removal, reopening") {
    migrated m;
    m.stores.reset();
    m.open();
    storage::project_record fresh;
    fresh.path = "a/new/p";
    CHECK(wait(m.stores->projects().create(fresh)).value().id > storage::project_id{9});

    auto a = m.group("a");
    a.path = "moved";
    REQUIRE(wait(tests::put_record(m.stores->groups(), a)));
    CHECK(m.project(3).path == "moved/b");
    CHECK(m.project(5).path == "moved/b2/c");
    CHECK(m.project(8).path == "moved/b3");
    CHECK(m.group("moved/b2").parent == a.id);

    REQUIRE(wait(m.stores->groups().remove(a.id)));
    CHECK(wait(m.stores->projects().list()).size() == 1);
    CHECK(wait(m.stores->members().of_user({1})).empty());
    CHECK(wait(m.stores->tokens().list({})).size() == 1);
}

TEST_CASE("Clusters and releases of form 6 are there, and environments can be made in them") {
    data_folder f;
    auto const project = make_project(*f.stores).id;
    auto const user = make_user(*f.stores).id;
    auto const cluster = make_cluster(*f.stores);
    auto const release = make_release(*f.stores, cluster);
    f.stores.reset();
    run_script(f.database(), back_to_form_6);
    f.open();
    CHECK(wait(f.stores->clusters().find("prod"))->id == cluster);
    CHECK(release_now(*f.stores, release.id).status == storage::release_status::deployed);
    CHECK(wait(f.stores->environments().list(project)).empty());

    auto wanted = environment_of(project, cluster);
    wanted.creator = user;
    auto const environment = wait(f.stores->environments().create(wanted)).value();
    auto const service = make_service(*f.stores, environment.id);
    auto const deployment = make_deployment(*f.stores, service.id);
    f.stores.reset();
    f.open();
    CHECK(wait(f.stores->environments().find(environment.uuid))->creator == user);
    CHECK(wait(f.stores->services().find(service.uuid))->id == service.id);
    CHECK(wait(f.stores->deployments().find(deployment.uuid))->service == service.id);
    REQUIRE(wait(f.stores->clusters().remove(cluster)));
    CHECK(is_environment_gone(*f.stores, environment));
    CHECK(is_service_gone(*f.stores, service));
    CHECK(is_deployment_gone(*f.stores, deployment));
}

TEST_CASE("A project of the first form takes an environment, which goes with it") {
    migrated m;
    auto const made = make_environment(*m.stores, {3}, make_cluster(*m.stores));
    CHECK(made.project_path == "a/b");
    REQUIRE(wait(m.stores->projects().remove({3})));
    CHECK(is_environment_gone(*m.stores, made));
}

}  // namespace pilothouse::tests::migration_test
