// `<name>-<version>.tgz`: the name under which an archive is served (contracts: helm 35).
#pragma once

#include "chart/chart_name.hpp"
#include "chart/chart_version.hpp"

#include <string>

namespace pilothouse::chart {

// Not injective: `a` `1-2.0.0` and `a-1` `2.0.0` share one. Never take a name apart again; guard
// the collision at push.
[[nodiscard]] inline std::string file_name(chart_name const& name, chart_version const& version) {
    return name.text() + "-" + version.text() + ".tgz";
}

}  // namespace pilothouse::chart
