// What Linux tells of a process: proc(5), /proc/PID/stat.
#pragma once

#include <cstdint>
#include <optional>

namespace pilothouse {

struct process_stat {
    char state = 0;                // field 3: `R`, `S`, `Z` …
    std::uint64_t start_time = 0;  // field 22: in clock ticks since the machine was started

    // It does nothing any more; at most its parent has not asked about it yet.
    [[nodiscard]] bool ended() const noexcept { return state == 'Z' || state == 'X'; }
};

// nullopt: there is no process of this number. Number and start time together name one process,
// also when the number is given out again.
[[nodiscard]] std::optional<process_stat> read_process_stat(std::int64_t number);

}  // namespace pilothouse
