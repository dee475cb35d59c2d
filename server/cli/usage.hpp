// What is said of arguments that make no sense.
#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;  // NOLINT(readability-identifier-naming): the library's
}  // namespace CLI

namespace pilothouse::cli {

// "pilothouse user create": how one comes to this command.
[[nodiscard]] std::string call_of(CLI::App const& app);

// For standard error: what is wrong, what may have been meant, where help is. `root` has parsed.
[[nodiscard]] std::string usage_fault(CLI::App& root, std::string const& what_is_wrong);
[[nodiscard]] std::string usage_fault(CLI::App& root, CLI::ParseError const& wrong);

// The same where a word stands in a command's place and is none; else empty. For --help, which
// comes before the library looks.
[[nodiscard]] std::string unknown_command(CLI::App& root);

}  // namespace pilothouse::cli
