// What the server says when it has started.
#pragma once

#include "server/settings.hpp"

#include <string>

namespace pilothouse {

// The address and the data folder; while nobody can log in yet, also the next commands to type,
// which work as printed in any folder. There is no default password: the commands make the first
// administrator and his token.
[[nodiscard]] std::string first_steps(std::string const& address, settings const& s,
                                      bool nobody_yet);

}  // namespace pilothouse
