// The rows of releases, for the stores that write them.
#pragma once

#include "storage/release_store.hpp"
#include "storage/sqlite/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::storage::sqlite::tables {

struct release_row {
    std::int64_t number = 0;
    release_record record;
};

// Gone or not.
[[nodiscard]] std::optional<release_row> find_release(connection& c, std::string_view id);
[[nodiscard]] std::optional<release_row> find_release(connection& c, std::int64_t number);
[[nodiscard]] bool has_cluster(connection& c, cluster_id id);
[[nodiscard]] bool has_release(connection& c, release_record const& like);
[[nodiscard]] std::vector<release_record> list_releases(connection& c, release_filter const& filter,
                                                        release_place const& after,
                                                        std::size_t count);
// Returns its number.
[[nodiscard]] std::int64_t insert_release(connection& c, release_record const& release);
// All that changes in the life of one.
void update_release(connection& c, release_row const& release);
// The operation on it that is not done; empty: none.
[[nodiscard]] std::string operation_on(connection& c, std::int64_t release);
// Those that are gone and that no operation names.
void forget_releases(connection& c);

// Columns of a source from `at` on, in the order of the tables.
[[nodiscard]] release_source read_source(rows const& r, int at);
// As a JSON list, for json_each; NULL: no choice.
[[nodiscard]] std::optional<std::string> list_of(
    std::optional<std::vector<cluster_id>> const& clusters);

}  // namespace pilothouse::storage::sqlite::tables
