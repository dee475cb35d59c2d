// Texts that a command sends to the house within itself, because they are secret: they lie on no
// disk, and in no list of processes.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "server/cli/command_line.hpp"
#include "server/cli/command_link.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::cli {

// The whole of a file, or of standard input where it is called `-`. errc::invalid_argument: there
// is none, it cannot be read, or it has more than 512 KiB.
[[nodiscard]] result<secret> read_sent_text(std::string const& file);
// The other end. errc::invalid_argument.
[[nodiscard]] result<secret> take_sent_text(std::string const& encoded);

// Of a command that cannot be sent.
[[nodiscard]] cli_result unsent(failure const& why);
// What the house says to it.
[[nodiscard]] cli_result ask_house(command_link& house, std::vector<std::string> arguments,
                                   bool json);

}  // namespace pilothouse::cli
