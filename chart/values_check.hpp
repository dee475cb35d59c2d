// values.yaml, looked through but never built.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace pilothouse::chart {

// Refuses what Helm's reader surely refuses: bytes that are no text, a document that is neither a
// map nor empty, too deep nesting, aliases that blow it up or contain themselves (contracts:
// settled 6; archives 20, 21, 66). What is merely not YAML to us is accepted, and named
// in the string that is otherwise empty.
//
// errc::unacceptable_chart.
[[nodiscard]] result<std::string> check_values(std::string_view text);

}  // namespace pilothouse::chart
