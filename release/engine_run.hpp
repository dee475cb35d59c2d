// The run itself: Helm is asked for what was asked for, once.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "release/operation_in_hand.hpp"
#include "release/readiness_watch.hpp"
#include "release/release_parts.hpp"
#include "release/runner_times.hpp"
#include "release/settle.hpp"
#include "release/staged_archive.hpp"

#include <functional>
#include <memory>

namespace pilothouse::release {

// In order: stage(), start(), name_unready().
class engine_run {
public:
    // All outlive it. `beside` has work run whether the run goes on or not.
    engine_run(release_parts const& parts, runner_times const& times,
               std::function<void(task<void>)> const& beside, operation_in_hand& at)
        : parts_(parts), times_(times), beside_(beside), at_(at) {}

    // Brings values and archive to hand, judges what it would make where it is to stay within its
    // namespace (release/boundary.hpp), and writes down what is there before, so that a start
    // behind a crash knows that Helm may have begun. Answers the plan, a `run` or an `install`;
    // else how the operation ends, and Helm is not to begin.
    [[nodiscard]] task<decision> stage(decision plan);

    // Returns when Helm has ended; meanwhile events tell what it waits for.
    [[nodiscard]] task<run_end> start();

    // Where it waited in vain, its error names from now on what for.
    [[nodiscard]] task<void> name_unready(run_end& end);

private:
    [[nodiscard]] bool brings_chart() const;
    [[nodiscard]] task<result<void>> stage_payload();
    [[nodiscard]] task<result<void>> check_objects();
    [[nodiscard]] task<result<secret>> values();
    void watch_readiness();

    release_parts const& parts_;
    runner_times const& times_;
    std::function<void(task<void>)> const& beside_;
    operation_in_hand& at_;
    decision plan_;
    payload payload_;
    staged_archive archive_;                  // of the payload
    std::shared_ptr<readiness_watch> ready_;  // while Helm waits
};

}  // namespace pilothouse::release
