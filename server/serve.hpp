// The commands that run in the server's own process: `serve` and `check-config`.
#pragma once

#include <string>
#include <vector>

namespace pilothouse {

// Runs the server until SIGTERM or SIGINT; SIGHUP reloads certificates and log level. Returns the
// exit status: 0 after a clean stop, 1 when it could not start, 2 for wrong arguments. Says why on
// standard error.
[[nodiscard]] int serve(std::vector<std::string> arguments);

// Reads the settings as serve() would, and looks at what they name, changing nothing. 0: all is
// well; 1: faults, all of them on standard error.
// With --show it prints each value and where it came from; with --json as an object.
[[nodiscard]] int check_config(std::vector<std::string> arguments);

}  // namespace pilothouse
