#include "storage/sqlite/release_tables.hpp"

#include <limits>

namespace pilothouse::storage::sqlite::tables {

namespace {

#define SELECT_RELEASE                                                                         \
    "SELECT r.number, r.id, r.cluster_id, cluster.name, r.namespace, r.name, r.reference, "    \
    "r.product, r.project_id, r.project_path, r.channel, r.chart, r.version, r.archive, "      \
    "r.status, r.revision, r.description, r.changed_elsewhere, r.created, r.updated, r.seen, " \
    "r.gone, r.stopped FROM release AS r JOIN cluster ON cluster.id = r.cluster_id "
#define PAGE                                                                                 \
    "AND r.gone IS NULL AND (r.created, r.id) > (?2, ?3) AND (?4 = '' OR r.namespace = ?4) " \
    "AND (?5 = '' OR r.name = ?5) "                                                          \
    "AND (?6 IS NULL OR r.cluster_id IN (SELECT value FROM json_each(?6))) "                 \
    "ORDER BY r.created, r.id LIMIT ?7"
constexpr sql release_by_id = SELECT_RELEASE "WHERE r.id = ?";
constexpr sql release_by_number = SELECT_RELEASE "WHERE r.number = ?";
constexpr sql releases_of_cluster = SELECT_RELEASE "WHERE r.cluster_id = ?1 " PAGE;
constexpr sql releases_anywhere = SELECT_RELEASE "WHERE ?1 IS NULL " PAGE;
#undef PAGE
#undef SELECT_RELEASE

constexpr sql cluster_exists = "SELECT 1 FROM cluster WHERE id = ?";
constexpr sql release_named =
    "SELECT 1 FROM release WHERE cluster_id = ? AND namespace = ? AND name = ? AND gone IS NULL";
constexpr sql insert_release_row =
    "INSERT INTO release (id, cluster_id, namespace, name, reference, product, project_id, "
    "project_path, channel, chart, version, archive, status, revision, description, "
    "changed_elsewhere, created, updated, seen, gone, stopped) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr sql update_release_row =
    "UPDATE release SET reference = ?, product = ?, project_id = ?, project_path = ?, "
    "channel = ?, chart = ?, version = ?, archive = ?, status = ?, revision = ?, "
    "description = ?, changed_elsewhere = ?, updated = ?, seen = ?, gone = ?, stopped = ? "
    "WHERE number = ?";
constexpr sql unfinished_on = "SELECT id FROM operation WHERE release_number = ? AND state <> 3";
constexpr sql delete_unnamed =
    "DELETE FROM release WHERE gone IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM operation WHERE release_number = release.number)";

release_row read_release(rows const& r) {
    release_row row;
    row.number = r.integer(0);
    auto& x = row.record;
    x.id = r.text(1);
    x.cluster = {r.integer(2)};
    x.cluster_name = r.text(3);
    x.name_space = r.text(4);
    x.name = r.text(5);
    x.source = read_source(r, 6);
    x.status = static_cast<release_status>(r.integer(14));
    x.revision = static_cast<int>(r.integer(15));
    x.description = r.text(16);
    x.changed_elsewhere = r.flag(17);
    x.created = r.time(18);
    x.updated = r.time(19);
    if (!r.null(20)) x.seen = r.time(20);
    if (!r.null(21)) x.gone = r.time(21);
    x.stopped = r.flag(22);
    return row;
}

template <class Key>
std::optional<release_row> find_release_by(connection& c, sql query, Key const& key) {
    auto r = c.run(query, key);
    if (!r.next()) return std::nullopt;
    return read_release(r);
}

}  // namespace

release_source read_source(rows const& r, int at) {
    release_source s;
    s.reference = r.text(at);
    s.product = r.text(at + 1);
    s.project = {r.integer(at + 2)};  // NULL reads as 0
    s.project_path = r.text(at + 3);
    s.channel = r.text(at + 4);
    s.chart = r.text(at + 5);
    s.version = r.text(at + 6);
    s.archive = r.digest(at + 7);
    return s;
}

std::optional<std::string> list_of(std::optional<std::vector<cluster_id>> const& clusters) {
    if (!clusters) return std::nullopt;
    std::string list = "[";
    for (auto const id : *clusters) {
        if (list.size() > 1) list += ',';
        list += std::to_string(id.value);
    }
    return list + ']';
}

std::optional<release_row> find_release(connection& c, std::string_view id) {
    return find_release_by(c, release_by_id, id);
}

std::optional<release_row> find_release(connection& c, std::int64_t number) {
    return find_release_by(c, release_by_number, number);
}

bool has_cluster(connection& c, cluster_id id) { return c.run(cluster_exists, id).next(); }

bool has_release(connection& c, release_record const& like) {
    return c.run(release_named, like.cluster, like.name_space, like.name).next();
}

std::vector<release_record> list_releases(connection& c, release_filter const& filter,
                                          release_place const& after, std::size_t count) {
    auto const since =
        after.id.empty() ? std::numeric_limits<std::int64_t>::min() : to_nanoseconds(after.created);
    std::vector<release_record> page;
    auto r = c.run(filter.cluster ? releases_of_cluster : releases_anywhere, filter.cluster, since,
                   after.id, filter.name_space, filter.name, list_of(filter.within), count);
    while (r.next()) page.push_back(read_release(r).record);
    return page;
}

std::int64_t insert_release(connection& c, release_record const& x) {
    auto const& s = x.source;
    c.execute(insert_release_row, x.id, x.cluster, x.name_space, x.name, s.reference, s.product,
              s.project, s.project_path, s.channel, s.chart, s.version, s.archive, x.status,
              x.revision, x.description, x.changed_elsewhere, x.created, x.updated, x.seen, x.gone,
              x.stopped);
    return c.last_inserted();
}

void update_release(connection& c, release_row const& release) {
    auto const& x = release.record;
    auto const& s = x.source;
    c.execute(update_release_row, s.reference, s.product, s.project, s.project_path, s.channel,
              s.chart, s.version, s.archive, x.status, x.revision, x.description,
              x.changed_elsewhere, x.updated, x.seen, x.gone, x.stopped, release.number);
}

std::string operation_on(connection& c, std::int64_t release) {
    auto r = c.run(unfinished_on, release);
    return r.next() ? r.text(0) : std::string();
}

void forget_releases(connection& c) { c.execute(delete_unnamed); }

}  // namespace pilothouse::storage::sqlite::tables
