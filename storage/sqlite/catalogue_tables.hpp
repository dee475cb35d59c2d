// The tables of channels and versions, as rows; for whoever reads and changes them on a connection.
#pragma once

#include "storage/catalogue.hpp"
#include "storage/sqlite/connection.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::storage::sqlite::tables {

[[nodiscard]] std::optional<channel_record> find_channel(connection& c, project_id project,
                                                         std::string_view name);
[[nodiscard]] std::optional<channel_record> find_channel(connection& c, channel_id id);
// Makes it where there is none. errc::not_found: there is no such project.
[[nodiscard]] result<channel_record> make_channel(connection& c, project_id project,
                                                  std::string const& name);
[[nodiscard]] std::vector<channel_record> channels_in_use(connection& c, project_id project);
// Sums, generation and times.
void save_sums(connection& c, channel_record const& channel);
void save_settings(connection& c, channel_record const& channel);

[[nodiscard]] std::optional<catalogue_entry> find_entry(connection& c, channel_id channel,
                                                        std::string_view file_name);
// Without fragments, in the order of the index; all charts, or one.
[[nodiscard]] std::vector<catalogue_entry> list_entries(connection& c, channel_id channel,
                                                        std::optional<std::string> const& chart);
[[nodiscard]] bool holds_chart(connection& c, channel_id channel, std::string_view chart);
void visit_index(connection& c, channel_id channel, index_visitor const& visit);

[[nodiscard]] version_id insert_entry(connection& c, channel_id channel,
                                      catalogue_entry const& entry);
// The row of this id; all but chart, version, precedence and file name.
void replace_entry(connection& c, catalogue_entry const& entry);
void save_marks(connection& c, catalogue_entry const& entry);
void name_provenance(connection& c, version_id version,
                     std::optional<sha256_digest> const& provenance);
void delete_entry(connection& c, version_id version);

[[nodiscard]] std::vector<sha256_digest> named_blobs(connection& c);

}  // namespace pilothouse::storage::sqlite::tables
