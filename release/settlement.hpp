// What became of a run: the cluster is asked until it tells, and what is half done there is mended.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "release/operation_in_hand.hpp"
#include "release/release_parts.hpp"
#include "release/runner_times.hpp"
#include "release/settle.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>

namespace pilothouse::release {

class settlement {
public:
    // All outlive it. `stranded` counts the operations that wait for their cluster.
    settlement(release_parts const& parts, runner_times const& times,
               std::atomic<std::size_t>& stranded, operation_in_hand& at)
        : parts_(parts), times_(times), stranded_(stranded), at_(at) {}

    // `end`: how the run ended; empty: nobody saw it. Answers `finish` or `again`; empty: the
    // server stops, and the next start is to settle it. A cluster that cannot be reached is asked
    // until somebody cancels or times.stranded is over; then nobody knows what became of the
    // release.
    [[nodiscard]] task<std::optional<decision>> work(std::optional<run_end> end);

private:
    [[nodiscard]] task<result<settle_facts>> look() const;
    [[nodiscard]] task<result<settle_facts>> ask() const;
    [[nodiscard]] bool gives_up(failure const& why, int refusals,
                                std::chrono::steady_clock::time_point since) const;
    [[nodiscard]] task<void> mend_once(decision how);

    release_parts const& parts_;
    runner_times const& times_;
    std::atomic<std::size_t>& stranded_;
    operation_in_hand& at_;
    std::optional<run_end> end_;
    int mends_ = 0;
};

}  // namespace pilothouse::release
