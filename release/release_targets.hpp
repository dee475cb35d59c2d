// What Helm is told of where a release is: its cluster's credentials, opened, and its names.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "release/engine.hpp"
#include "release/release_parts.hpp"

#include <string>

namespace pilothouse::release {

// As they are now: whoever changed them meanwhile is heard. errc::not_found: the cluster is gone;
// errc::broken: they cannot be opened.
[[nodiscard]] task<result<secret>> open_kubeconfig(release_parts const& parts,
                                                   storage::cluster_id cluster);
[[nodiscard]] task<result<target>> target_of(release_parts const& parts,
                                             storage::release_record release);

// `cluster/namespace/name`: what sealed values, and the audit log, call a release.
[[nodiscard]] std::string full_name(storage::release_record const& release);

}  // namespace pilothouse::release
