// Commands that a command has the house run, one after the other, wherever the house is.
#pragma once

#include "base/result.hpp"
#include "server/cli/attachment.hpp"
#include "server/cli/command_line.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace pilothouse::cli {

// How long somebody else may hold the data folder, and how often it is tried meanwhile. Another
// command holds it for an instant; a server that starts or stops, for longer.
inline constexpr std::chrono::seconds folder_patience{15};
inline constexpr std::chrono::milliseconds between_attempts{20};

// Used on one thread. Everything blocks.
class command_link {
public:
    virtual ~command_link() = default;
    // What the command said, refusals included. errc::unavailable: nobody is there any more, and
    // the command may have been done. `attached` and `sink` as ask_server has them.
    [[nodiscard]] virtual result<cli_result> ask(std::vector<std::string> const& arguments,
                                                 std::vector<attachment> const& attached = {},
                                                 byte_sink const& sink = {}) = 0;
    // Whether a server answers, which works off what is queued.
    [[nodiscard]] virtual bool is_served() const noexcept { return true; }
};

// To the server that runs on the data folder; where there is none, to a core in this process, which
// then holds the folder as long as the link lives. Waits some seconds for another holder of the
// folder. Failures as ask_server and core::open have them.
[[nodiscard]] result<std::unique_ptr<command_link>> open_command_link(std::string const& data);

}  // namespace pilothouse::cli
