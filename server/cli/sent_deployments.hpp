// What commands about environments and Helm services ask of the house, with the texts that they
// read.
#pragma once

#include "server/cli/command.hpp"

#include <vector>

namespace pilothouse::cli {

// Of the family `sent`.
[[nodiscard]] std::vector<described_command> sent_service_commands();
[[nodiscard]] std::vector<described_command> sent_environment_commands();

}  // namespace pilothouse::cli
