// The rows of operations, for the stores that write them.
#pragma once

#include "storage/operation_log.hpp"
#include "storage/sqlite/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::storage::sqlite::tables {

struct operation_row {
    std::int64_t number = 0, release = 0;
    release_status status_before = release_status::unknown;
    operation_record record;
};

[[nodiscard]] std::optional<operation_row> find_operation(connection& c, std::string_view id);
[[nodiscard]] std::optional<operation_row> find_operation(connection& c, std::int64_t number);
[[nodiscard]] std::vector<operation_record> list_operations(connection& c,
                                                            operation_filter const& filter,
                                                            std::size_t skip, std::size_t count);
// The one whose turn it is, if any may run.
[[nodiscard]] std::optional<operation_row> next_operation(connection& c,
                                                          claim_limits const& limits);
// It had its turn.
void count_turn(connection& c, cluster_id cluster);
[[nodiscard]] operation_counts count_operations(connection& c);
[[nodiscard]] std::size_t waiting_of(connection& c, user_id caller);

// Returns its number.
[[nodiscard]] std::int64_t insert_operation(connection& c, operation_row const& operation);
// All that changes in the life of one.
void update_operation(connection& c, operation_row const& operation);
// Returns how many.
[[nodiscard]] std::size_t forget_operations(connection& c, instant before);

// Sealed; empty: none.
void keep_values(connection& c, std::int64_t operation, std::string const& values);
[[nodiscard]] std::string values_of(connection& c, std::int64_t operation);
void erase_values(connection& c, std::int64_t operation);

struct key_row {
    sha256_digest request;
    std::int64_t operation = 0;
};
[[nodiscard]] std::optional<key_row> find_key(connection& c, idempotency const& key, instant since);
void keep_key(connection& c, idempotency const& key, std::int64_t operation, instant now);
void forget_keys(connection& c, instant before);

}  // namespace pilothouse::storage::sqlite::tables
