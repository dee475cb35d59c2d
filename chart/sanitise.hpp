// The text of metadata without what cannot be seen.
#pragma once

#include <string>
#include <string_view>

namespace pilothouse::chart {

// What Helm's loader makes of a text field: every Unicode white space becomes one SPACE, everything
// that does not print is deleted: controls, format characters, what is unassigned or for private
// use (contracts: helm 51). Bytes that are not UTF-8 become U+FFFD each.
[[nodiscard]] std::string sanitise(std::string_view text);

}  // namespace pilothouse::chart
