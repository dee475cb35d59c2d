// How commands show releases and operations to people, and follow an operation to its end.
#pragma once

#include "base/result.hpp"
#include "server/cli/command.hpp"
#include "server/cli/command_link.hpp"
#include "storage/operation_log.hpp"
#include "storage/release_store.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace pilothouse::cli {

// Exit statuses of what was followed to its end.
inline constexpr int failed_status = 3, cancelled_status = 4;

// How long who follows something waits before he asks after it again.
inline constexpr std::chrono::milliseconds between_looks{300};

[[nodiscard]] std::string table_of(std::vector<storage::release_record> const& releases);
[[nodiscard]] std::string table_of(std::vector<storage::operation_record> const& operations);

// Positional `RELEASE`: its id, or `cluster/namespace/name`.
void add_release(CLI::App& app, std::string& reference);
// Positional `OPERATION`.
void add_operation(CLI::App& app, std::string& id);

// Asks after the operation until it is done; what happens goes to standard error as it does, on a
// terminal with a line below that tells how it stands.
// Exit status 0: it went well; 3: it failed; 4: it was cancelled; 1: the house is not reached any
// more.
[[nodiscard]] cli_result follow_operation(command_link& house, std::string const& id, bool json);

}  // namespace pilothouse::cli
