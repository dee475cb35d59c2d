// Arguments, understood: which command, with what; or what to say instead.
#pragma once

#include "server/cli/command.hpp"
#include "server/cli/command_line.hpp"
#include "server/cli/server_choice.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
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
    // "user create"
    [[nodiscard]] std::string const& called() const noexcept { return called_; }
    // --data, else the environment's PILOTHOUSE_DATA unless that is empty, else "data".
    [[nodiscard]] std::string data_folder() const;
    [[nodiscard]] bool names_folder() const noexcept { return !data_.empty(); }
    [[nodiscard]] server_options const& server() const noexcept { return server_; }
    // The arguments without what says which server is meant, and by which right.
    [[nodiscard]] std::vector<std::string> const& for_the_server() const noexcept {
        return for_the_server_;
    }

private:
    void declare(CLI::App& root, bool& version);
    void parse(CLI::App& root, std::vector<std::string> arguments);
    void add_common(CLI::App& app);
    void leave_out(std::string const& option, std::string const& value);

    std::vector<command_family> families_;
    cli::command* chosen_ = nullptr;
    std::string data_;
    std::string called_;
    server_options server_;
    std::vector<std::pair<std::string, std::string>> of_server_;  // option and value, as they came
    std::vector<std::string> for_the_server_;
    bool json_ = false;
    std::optional<cli_result> answer_;
};

}  // namespace pilothouse::cli
