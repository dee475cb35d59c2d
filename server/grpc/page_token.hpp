// The place where a list goes on, as clients carry it.
#pragma once

#include "storage/release_store.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace pilothouse::rpc {

// At most 100 characters (contracts: releases 1.2). Good for this cluster's list alone.
[[nodiscard]] std::string write_page_token(std::string_view cluster,
                                           storage::release_place const& last);
// Empty: not one of ours, or of another list.
[[nodiscard]] std::optional<storage::release_place> read_page_token(std::string_view cluster,
                                                                    std::string_view token);

}  // namespace pilothouse::rpc
