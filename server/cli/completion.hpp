// Scripts by which shells complete command lines, made from the tree of commands itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace pilothouse::cli {

// Those that there is a script for.
[[nodiscard]] std::vector<std::string> completed_shells();

// `shell` is one of these.
[[nodiscard]] std::string completion_script(CLI::App const& root, std::string_view shell);

}  // namespace pilothouse::cli
