// One version's line of the JSON index as block YAML.
#pragma once

#include <string>
#include <string_view>

namespace pilothouse::index {

// The fragment (see entry_fragment.hpp) as one element of a chart's list, indented for its place in
// the index, without a line feed at its end. Every string is in double quotes (contracts: helm 23;
// gitlab Y10). Throws std::runtime_error when `fragment` is not a JSON object.
[[nodiscard]] std::string yaml_entry(std::string_view fragment);

}  // namespace pilothouse::index
