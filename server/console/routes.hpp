// The door for the command line on other machines: the very commands of the control socket, by
// whoever the token says (docs/decisions/0014).
#pragma once

#include "server/core.hpp"
#include "server/http/route.hpp"

#include <string>

namespace pilothouse::console {

struct console_parts {
    pilothouse::core& core;
    std::string version;  // of the command line that it takes
};

// The core outlives the door.
[[nodiscard]] http::door console_door(console_parts parts);

}  // namespace pilothouse::console
