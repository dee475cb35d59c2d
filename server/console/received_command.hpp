// A command as it arrives in a request's body: its line, then the files that go with it.
#pragma once

#include "server/cli/command_line.hpp"
#include "server/cli/services.hpp"
#include "server/http/exchange.hpp"
#include "storage/staging_area.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::console {

struct received_command {
    std::vector<std::string> arguments;
    bool confirmed = false;
    std::vector<storage::staged_file> files = {};
    // What the command says before its files are received: that it takes none, or not from this
    // caller. Then no byte of them was read.
    std::optional<cli::cli_result> answered = {};
};

// At most cli::request_bytes_max, one archive and one provenance. errc::invalid_request: not a
// command's line, or more or fewer bytes than it says; errc::too_large; besides what
// body_source::read() has.
[[nodiscard]] task<result<received_command>> receive(http::exchange& x, cli::services& s);

}  // namespace pilothouse::console
