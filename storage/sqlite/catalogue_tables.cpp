#include "storage/sqlite/catalogue_tables.hpp"

#include <utility>

namespace pilothouse::storage::sqlite::tables {

namespace {

constexpr sql project_exists = "SELECT 1 FROM project WHERE id = ?";

#define PILOTHOUSE_CHANNEL_COLUMNS                                                              \
    "id, project_id, name, generation, generated, versions, charts, size_bytes, last_push, "    \
    "description, duplicates, index_format, read_only, retain_newest, retain_newest_of_major, " \
    "retain_newest_of_minor, retain_younger, retain_prereleases, retain_prereleases_younger, "  \
    "retain_matching"
constexpr sql channel_by_name =
    "SELECT " PILOTHOUSE_CHANNEL_COLUMNS " FROM channel WHERE project_id = ? AND name = ?";
constexpr sql channel_by_id = "SELECT " PILOTHOUSE_CHANNEL_COLUMNS " FROM channel WHERE id = ?";
constexpr sql channels_held = "SELECT " PILOTHOUSE_CHANNEL_COLUMNS
                              " FROM channel WHERE project_id = ? AND (versions > 0 OR configured) "
                              "ORDER BY name";
constexpr sql insert_channel =
    "INSERT INTO channel (project_id, name, generation, generated, versions, charts, "
    "size_bytes) VALUES (?, ?, 0, 0, 0, 0, 0)";
constexpr sql update_sums =
    "UPDATE channel SET generation = ?, generated = ?, versions = ?, charts = ?, "
    "size_bytes = ?, last_push = ? WHERE id = ?";
constexpr sql update_settings =
    "UPDATE channel SET description = ?, duplicates = ?, index_format = ?, read_only = ?, "
    "retain_newest = ?, retain_newest_of_major = ?, retain_newest_of_minor = ?, "
    "retain_younger = ?, retain_prereleases = ?, retain_prereleases_younger = ?, "
    "retain_matching = ?, configured = ? WHERE id = ?";

// The fragments come last: a list does without them.
#define PILOTHOUSE_ENTRY_COLUMNS                                                               \
    "id, chart, version, precedence_key, file_name, digest, size_bytes, content, provenance, " \
    "created, created_by, promoted_from, promoted_by, promoted, deprecated_reason, "           \
    "deprecated_by, deprecated, yanked_reason, yanked_by, yanked"
constexpr int fragment_column = 20;
constexpr sql entry_by_file = "SELECT " PILOTHOUSE_ENTRY_COLUMNS
                              ", fragment, deprecated_fragment FROM version "
                              "WHERE channel_id = ? AND file_name = ?";
constexpr sql entries_of_channel = "SELECT " PILOTHOUSE_ENTRY_COLUMNS
                                   " FROM version WHERE channel_id = ? "
                                   "ORDER BY chart, precedence_key DESC, created DESC, version";
constexpr sql entries_of_chart = "SELECT " PILOTHOUSE_ENTRY_COLUMNS
                                 " FROM version WHERE channel_id = ? AND chart = ? "
                                 "ORDER BY precedence_key DESC, created DESC, version";
constexpr sql index_of_channel =
    "SELECT chart, version, created, coalesce(deprecated_fragment, fragment) FROM version "
    "WHERE channel_id = ? AND yanked IS NULL "
    "ORDER BY chart, precedence_key DESC, created DESC, version";
constexpr sql chart_exists = "SELECT 1 FROM version WHERE channel_id = ? AND chart = ? LIMIT 1";
constexpr sql insert_version =
    "INSERT INTO version (channel_id, chart, version, precedence_key, file_name, digest, "
    "size_bytes, content, provenance, created, created_by, fragment) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr sql replace_version =
    "UPDATE version SET digest = ?, size_bytes = ?, content = ?, provenance = ?, created = ?, "
    "created_by = ?, fragment = ? WHERE id = ?";
constexpr sql update_marks =
    "UPDATE version SET promoted_from = ?, promoted_by = ?, promoted = ?, deprecated_reason = ?, "
    "deprecated_by = ?, deprecated = ?, deprecated_fragment = ?, yanked_reason = ?, "
    "yanked_by = ?, yanked = ? WHERE id = ?";
constexpr sql update_provenance = "UPDATE version SET provenance = ? WHERE id = ?";
constexpr sql delete_version = "DELETE FROM version WHERE id = ?";
constexpr sql digests_named =
    "SELECT digest FROM version "
    "UNION SELECT provenance FROM version WHERE provenance IS NOT NULL "
    "UNION SELECT archive FROM release WHERE gone IS NULL "
    "UNION SELECT archive FROM operation WHERE state <> 3 AND archive IS NOT NULL";

std::optional<std::int64_t> number(rows const& r, int column) {
    return r.null(column) ? std::nullopt : std::optional(r.integer(column));
}

std::optional<std::chrono::seconds> seconds(rows const& r, int column) {
    return r.null(column) ? std::nullopt : std::optional(std::chrono::seconds(r.integer(column)));
}

std::optional<std::int64_t> count_of(std::optional<std::chrono::seconds> const& time) {
    return time ? std::optional<std::int64_t>(time->count()) : std::nullopt;
}

channel_settings read_settings(rows const& r) {
    channel_settings s;
    s.description = r.text(9);
    if (!r.null(10)) s.duplicates = static_cast<duplicates_rule>(r.integer(10));
    s.index_format = static_cast<index_choice>(r.integer(11));
    s.read_only = r.flag(12);
    s.retention.newest_of_chart = number(r, 13);
    s.retention.newest_of_major = number(r, 14);
    s.retention.newest_of_minor = number(r, 15);
    s.retention.younger_than = seconds(r, 16);
    s.retention.newest_prereleases = number(r, 17);
    s.retention.prereleases_younger_than = seconds(r, 18);
    s.retention.matching = r.text(19);
    return s;
}

channel_record read_channel(rows const& r) {
    channel_record c;
    c.id = {r.integer(0)};
    c.project = {r.integer(1)};
    c.name = r.text(2);
    c.generation = r.integer(3);
    c.generated = r.time(4);
    c.versions = r.integer(5);
    c.charts = r.integer(6);
    c.size_bytes = static_cast<std::uint64_t>(r.integer(7));
    if (!r.null(8)) c.last_push = r.time(8);
    c.settings = read_settings(r);
    return c;
}

// Three columns: text, user, time; without the time there is none.
template <class Note>
std::optional<Note> read_note(rows const& r, int column) {
    if (r.null(column + 2)) return std::nullopt;
    return Note{r.text(column), r.integer(column + 1), r.time(column + 2)};
}

catalogue_entry read_entry(rows const& r) {
    catalogue_entry e;
    e.id = {r.integer(0)};
    e.chart = r.text(1);
    e.version = r.text(2);
    e.precedence_key = r.text(3);
    e.file_name = r.text(4);
    e.digest = r.digest(5);
    e.size_bytes = static_cast<std::uint64_t>(r.integer(6));
    e.content = r.digest(7);
    if (!r.null(8)) e.provenance = r.digest(8);
    e.created = r.time(9);
    e.created_by = r.integer(10);
    e.promoted = read_note<promotion>(r, 11);
    e.deprecated = read_note<mark>(r, 14);
    e.yanked = read_note<mark>(r, 17);
    return e;
}

template <class Note, class Part>
auto part(std::optional<Note> const& note, Part Note::* which) {
    return note ? std::optional<Part>((*note).*which) : std::nullopt;
}

}  // namespace

std::optional<channel_record> find_channel(connection& c, project_id project,
                                           std::string_view name) {
    auto r = c.run(channel_by_name, project, name);
    if (!r.next()) return std::nullopt;
    return read_channel(r);
}

std::optional<channel_record> find_channel(connection& c, channel_id id) {
    auto r = c.run(channel_by_id, id);
    if (!r.next()) return std::nullopt;
    return read_channel(r);
}

result<channel_record> make_channel(connection& c, project_id project, std::string const& name) {
    if (auto found = find_channel(c, project, name)) return std::move(*found);
    if (!c.run(project_exists, project).next())
        return failure(errc::not_found, "there is no such project");
    c.execute(insert_channel, project, name);
    channel_record made;
    made.id = {c.last_inserted()};
    made.project = project;
    made.name = name;
    return made;
}

std::vector<channel_record> channels_in_use(connection& c, project_id project) {
    std::vector<channel_record> all;
    auto r = c.run(channels_held, project);
    while (r.next()) all.push_back(read_channel(r));
    return all;
}

void save_sums(connection& c, channel_record const& channel) {
    c.execute(update_sums, channel.generation, channel.generated, channel.versions, channel.charts,
              channel.size_bytes, channel.last_push, channel.id);
}

void save_settings(connection& c, channel_record const& channel) {
    auto const& s = channel.settings;
    auto const& keep = s.retention;
    c.execute(update_settings, s.description, s.duplicates, s.index_format, s.read_only,
              keep.newest_of_chart, keep.newest_of_major, keep.newest_of_minor,
              count_of(keep.younger_than), keep.newest_prereleases,
              count_of(keep.prereleases_younger_than), keep.matching, s != channel_settings(),
              channel.id);
}

std::optional<catalogue_entry> find_entry(connection& c, channel_id channel,
                                          std::string_view file_name) {
    auto r = c.run(entry_by_file, channel, file_name);
    if (!r.next()) return std::nullopt;
    auto entry = read_entry(r);
    entry.fragment = r.text(fragment_column);
    entry.deprecated_fragment = r.text(fragment_column + 1);
    return entry;
}

std::vector<catalogue_entry> list_entries(connection& c, channel_id channel,
                                          std::optional<std::string> const& chart) {
    std::vector<catalogue_entry> entries;
    auto r = chart ? c.run(entries_of_chart, channel, *chart) : c.run(entries_of_channel, channel);
    while (r.next()) entries.push_back(read_entry(r));
    return entries;
}

bool holds_chart(connection& c, channel_id channel, std::string_view chart) {
    return c.run(chart_exists, channel, chart).next();
}

void visit_index(connection& c, channel_id channel, index_visitor const& visit) {
    auto r = c.run(index_of_channel, channel);
    while (r.next()) visit({r.bytes(0), r.bytes(1), r.time(2), r.bytes(3)});
}

version_id insert_entry(connection& c, channel_id channel, catalogue_entry const& entry) {
    c.execute(insert_version, channel, entry.chart, entry.version, blob_view{entry.precedence_key},
              entry.file_name, entry.digest, entry.size_bytes, entry.content, entry.provenance,
              entry.created, entry.created_by, entry.fragment);
    version_id const id{c.last_inserted()};
    if (entry.promoted || entry.deprecated || entry.yanked) {
        auto marked = entry;
        marked.id = id;
        save_marks(c, marked);
    }
    return id;
}

void replace_entry(connection& c, catalogue_entry const& entry) {
    c.execute(replace_version, entry.digest, entry.size_bytes, entry.content, entry.provenance,
              entry.created, entry.created_by, entry.fragment, entry.id);
    save_marks(c, entry);
}

void save_marks(connection& c, catalogue_entry const& entry) {
    auto const line = entry.deprecated ? std::optional(entry.deprecated_fragment) : std::nullopt;
    c.execute(update_marks, part(entry.promoted, &promotion::from),
              part(entry.promoted, &promotion::by), part(entry.promoted, &promotion::at),
              part(entry.deprecated, &mark::reason), part(entry.deprecated, &mark::by),
              part(entry.deprecated, &mark::at), line, part(entry.yanked, &mark::reason),
              part(entry.yanked, &mark::by), part(entry.yanked, &mark::at), entry.id);
}

void name_provenance(connection& c, version_id version,
                     std::optional<sha256_digest> const& provenance) {
    c.execute(update_provenance, provenance, version);
}

void delete_entry(connection& c, version_id version) { c.execute(delete_version, version); }

std::vector<sha256_digest> named_blobs(connection& c) {
    std::vector<sha256_digest> all;
    auto r = c.run(digests_named);
    while (r.next()) all.push_back(r.digest(0));
    return all;
}

}  // namespace pilothouse::storage::sqlite::tables
