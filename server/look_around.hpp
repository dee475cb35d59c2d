// What of the settings only the machine can tell: files, addresses, folders.
#pragma once

#include "server/settings.hpp"

#include <string>
#include <vector>

namespace pilothouse {

// What a start with these settings would trip over, a sentence each. Looks alone: makes, changes
// and keeps nothing, and does not mind a server that runs on them. Blocks.
[[nodiscard]] std::vector<std::string> look_around(settings const& s);

}  // namespace pilothouse
