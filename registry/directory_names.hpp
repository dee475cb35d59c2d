// How roles, visibilities and rules are called, on every door and in the command line.
#pragma once

#include "storage/directory.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::registry {

[[nodiscard]] std::string_view name_of(storage::visibility v) noexcept;
[[nodiscard]] std::string_view name_of(storage::duplicates_rule d) noexcept;
[[nodiscard]] std::string_view name_of(storage::role r) noexcept;  // "none", "admin" too

// Exact spelling. Nobody can be given the role "none" or "admin".
[[nodiscard]] std::optional<storage::visibility> parse_visibility(std::string_view name) noexcept;
[[nodiscard]] std::optional<storage::duplicates_rule> parse_duplicates(
    std::string_view name) noexcept;
[[nodiscard]] std::optional<storage::role> parse_role(std::string_view name) noexcept;

// All that parse, from least to most.
[[nodiscard]] std::vector<std::string> visibility_names();
[[nodiscard]] std::vector<std::string> duplicates_names();
[[nodiscard]] std::vector<std::string> role_names();

}  // namespace pilothouse::registry
