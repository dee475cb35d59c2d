// Children of a server that is gone: found again by number and start time, and ended.
#pragma once

#include "storage/operation_log.hpp"

namespace pilothouse::release {

// Whether this very process runs. One that has ended, and that nobody has asked about, does not.
[[nodiscard]] bool is_alive(storage::operation_process const& process);

// To the process and all of its group, if it is alive.
void ask_to_end(storage::operation_process const& process) noexcept;  // SIGTERM
void make_end(storage::operation_process const& process) noexcept;    // SIGKILL

}  // namespace pilothouse::release
