// A child from its start to its end: bounded in time, memory and output, ended when asked.
#pragma once

#include "base/result.hpp"
#include "release/helm/kept_output.hpp"
#include "release/helm/spawn.hpp"
#include "storage/operation_log.hpp"

#include <chrono>
#include <functional>
#include <string_view>
#include <vector>

namespace pilothouse::release::helm {

struct child_watch {
    std::chrono::steady_clock::time_point deadline = {};
    std::chrono::milliseconds grace{60'000};  // between SIGTERM and SIGKILL
    int cancel_descriptor = -1;               // readable: end it; -1: there is none
    std::function<void(storage::operation_process)> started = {};
    std::function<void(std::string_view line)> said = {};  // on standard error; not redacted
    output_bounds output = {}, errors = {64 * 1024, 64 * 1024};
};

struct child_end {
    enum class demand { none, cancelled, deadline };
    demand asked = demand::none;  // why it was sent SIGTERM, if it was
    bool killed = false;          // it did not heed that
    int exit_status = -1;         // -1: a signal ended it
    int signal = 0;
    kept_output output, errors;
};

// Blocks until the child and all of its process group have ended; `what` has the descriptors of the
// child but 1 and 2, which are read here (put -1 there). A child whose output is not wanted, or is
// too much, is read on all the same. Signals go to the group. Asked to cancel before it began, it
// does not begin: errc::cancelled. errc::unavailable: it could not be started.
[[nodiscard]] result<child_end> run_child(program what, child_watch const& watch);

}  // namespace pilothouse::release::helm
