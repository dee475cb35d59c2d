// The table of packages as rows, and the files of each; for whoever reads and changes them on a
// connection.
#pragma once

#include "storage/catalogue.hpp"
#include "storage/package_store.hpp"
#include "storage/sqlite/connection.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::storage::sqlite::tables {

// The version came to one of the project's channels; makes its package where there is none.
void enter_package(connection& c, project_id project, catalogue_entry const& entry, instant now);
// The version left one of them: its package goes with the last.
void leave_package(connection& c, project_id project, catalogue_entry const& entry);

[[nodiscard]] std::optional<package_record> find_package(connection& c, project_id project,
                                                         package_id id);
[[nodiscard]] std::optional<package_record> find_package(connection& c, project_id project,
                                                         std::string_view chart,
                                                         std::string_view version);
[[nodiscard]] package_list list_packages(connection& c, package_filter const& filter,
                                         package_range const& range);

// The channels that hold the package, by name.
[[nodiscard]] std::vector<std::string> channels_with(connection& c, package_record const& package);
// The channel that holds this version of the package.
[[nodiscard]] std::optional<std::string> channel_with(connection& c, package_record const& package,
                                                      version_id version);
[[nodiscard]] std::optional<version_place> place_of(connection& c, version_id version);

}  // namespace pilothouse::storage::sqlite::tables
