// What was asked of services, told; and followed to its end where that is wanted.
#pragma once

#include "server/cli/command_line.hpp"
#include "server/cli/command_link.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace pilothouse::cli {

// `--watch`.
void add_watch(CLI::App& app, bool& watch);

// Asks the house by a command of the family `sent`, which answers with a service, or with a list of
// them, each with the operation that was begun for it, or why none was. Exit status as
// follow_operation() has it, of several the worst: 1: one was refused; then 3, then 4.
[[nodiscard]] cli_result ask_for_deployments(command_link& house,
                                             std::vector<std::string> arguments, bool watch,
                                             bool json);

// The same for what cancels: to be cancelled is what was asked for, and exit status 0.
[[nodiscard]] cli_result ask_to_cancel(command_link& house, std::vector<std::string> arguments,
                                       bool watch, bool as_json);

}  // namespace pilothouse::cli
