// What can be said of an install before anything is queued.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "release/engine.hpp"
#include "release/release_parts.hpp"

#include <string>
#include <string_view>

namespace pilothouse::release {

// By the version's line in the index. errc::wrong_state: a library chart, or a deprecated one where
// those are not installed.
[[nodiscard]] result<void> judge_chart(std::string_view index_line, bool deprecated_charts);
[[nodiscard]] bool is_deprecated(std::string_view index_line);

// By the version's line, whether the cluster is one of those that the chart is made for. A cluster
// that does not say in a moment which it is is judged by the run. errc::wrong_state.
[[nodiscard]] task<result<void>> judge_cluster(release_parts const& parts,
                                               storage::cluster_id cluster, std::string index_line);
// Whether Helm installs a chart with this `kubeVersion` there: its ranges are those of versions,
// and no Helm takes what cannot be read. Some Helms compare `v1.30.2-gke.1` as it is, some without
// what is behind the numbers: either will do.
[[nodiscard]] bool fits_cluster(std::string const& kube_version, std::string_view cluster_version);

// By what the chart's schema says of the values, and its schema of itself; without the cluster, so
// that what depends on that is left to the run. errc::invalid_argument: values that the schema
// refuses; errc::wrong_state: a schema that refers outside; errc::timed_out: a chart that does not
// come to an end.
[[nodiscard]] task<result<void>> judge_values(release_parts const& parts,
                                              storage::release_source source, target where,
                                              secret document);

}  // namespace pilothouse::release
