// Whether the schema of a chart's values refers to anything outside of itself.
#pragma once

#include "base/result.hpp"

#include <filesystem>

namespace pilothouse::release::helm {

// Helm loads what a `values.schema.json` refers to, files of the host and addresses of the network
// alike, and quotes what it found (contracts: helm-engine 6). So each reference, in the schemas of
// the chart and of all charts within it, has to point into its own document (`#…`), or name a
// published draft of JSON Schema, which Helm brings along.
//
// errc::wrong_state: one does not, or a schema cannot be read; the sentence names file and
// reference. errc::broken: the archive cannot be read. Blocks.
[[nodiscard]] result<void> check_schema_references(std::filesystem::path const& archive);

}  // namespace pilothouse::release::helm
