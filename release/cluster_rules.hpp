// Which clusters may be registered, and by whom.
#pragma once

#include "release/kubeconfig.hpp"

#include <cstdint>

namespace pilothouse::release {

enum class cluster_registrars : std::uint8_t { owners, administrators };

struct cluster_rules {
    kubeconfig_rules kubeconfigs;
    // Who says which addresses the server connects to.
    cluster_registrars registered_by = cluster_registrars::owners;
};

}  // namespace pilothouse::release
