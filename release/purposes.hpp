// What is sealed for what: a text that was sealed for one does not open for another.
#pragma once

#include <string>
#include <string_view>

namespace pilothouse::release {

[[nodiscard]] inline std::string kubeconfig_purpose(std::string_view cluster) {
    return "kubeconfig of " + std::string(cluster);
}
// `cluster/namespace/name`: the operation has no id yet when its values are sealed.
[[nodiscard]] inline std::string values_purpose(std::string_view release) {
    return "values of " + std::string(release);
}

inline constexpr std::string_view request_purpose = "digests of requests";

}  // namespace pilothouse::release
