// Definitions of custom resources that a chart brings in `crds/`: Helm makes them before all else
// with the first install, and never updates or removes them.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>

namespace pilothouse::release {

// The first file in a `crds/` of the chart, or of one within it, be that enabled or not; empty:
// there is none. errc::broken: the archive cannot be read; errc::wrong_state: charts within each
// other too deep. Blocks.
[[nodiscard]] result<std::string> find_definition(std::filesystem::path const& archive);

// A definition is the whole cluster's. errc::wrong_state: there is one; the sentence names it. Else
// as find_definition(). Blocks.
[[nodiscard]] result<void> check_definitions(std::filesystem::path const& archive);

}  // namespace pilothouse::release
