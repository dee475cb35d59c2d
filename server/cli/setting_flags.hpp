// The flags of `serve` and `check-config`: one for each setting.
#pragma once

#include "server/settings.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
class Option;  // NOLINT(readability-identifier-naming): the library's
}  // namespace CLI

namespace pilothouse::cli {

class setting_flags {
public:
    // It outlives the parsing. Once.
    void declare(CLI::App& app);

    // As the arguments, the environment and the file of --config say.
    [[nodiscard]] setting_sources sources() const;

private:
    std::string file_;
    std::vector<std::string> values_;
    std::vector<CLI::Option*> options_;
};

// What the two commands are for, in a sentence.
inline constexpr char const* serve_help = "Runs the server.";
inline constexpr char const* check_config_help =
    "Reads the settings as `serve` would, looks at the files, addresses and folder that they name, "
    "and says what is wrong with them.";

// What `check-config` takes besides.
struct check_config_flags {
    bool show = false;
    bool json = false;
    void declare(CLI::App& app);
};

}  // namespace pilothouse::cli
