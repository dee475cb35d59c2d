// Coroutines that run on their own, owned by somebody who waits for them.
#pragma once

#include "base/task.hpp"

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>

namespace pilothouse {

// spawn() may be called from any thread. What is spawned may use what outlives the group: its
// destructor waits.
class task_group {
public:
    // `on_error` is told of an exception that left a coroutine; it must not throw.
    explicit task_group(std::function<void(std::exception_ptr)> on_error);
    ~task_group();  // wait()
    task_group(task_group const&) = delete;
    task_group& operator=(task_group const&) = delete;

    // The coroutine must own its parameters. One that never comes to its end because its loop goes
    // first does not run any more either.
    void spawn(executor where, task<void> t);

    [[nodiscard]] std::size_t running() const noexcept;
    // Blocks the calling thread (never a core's) until nothing runs.
    void wait() const noexcept;

private:
    struct state;
    class ticket;
    std::shared_ptr<state> state_;
};

}  // namespace pilothouse
