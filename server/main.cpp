// The program's door: what runs in the server's own process, and the command line for everything
// else.
#include "server/cli/command_line.hpp"
#include "server/serve.hpp"

#include <string>
#include <vector>

int main(int argc, char** argv) {
    std::vector<std::string> arguments(argv + 1, argv + argc);
    auto const first = arguments.empty() ? std::string() : arguments.front();
    if (first == "serve" || first == "check-config") {
        arguments.erase(arguments.begin());
        return first == "serve" ? pilothouse::serve(std::move(arguments))
                                : pilothouse::check_config(std::move(arguments));
    }
    return pilothouse::cli::run_command_line(std::move(arguments));
}
