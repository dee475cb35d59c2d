// Arguments, understood: which command, with what; or what to say instead.
#pragma once

#include "server/cli/command.hpp"
#include "server/cli/command_line.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::cli {

class parsed_line {
public:
    explicit parsed_line(std::vector<std::string> const& arguments);
    ~parsed_line();
    parsed_line(parsed_line const&) = delete;
    parsed_line& operator=(parsed_line const&) = delete;

    // Set when there is nothing to run: help, the version, or what is wrong with the arguments.
    [[nodiscard]] std::optional<cli_result> const& answer() const noexcept { return answer_; }

    // The rest only where answer() is empty.
    [[nodiscard]] cli::command& command() const noexcept { return *chosen_; }
    [[nodiscard]] bool json() const noexcept { return json_; }
    // --data, else the environment's PILOTHOUSE_DATA unless that is empty, else "data".
    [[nodiscard]] std::string data_folder() const;

private:
    void declare(CLI::App& root, bool& version);
    void parse(CLI::App& root, std::vector<std::string> arguments);

    std::vector<command_family> families_;
    cli::command* chosen_ = nullptr;
    std::string data_;
    bool json_ = false;
    std::optional<cli_result> answer_;
};

}  // namespace pilothouse::cli
