// The life of one operation, from its claim to its end.
#pragma once

#include "base/log.hpp"
#include "base/task.hpp"
#include "release/conclusion.hpp"
#include "release/engine_run.hpp"
#include "release/operation_in_hand.hpp"
#include "release/release_parts.hpp"
#include "release/run_watch.hpp"
#include "release/runner_times.hpp"
#include "release/settle.hpp"

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace pilothouse::release {

// preparation, engine_run, settlement, conclusion: each in its turn, whatever the one before it
// came to; or, of a stop or a restart, preparation, workload_run, conclusion. One call of work() or
// take_up().
class operation_run {
public:
    // All outlive it.
    struct surroundings {
        release_parts const& parts;
        runner_times const& times;
        logger& log;
        std::atomic<std::size_t>& stranded;      // those that wait for their cluster
        std::function<void(task<void>)> beside;  // has it run, whether the operation goes on or not
    };

    operation_run(surroundings around, storage::claimed what, std::shared_ptr<run_watch> watch);

    // A claimed one; or one that a former process left running. Answers how it ended, for people
    // and metrics: `done`, the error's name, `queued` for one that is queued anew, `left` for one
    // that the next start is to settle.
    [[nodiscard]] task<std::string> work();
    [[nodiscard]] task<std::string> take_up();

private:
    [[nodiscard]] task<std::variant<decision, run_end>> run_once();
    [[nodiscard]] task<decision> get_ready(engine_run& run, decision plan);
    [[nodiscard]] task<std::optional<decision>> settle_it(std::optional<run_end> end);
    [[nodiscard]] task<std::string> conclude(decision how, attempt tried);
    [[nodiscard]] failure logged(std::exception_ptr thrown);

    surroundings around_;
    operation_in_hand at_;
    bool scaled_back_ = false;
};

}  // namespace pilothouse::release
