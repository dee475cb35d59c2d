// Which versions of a channel a request means.
#pragma once

#include "base/result.hpp"
#include "chart/version_range.hpp"
#include "storage/catalogue.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::registry {

// Neither versions nor a range: all of the chart; no chart: all charts.
struct version_choice {
    std::optional<std::string> chart;
    std::vector<std::string> versions;  // exactly these, as they are written; of `chart`
    std::optional<chart::version_range> range;
};

// One commit, with everybody else's pushes waiting: a second or two of it.
inline constexpr std::size_t versions_at_once_max = 10'000;

// errc::invalid_argument: more than that.
[[nodiscard]] result<void> check_number(std::vector<storage::catalogue_entry> const& chosen);

enum class yanked_versions : bool { only_by_name, too };

// Those of a channel's versions, each once, in their order. errc::invalid_argument: versions
// without a chart, or both versions and a range; errc::not_found: a version that is named is not
// there, or nothing is meant at all.
[[nodiscard]] result<std::vector<storage::catalogue_entry>> choose(
    std::vector<storage::catalogue_entry> all, version_choice const& choice,
    yanked_versions yanked);

// For the audit log: "demo 1.0.0", "3 versions of demo", "3 versions".
[[nodiscard]] std::string summary_of(std::vector<storage::catalogue_entry> const& versions);

}  // namespace pilothouse::registry
