// How what is set for a channel is called, on every door and in the command line.
#pragma once

#include "auth/auditor.hpp"
#include "storage/channel_store.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::registry {

[[nodiscard]] std::string_view name_of(storage::index_choice c) noexcept;
[[nodiscard]] std::optional<storage::index_choice> parse_index_choice(
    std::string_view name) noexcept;
[[nodiscard]] std::vector<std::string> index_choice_names();

// Of what may also be `inherit`.
[[nodiscard]] std::string_view name_of(std::optional<storage::duplicates_rule> const& d) noexcept;
// nullopt: no such word; empty within: `inherit`.
[[nodiscard]] std::optional<std::optional<storage::duplicates_rule>> parse_channel_duplicates(
    std::string_view name) noexcept;
[[nodiscard]] std::vector<std::string> channel_duplicates_names();

// As the audit log names a channel; `id` is 0 where nobody looked it up.
[[nodiscard]] auth::audited channel_thing(std::string name, storage::channel_id id = {});

// "90s", "15m", "12h", "30 d"; back, without blanks, in the largest unit that leaves no rest.
[[nodiscard]] std::optional<std::chrono::seconds> parse_age(std::string_view text) noexcept;
[[nodiscard]] std::string age_text(std::chrono::seconds age);

}  // namespace pilothouse::registry
