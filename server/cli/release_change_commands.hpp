// Commands of `pilothouse release` that are read where they were called: they send values of files,
// and follow what becomes of them.
#pragma once

#include "server/cli/command.hpp"

#include <memory>

namespace pilothouse::cli {

[[nodiscard]] std::unique_ptr<command> install_command();
[[nodiscard]] std::unique_ptr<command> update_command();
[[nodiscard]] std::unique_ptr<command> uninstall_command();
[[nodiscard]] std::unique_ptr<command> rollback_command();
[[nodiscard]] std::unique_ptr<command> stop_command();
[[nodiscard]] std::unique_ptr<command> restart_command();
[[nodiscard]] std::unique_ptr<command> diff_command();  // changes nothing

}  // namespace pilothouse::cli
