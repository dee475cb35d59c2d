// Starts a program as a child that has nothing of ours but what it is given.
#pragma once

#include "base/descriptor.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pilothouse::release::helm {

// What the kernel holds it to.
struct child_limits {
    std::uint64_t data_bytes_max = 512ull * 1024 * 1024;  // RLIMIT_DATA (contracts: helm-engine 5)
    std::uint64_t file_bytes_max = 64ull * 1024 * 1024;
    std::uint64_t descriptors_max =
        16'384;  // Helm takes one for each object; no more than we may have
};

struct program {
    std::vector<std::string> arguments;    // the first is the program's own path, absolute
    std::vector<std::string> environment;  // `NAME=value`, all of it
    std::filesystem::path folder;          // to work in
    std::vector<int> descriptors;          // ours, that become its 0, 1, 2, 3 …; no others do
    child_limits limits;
};

struct spawned {
    int number = 0;
    descriptor handle;  // a pidfd: readable when the child has ended
};

// Returns when the program runs. It leads a process group of its own, is sent SIGTERM when the
// calling *thread* ends (so call it from one that lives as long as the server), has no signal
// ignored or blocked, writes no core, and cannot gain rights. Whoever calls it reaps the child.
// errc::unavailable: it could not be started.
[[nodiscard]] result<spawned> spawn(program const& what);

}  // namespace pilothouse::release::helm
