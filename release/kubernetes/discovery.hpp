// Which kinds of objects a cluster knows, and which of them are in namespaces.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "release/kubernetes/api_client.hpp"
#include "release/kubernetes/resource_paths.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace pilothouse::release::kubernetes {

// Asks for each version once. The client outlives it.
class discovery {
public:
    explicit discovery(api_client& api) : api_(api) {}

    // Empty: the cluster has no such kind. Failures as refusal_of() has them.
    [[nodiscard]] task<result<std::optional<resource>>> find_kind(std::string api_version,
                                                                  std::string kind);

private:
    api_client& api_;
    std::map<std::string, std::map<std::string, resource, std::less<>>, std::less<>> versions_;
};

}  // namespace pilothouse::release::kubernetes
