// Has the server that runs on a data folder run a command.
#pragma once

#include "base/result.hpp"
#include "server/cli/attachment.hpp"
#include "server/cli/command_line.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::cli {

// Blocks until the command is done. nullopt: no server listens in this folder. errc::unavailable:
// the server went away, or answered nothing that we understand; the command may have been done.
// errc::denied: the folder is another user's. The files `attached` go with the command; the bytes
// of the one that comes with the answer go to `sink`, whose failure is answered.
[[nodiscard]] result<std::optional<cli_result>> ask_server(
    std::filesystem::path const& data, std::vector<std::string> const& arguments, bool confirmed,
    std::vector<attachment> const& attached = {}, byte_sink const& sink = {});

}  // namespace pilothouse::cli
