// What Helm demands of metadata once it is read.
#pragma once

#include "base/result.hpp"
#include "chart/chart_metadata.hpp"

namespace pilothouse::chart {

// Sanitises the text fields, then checks all fields, in Helm's order (contracts: helm 49 to 52).
// Beyond Helm, a name that sanitising would change is refused (contracts: settled 5).
//
// errc::invalid_metadata: no name, no version. errc::unacceptable_chart: a rule is broken; the
// detail names the field.
[[nodiscard]] result<void> apply_metadata_rules(chart_metadata& metadata);

}  // namespace pilothouse::chart
