// What all channels of a project together hold, and may hold.
#pragma once

#include "base/result.hpp"
#include "storage/directory.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pilothouse::storage {

// Settings of the server (setting_store) for projects that choose nothing: whole numbers, 0 or
// absent: no limit.
inline constexpr char const* project_quota_bytes_key = "project_quota_bytes";
inline constexpr char const* project_quota_versions_key = "project_quota_versions";

// Sums over the channels of a project. A version counts in each channel that holds it, with the
// size of its archive, whether or not another version names the same bytes; provenance does not
// count.
struct project_use {
    std::uint64_t bytes = 0;
    std::uint64_t versions = 0;

    friend bool operator==(project_use const&, project_use const&) = default;
};

// 0: no limit.
struct quota {
    std::uint64_t bytes = 0;
    std::uint64_t versions = 0;

    [[nodiscard]] bool limits() const noexcept { return bytes != 0 || versions != 0; }
    friend bool operator==(quota const&, quota const&) = default;
};

struct quota_state {
    project_use use;
    storage::quota quota;  // in force
};

// The texts of the two settings as stored; nothing, or what is no number, is no limit.
[[nodiscard]] quota quota_in_force(quota_choice const& chosen,
                                   std::optional<std::string> const& bytes_setting,
                                   std::optional<std::string> const& versions_setting);

// errc::quota_full, saying how much is used, what the limit is and what helps, where a change makes
// a project hold more than before, and more than it may. What makes it hold less, or as much, is
// always good: also where the quota was lowered under the use.
[[nodiscard]] result<void> check_quota(quota const& limit, project_use before, project_use after);

// "5 MiB", "1.5 GiB", "100 bytes": for people.
[[nodiscard]] std::string bytes_in_words(std::uint64_t bytes);

}  // namespace pilothouse::storage
