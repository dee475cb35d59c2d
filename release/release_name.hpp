// Names of releases and namespaces, judged before anything is queued.
#pragma once

#include "base/result.hpp"
#include "storage/cluster_store.hpp"

#include <string_view>

namespace pilothouse::release {

// DNS labels joined by dots, at most 53 characters (Helm's rule). errc::invalid_argument.
[[nodiscard]] result<void> check_release_name(std::string_view name);
// A DNS label (RFC 1123), at most 63 characters. errc::invalid_argument.
[[nodiscard]] result<void> check_namespace(std::string_view name);
// Whether the cluster takes releases there. errc::invalid_argument, with what it does take.
[[nodiscard]] result<void> check_namespace_policy(storage::cluster_record const& cluster,
                                                  std::string_view name);

}  // namespace pilothouse::release
