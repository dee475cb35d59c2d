#include "storage/sqlite/quota_guard.hpp"

#include "storage/sqlite/sql.hpp"

namespace pilothouse::storage::sqlite {

namespace {

constexpr sql chosen_and_standard =
    "SELECT quota_bytes, quota_versions, "
    "(SELECT value FROM setting WHERE key = 'project_quota_bytes'), "
    "(SELECT value FROM setting WHERE key = 'project_quota_versions') "
    "FROM project WHERE id = ?";
// A few rows: one for each channel of the project.
constexpr sql sums =
    "SELECT coalesce(sum(size_bytes), 0), coalesce(sum(versions), 0) "
    "FROM channel WHERE project_id = ?";

std::optional<std::uint64_t> chosen(rows const& r, int column) {
    if (r.null(column)) return std::nullopt;
    return static_cast<std::uint64_t>(r.integer(column));
}

std::optional<std::string> setting(rows const& r, int column) {
    if (r.null(column)) return std::nullopt;
    return r.text(column);
}

quota read_limit(connection& c, project_id project) {
    auto r = c.run(chosen_and_standard, project);
    if (!r.next()) return {};
    return quota_in_force({chosen(r, 0), chosen(r, 1)}, setting(r, 2), setting(r, 3));
}

project_use read_use(connection& c, project_id project) {
    auto r = c.run(sums, project);
    if (!r.next()) return {};
    return {static_cast<std::uint64_t>(r.integer(0)), static_cast<std::uint64_t>(r.integer(1))};
}

}  // namespace

quota_state read_quota(connection& c, project_id project) {
    return {read_use(c, project), read_limit(c, project)};
}

quota_guard::quota_guard(connection& c, project_id project)
    : on_(c), project_(project), limit_(read_limit(c, project)) {
    if (limit_.limits()) before_ = read_use(on_, project_);
}

result<void> quota_guard::check() {
    if (!limit_.limits()) return {};
    return check_quota(limit_, before_, read_use(on_, project_));
}

}  // namespace pilothouse::storage::sqlite
