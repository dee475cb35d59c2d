// How much of the server releases may take.
#pragma once

#include <chrono>
#include <cstddef>

namespace pilothouse::release {

struct release_limits {
    std::size_t running = 4;                     // operations at once
    std::size_t running_in_cluster = 2;          // of them
    std::size_t waiting = 1000;                  // operations that are not begun; more are refused
    std::size_t waiting_of_caller = 50;          // of them
    std::chrono::milliseconds timeout{300'000};  // of an operation whose caller names none
    std::chrono::milliseconds timeout_max{3'600'000};  // that a caller may name
    std::chrono::milliseconds refresh{15'000};         // how old what is known of a release may be
    bool deprecated_charts = true;                     // whether they may be installed
};

}  // namespace pilothouse::release
