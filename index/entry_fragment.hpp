// One version's line in the index, rendered once, at push.
#pragma once

#include "base/clock.hpp"
#include "base/sha256.hpp"
#include "chart/chart_metadata.hpp"

#include <string>
#include <string_view>

namespace pilothouse::index {

// One JSON object on one line, without a line feed: `{"name":…,"version":…, <Chart.yaml fields>,
// "created":…, "digest":…,"urls":["charts/<file name>"]}`. Legal JSON and legal YAML at once
// (contracts: helm 22); only keys that Helm knows, every scalar a quoted string but the booleans
// (contracts: helm 8, 9). `name` and `version` come first, `created`, `digest` and `urls` last, so
// that a reader of the line need not parse it.
[[nodiscard]] std::string render_fragment(chart::chart_metadata const& metadata,
                                          std::string_view file_name, sha256_digest const& digest,
                                          instant created);

// The annotation that tells why a version is deprecated, where readers of the index look for it.
inline constexpr std::string_view deprecated_reason_annotation = "pilothouse.dev/deprecated-reason";

// The fragment of a deprecated version: with `"deprecated":true`, and, where there is a reason, the
// annotation, in place of one of the chart's own by that name.
[[nodiscard]] std::string deprecated_fragment(std::string_view fragment, std::string_view reason);

// The digest that a fragment names.
[[nodiscard]] sha256_digest digest_in_fragment(std::string_view fragment);

}  // namespace pilothouse::index
