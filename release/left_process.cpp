#include "release/left_process.hpp"

#include "base/process_stat.hpp"

#include <sys/types.h>

#include <csignal>
#include <exception>
#include <limits>

namespace pilothouse::release {

namespace {

void send(storage::operation_process const& process, int signal) noexcept {
    try {
        if (!is_alive(process)) return;
    } catch (std::exception const&) {
        return;
    }
    // Helm leads a group of its own.
    auto const number = static_cast<pid_t>(process.number);
    if (::kill(-number, signal) != 0) ::kill(number, signal);
}

}  // namespace

bool is_alive(storage::operation_process const& process) {
    if (process.number <= 1 || process.number > std::numeric_limits<pid_t>::max()) return false;
    auto const found = read_process_stat(process.number);
    return found && !found->ended() && found->start_time == process.start_time;
}

void ask_to_end(storage::operation_process const& process) noexcept { send(process, SIGTERM); }
void make_end(storage::operation_process const& process) noexcept { send(process, SIGKILL); }

}  // namespace pilothouse::release
