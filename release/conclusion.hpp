// The end of an operation: it is written down as done, or goes back into the queue.
#pragma once

#include "base/log.hpp"
#include "base/task.hpp"
#include "release/operation_in_hand.hpp"
#include "release/release_parts.hpp"
#include "release/runner_times.hpp"
#include "release/settle.hpp"

#include <optional>
#include <string>

namespace pilothouse::release {

// Whether what comes to its end was a try, of which there are few.
enum class attempt : bool { none, made };

class conclusion {
public:
    // All outlive it.
    conclusion(release_parts const& parts, runner_times const& times, logger& log,
               operation_in_hand& at)
        : parts_(parts), times_(times), log_(log), at_(at) {}

    // `how` is `finish` or `again`. Tried until it stands in the store; answers, for people and
    // metrics, `done`, the error's name, or `queued`; `left` where the server stops before that.
    [[nodiscard]] task<std::string> work(decision how, attempt tried);

private:
    [[nodiscard]] task<bool> queue_again(attempt tried);
    [[nodiscard]] task<void> finish(decision how);
    [[nodiscard]] task<void> note_elsewhere();
    [[nodiscard]] task<std::optional<storage::release_source>> new_source(int revision) const;
    [[nodiscard]] task<std::optional<storage::release_source>> source_of(int revision) const;

    release_parts const& parts_;
    runner_times const& times_;
    logger& log_;
    operation_in_hand& at_;
};

}  // namespace pilothouse::release
