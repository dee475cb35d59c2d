// The command line: a door like the others, which calls the same use cases.
#pragma once

#include "base/task.hpp"
#include "server/cli/services.hpp"
#include "storage/blob_store.hpp"
#include "storage/staging_area.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::cli {

struct cli_result {
    int exit_status = 0;  // 0: done; 1: refused or failed; 2: wrong arguments; else the command's
    std::string out;      // for standard output
    std::string err;      // for standard error
    std::shared_ptr<storage::blob const> file = nullptr;  // what a transfer hands out, or null
    std::string called = {};  // "user create", for logs; empty: nothing was to be run
};

// A command from elsewhere whose standard output would be longer says so instead.
inline constexpr std::size_t remote_output_bytes_max = 16 * 1024 * 1024;

// Runs one command, `arguments` being what followed the program's name. The same in the process
// that was called and in the server on behalf of one. Asks nothing: what has to be asked is refused
// unless it is `confirmed` or has --yes among its arguments. Help and wrong arguments are answered
// too. `attached`: files that came with the command, for those that take some.
[[nodiscard]] task<cli_result> run(std::vector<std::string> arguments, bool confirmed, services& s,
                                   std::vector<storage::staged_file> attached = {});

// What there is to say of a command before the files that came with it are received: that it takes
// fewer, or not from this caller. nullopt: it may have them.
[[nodiscard]] task<std::optional<cli_result>> refuse_files(std::vector<std::string> arguments,
                                                           std::size_t files, services& s);

// The program without `serve` and `check-config`: asks people what has to be asked, has the command
// run by the server that holds the data folder, or runs it itself where there is none, prints what
// it says, and returns the exit status.
[[nodiscard]] int run_command_line(std::vector<std::string> arguments);

}  // namespace pilothouse::cli
