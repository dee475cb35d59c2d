// How long the runner and what it runs wait, and for what.
#pragma once

#include <chrono>

namespace pilothouse::release {

struct runner_times {
    // Between SIGTERM and SIGKILL, for a child that a former process left.
    std::chrono::milliseconds cancel_grace{60'000};
    // For a child of a former process that was, perhaps, started and not noted.
    std::chrono::milliseconds unknown_child{2'000};
    // Until an operation fails whose cluster cannot be reached before Helm begins.
    std::chrono::milliseconds patience{30'000};
    // Until an operation fails whose cluster cannot be reached after Helm has begun.
    std::chrono::milliseconds stranded{3'600'000};
    // Between two questions to such a cluster: the first time, and at most, for each is doubled.
    std::chrono::milliseconds retry_first{500}, retry_last{15'000};
    // Between two looks at what is not ready, while Helm waits.
    std::chrono::milliseconds between_looks{5'000};
    // For one more look at it, when Helm waited too long.
    std::chrono::milliseconds last_look{10'000};
};

}  // namespace pilothouse::release
