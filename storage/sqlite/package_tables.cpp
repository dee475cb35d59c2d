#include "storage/sqlite/package_tables.hpp"

namespace pilothouse::storage::sqlite::tables {

namespace {

// The versions of package p, in whatever channels; file names are unique in each.
#define FILES                                                                     \
    "channel AS c JOIN version AS v "                                             \
    "ON v.channel_id = c.id AND v.file_name = p.file_name AND v.chart = p.chart " \
    "WHERE c.project_id = p.project_id"
#define DEPRECATED "(NOT EXISTS (SELECT 1 FROM " FILES " AND v.deprecated IS NULL))"
#define SELECT_PACKAGE                                                         \
    "SELECT p.id, p.project_id, project.path, p.chart, p.version, p.created, " \
    "p.created_by, " DEPRECATED " FROM package AS p JOIN project ON project.id = p.project_id "
#define THAT_PASS                                                          \
    "WHERE p.project_id IN (SELECT value FROM json_each(?1)) "             \
    "AND (?2 = '' OR instr(lower(p.chart), lower(?2)) > 0) "               \
    "AND (?3 IS NULL OR p.chart = ?3) AND (?4 IS NULL OR p.version = ?4) " \
    "AND (?5 IS NULL OR " DEPRECATED " = ?5) "
// The numbers of package_order.
#define KEY                                                                                \
    "CASE ?6 WHEN 0 THEN p.created WHEN 1 THEN p.chart WHEN 2 THEN p.version WHEN 3 THEN " \
    "(SELECT path FROM project WHERE project.id = p.project_id) END"
// Only the rows of the page are looked at whole.
#define PAGE(DIRECTION)                                                                      \
    SELECT_PACKAGE "WHERE p.id IN (SELECT p.id FROM package AS p " THAT_PASS "ORDER BY " KEY \
                   " " DIRECTION ", p.id " DIRECTION " LIMIT ?8 OFFSET ?7) ORDER BY " KEY    \
                   " " DIRECTION ", p.id " DIRECTION

constexpr sql page_ascending = PAGE("ASC");
constexpr sql page_descending = PAGE("DESC");
constexpr sql count_packages = "SELECT count(*) FROM package AS p " THAT_PASS;
constexpr sql package_by_id = SELECT_PACKAGE "WHERE p.id = ? AND p.project_id = ?";
constexpr sql package_by_name =
    SELECT_PACKAGE "WHERE p.project_id = ? AND p.chart = ? AND p.version = ?";
constexpr sql channels_of_package =
    "SELECT c.name FROM package AS p, " FILES " AND p.id = ? ORDER BY c.name";
constexpr sql channel_of_version =
    "SELECT c.name FROM package AS p, " FILES " AND p.id = ? AND v.id = ?";
constexpr sql delete_if_empty =
    "DELETE FROM package AS p WHERE p.project_id = ? AND p.chart = ? AND p.version = ? "
    "AND NOT EXISTS (SELECT 1 FROM " FILES ")";

#undef PAGE
#undef KEY
#undef THAT_PASS
#undef SELECT_PACKAGE
#undef DEPRECATED
#undef FILES

constexpr sql place_of_version =
    "SELECT c.project_id, c.name, v.file_name FROM version AS v "
    "JOIN channel AS c ON c.id = v.channel_id WHERE v.id = ?";
constexpr sql package_exists =
    "SELECT 1 FROM package WHERE project_id = ? AND chart = ? AND version = ?";
constexpr sql insert_package =
    "INSERT INTO package (project_id, chart, version, file_name, created, created_by) "
    "VALUES (?, ?, ?, ?, ?, ?)";

package_record read_package(rows const& r) {
    package_record p;
    p.id = {r.integer(0)};
    p.project = {r.integer(1)};
    p.project_path = r.text(2);
    p.chart = r.text(3);
    p.version = r.text(4);
    p.created = r.time(5);
    p.created_by = r.integer(6);
    p.deprecated = r.flag(7);
    return p;
}

std::optional<package_record> first_package(rows r) {
    if (!r.next()) return std::nullopt;
    return read_package(r);
}

std::string as_json(std::vector<project_id> const& ids) {
    std::string text = "[";
    for (auto const id : ids) text += (text.size() > 1 ? "," : "") + std::to_string(id.value);
    return text + "]";
}

}  // namespace

void enter_package(connection& c, project_id project, catalogue_entry const& entry, instant now) {
    if (c.run(package_exists, project, entry.chart, entry.version).next()) return;
    // Of a promotion the time of the promotion: that is when the project got it.
    auto const came = entry.promoted ? now : entry.created;
    auto const by = entry.promoted ? entry.promoted->by : entry.created_by;
    c.execute(insert_package, project, entry.chart, entry.version, entry.file_name, came, by);
}

void leave_package(connection& c, project_id project, catalogue_entry const& entry) {
    c.execute(delete_if_empty, project, entry.chart, entry.version);
}

std::optional<package_record> find_package(connection& c, project_id project, package_id id) {
    return first_package(c.run(package_by_id, id, project));
}

std::optional<package_record> find_package(connection& c, project_id project,
                                           std::string_view chart, std::string_view version) {
    return first_package(c.run(package_by_name, project, chart, version));
}

package_list list_packages(connection& c, package_filter const& filter,
                           package_range const& range) {
    package_list found;
    auto const projects = as_json(filter.projects);
    {
        auto r = c.run(count_packages, projects, filter.name_part, filter.chart, filter.version,
                       filter.deprecated);
        if (r.next()) found.total = static_cast<std::size_t>(r.integer(0));
    }
    auto r =
        c.run(range.descending ? page_descending : page_ascending, projects, filter.name_part,
              filter.chart, filter.version, filter.deprecated, range.by, range.skip, range.count);
    while (r.next()) found.packages.push_back(read_package(r));
    return found;
}

std::vector<std::string> channels_with(connection& c, package_record const& package) {
    std::vector<std::string> names;
    auto r = c.run(channels_of_package, package.id);
    while (r.next()) names.push_back(r.text(0));
    return names;
}

std::optional<std::string> channel_with(connection& c, package_record const& package,
                                        version_id version) {
    auto r = c.run(channel_of_version, package.id, version);
    if (!r.next()) return std::nullopt;
    return r.text(0);
}

std::optional<version_place> place_of(connection& c, version_id version) {
    auto r = c.run(place_of_version, version);
    if (!r.next()) return std::nullopt;
    return version_place{{r.integer(0)}, r.text(1), r.text(2)};
}

}  // namespace pilothouse::storage::sqlite::tables
