// What is reachable, which version it has, and which rights are missing.
#pragma once

#include "base/task.hpp"
#include "release/inspector.hpp"
#include "release/kubernetes/api_client.hpp"

#include <string>

namespace pilothouse::release::kubernetes {

// errc as refusal_of() and api_client have them; errc::unavailable also where no API server
// answers.
[[nodiscard]] task<result<std::string>> ask_version(api_client& api);
[[nodiscard]] task<inspection> inspect_cluster(api_client& api, std::string name_space);

}  // namespace pilothouse::release::kubernetes
