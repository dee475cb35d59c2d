#include "storage/sqlite/sqlite_services.hpp"

#include "storage/service_rules.hpp"
#include "storage/sqlite/sql.hpp"

#include <utility>

namespace pilothouse::storage::sqlite {

namespace {

#define SELECT_SERVICE                                                                  \
    "SELECT id, uuid, environment_id, name, release_name, sealed_configuration, "       \
    "configuration, deployed, deployed_revision, release_id, auto_deploy, follows_as, " \
    "by_operator, creator_id, created, updated FROM service "
constexpr sql service_by_id = SELECT_SERVICE "WHERE id = ?";
constexpr sql service_by_uuid = SELECT_SERVICE "WHERE uuid = ?";
constexpr sql services_by_name = SELECT_SERVICE "WHERE environment_id = ? ORDER BY name";
constexpr sql automatic_services = SELECT_SERVICE "WHERE auto_deploy ORDER BY id";
#undef SELECT_SERVICE

// The last parameter: of another than this one.
constexpr sql service_name_there =
    "SELECT 1 FROM service WHERE environment_id = ? AND name = ? AND id IS NOT ?";
constexpr sql release_name_there =
    "SELECT 1 FROM service WHERE environment_id = ? AND release_name = ?";
constexpr sql insert_service =
    "INSERT INTO service (uuid, environment_id, name, release_name, sealed_configuration, "
    "configuration, deployed, deployed_revision, release_id, auto_deploy, follows_as, by_operator, "
    "creator_id, created, updated) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uuid) DO NOTHING";
constexpr sql update_service =
    "UPDATE service SET name = ?, sealed_configuration = ?, configuration = ?, deployed = ?, "
    "deployed_revision = ?, release_id = ?, auto_deploy = ?, follows_as = ?, by_operator = ?, "
    "updated = ? WHERE id = ?";
constexpr sql delete_service = "DELETE FROM service WHERE id = ?";

#define DEPLOYMENT_COLUMNS                                                               \
    "uuid, service_id, kind, configuration, chart, version, operation, by_id, by_name, " \
    "created, started, finished, outcome, message"
constexpr sql deployment_by_number =
    "SELECT " DEPLOYMENT_COLUMNS ", result FROM deployment WHERE number = ?";
constexpr sql deployment_by_uuid =
    "SELECT " DEPLOYMENT_COLUMNS ", result FROM deployment WHERE uuid = ?";
// The condition is the index's: without it all rows would be read.
constexpr sql deployment_of_operation =
    "SELECT " DEPLOYMENT_COLUMNS ", result FROM deployment WHERE operation = ? AND operation <> ''";
constexpr sql deployments_of_service = "SELECT " DEPLOYMENT_COLUMNS
                                       ", '' FROM deployment WHERE service_id = ? "
                                       "ORDER BY number DESC LIMIT ?";
constexpr sql deployments_waiting =
    "SELECT " DEPLOYMENT_COLUMNS
    ", '' FROM deployment WHERE operation = '' AND outcome = 0 AND kind <> 1 ORDER BY number";
constexpr sql deployments_unsettled =
    "SELECT " DEPLOYMENT_COLUMNS
    ", '' FROM deployment WHERE operation <> '' AND outcome = 0 ORDER BY number";
static_assert(static_cast<int>(deployment_outcome::none) == 0 &&
              static_cast<int>(deployment_kind::dry_run) == 1);
constexpr sql insert_deployment =
    "INSERT INTO deployment (" DEPLOYMENT_COLUMNS
    ", result) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uuid) DO NOTHING";
#undef DEPLOYMENT_COLUMNS
constexpr sql update_deployment =
    "UPDATE deployment SET configuration = ?, version = ?, operation = ?, started = ?, finished = "
    "?, outcome = ?, message = ?, "
    "result = ? "
    "WHERE uuid = ?";
constexpr sql delete_deployment = "DELETE FROM deployment WHERE uuid = ?";
// Of service ?1, all but the newest ?2.
constexpr sql delete_oldest =
    "DELETE FROM deployment WHERE number IN (SELECT number FROM deployment "
    "WHERE service_id = ?1 AND finished IS NOT NULL ORDER BY number DESC LIMIT -1 OFFSET ?2)";
constexpr sql delete_oldest_dry_runs =
    "DELETE FROM deployment WHERE number IN (SELECT number FROM deployment "
    "WHERE service_id = ?1 AND kind = 1 ORDER BY number DESC LIMIT -1 OFFSET ?2)";

service_record read_service(rows const& r) {
    service_record s;
    s.id = {r.integer(0)};
    s.uuid = r.text(1);
    s.environment = {r.integer(2)};
    s.name = r.text(3);
    s.release_name = r.text(4);
    s.sealed_configuration = r.text(5);
    s.configuration = static_cast<int>(r.integer(6));
    s.deployed = static_cast<int>(r.integer(7));
    s.deployed_revision = static_cast<int>(r.integer(8));
    s.release = r.text(9);
    s.auto_deploy = r.flag(10);
    s.follows_as = {r.integer(11)};  // NULL reads as 0
    s.by_operator = r.flag(12);
    s.creator = {r.integer(13)};
    s.created = r.time(14);
    s.updated = r.time(15);
    return s;
}

deployment_record read_deployment(rows const& r) {
    deployment_record d;
    d.uuid = r.text(0);
    d.service = {r.integer(1)};
    d.kind = static_cast<deployment_kind>(r.integer(2));
    d.configuration = static_cast<int>(r.integer(3));
    d.chart = r.text(4);
    d.version = r.text(5);
    d.operation = r.text(6);
    d.by = {r.integer(7)};  // NULL reads as 0
    d.by_name = r.text(8);
    d.created = r.time(9);
    if (!r.null(10)) d.started = r.time(10);
    if (!r.null(11)) d.finished = r.time(11);
    d.outcome = static_cast<deployment_outcome>(r.integer(12));
    d.message = r.text(13);
    d.result = r.text(14);
    return d;
}

template <class Key>
result<service_record> find_service(connection& c, sql query, Key const& key) {
    auto r = c.run(query, key);
    if (!r.next()) return no_such_service();
    return read_service(r);
}

std::vector<service_record> read_services(rows r) {
    std::vector<service_record> all;
    while (r.next()) all.push_back(read_service(r));
    return all;
}

std::vector<deployment_record> read_deployments(rows r) {
    std::vector<deployment_record> all;
    while (r.next()) all.push_back(read_deployment(r));
    return all;
}

template <class Key>
result<deployment_record> find_deployment(connection& c, sql query, Key const& key) {
    auto r = c.run(query, key);
    if (!r.next()) return no_such_deployment();
    return read_deployment(r);
}

bool is_name_taken(connection& c, service_record const& s) {
    return c.run(service_name_there, s.environment, s.name, s.id).next();
}

}  // namespace

task<result<service_record>> sqlite_services::create(service_record wanted) {
    co_return co_await db_.write([&](transaction& t) -> result<service_record> {
        wanted.id = {};
        if (is_name_taken(t.on(), wanted)) return service_name_taken();
        if (t.on().run(release_name_there, wanted.environment, wanted.release_name).next())
            return release_name_taken();
        if (t.on().execute(insert_service, wanted.uuid, wanted.environment, wanted.name,
                           wanted.release_name, wanted.sealed_configuration, wanted.configuration,
                           wanted.deployed, wanted.deployed_revision, wanted.release,
                           wanted.auto_deploy, wanted.follows_as, wanted.by_operator,
                           wanted.creator, wanted.created, wanted.updated) == 0)
            return uuid_taken();
        return find_service(t.on(), service_by_id, t.on().last_inserted());
    });
}

task<result<service_record>> sqlite_services::find(std::string uuid) {
    co_return co_await db_.read(
        [&](connection& c) { return find_service(c, service_by_uuid, uuid); });
}

task<result<service_record>> sqlite_services::find(service_id id) {
    co_return co_await db_.read([id](connection& c) { return find_service(c, service_by_id, id); });
}

task<std::vector<service_record>> sqlite_services::list(environment_id environment) {
    co_return co_await db_.read(
        [&](connection& c) { return read_services(c.run(services_by_name, environment)); });
}

task<std::vector<service_record>> sqlite_services::automatic() {
    co_return co_await db_.read(
        [](connection& c) { return read_services(c.run(automatic_services)); });
}

task<result<service_record>> sqlite_services::edit(service_id id,
                                                   record_change<service_record> change) {
    co_return co_await db_.write([&](transaction& t) -> result<service_record> {
        PILOTHOUSE_TRY(auto service, find_service(t.on(), service_by_id, id));
        if (auto const good = storage::edit(service, change); !good) return good.error();
        if (is_name_taken(t.on(), service)) return service_name_taken();
        t.on().execute(update_service, service.name, service.sealed_configuration,
                       service.configuration, service.deployed, service.deployed_revision,
                       service.release, service.auto_deploy, service.follows_as,
                       service.by_operator, service.updated, id);
        return service;
    });
}

task<result<void>> sqlite_services::remove(service_id id) {
    co_return co_await db_.write([&](transaction& t) -> result<void> {
        if (t.on().execute(delete_service, id) == 0) return no_such_service();
        return {};
    });
}

task<result<deployment_record>> sqlite_deployments::add(deployment_record wanted) {
    co_return co_await db_.write([&](transaction& t) -> result<deployment_record> {
        if (t.on().execute(insert_deployment, wanted.uuid, wanted.service, wanted.kind,
                           wanted.configuration, wanted.chart, wanted.version, wanted.operation,
                           wanted.by, wanted.by_name, wanted.created, wanted.started,
                           wanted.finished, wanted.outcome, wanted.message, wanted.result) == 0)
            return uuid_taken();
        auto const number = t.on().last_inserted();
        t.on().execute(delete_oldest, wanted.service, deployments_max);
        t.on().execute(delete_oldest_dry_runs, wanted.service, dry_runs_max);
        return find_deployment(t.on(), deployment_by_number, number);
    });
}

task<result<deployment_record>> sqlite_deployments::edit(std::string uuid,
                                                         record_change<deployment_record> change) {
    co_return co_await db_.write([&](transaction& t) -> result<deployment_record> {
        PILOTHOUSE_TRY(auto deployment, find_deployment(t.on(), deployment_by_uuid, uuid));
        if (auto const good = storage::edit(deployment, change); !good) return good.error();
        t.on().execute(update_deployment, deployment.configuration, deployment.version,
                       deployment.operation, deployment.started, deployment.finished,
                       deployment.outcome, deployment.message, deployment.result, uuid);
        return deployment;
    });
}

task<result<void>> sqlite_deployments::remove(std::string uuid) {
    co_return co_await db_.write([&](transaction& t) -> result<void> {
        if (t.on().execute(delete_deployment, uuid) == 0) return no_such_deployment();
        return {};
    });
}

task<result<deployment_record>> sqlite_deployments::find(std::string uuid) {
    co_return co_await db_.read(
        [&](connection& c) { return find_deployment(c, deployment_by_uuid, uuid); });
}

task<std::vector<deployment_record>> sqlite_deployments::list(service_id service,
                                                              std::size_t count) {
    co_return co_await db_.read([&](connection& c) {
        return read_deployments(c.run(deployments_of_service, service, count));
    });
}

task<result<deployment_record>> sqlite_deployments::of_operation(std::string operation) {
    co_return co_await db_.read(
        [&](connection& c) { return find_deployment(c, deployment_of_operation, operation); });
}

task<std::vector<deployment_record>> sqlite_deployments::waiting() {
    co_return co_await db_.read(
        [](connection& c) { return read_deployments(c.run(deployments_waiting)); });
}

task<std::vector<deployment_record>> sqlite_deployments::unsettled() {
    co_return co_await db_.read(
        [](connection& c) { return read_deployments(c.run(deployments_unsettled)); });
}

}  // namespace pilothouse::storage::sqlite
