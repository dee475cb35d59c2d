// Coroutines that run on their own, owned by somebody who waits for them.
#pragma once

#include "base/task.hpp"

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>

namespace pilothouse {

// spawn() may be called from any thread. The group must outlive what it spawned: before it goes,
// wait() for zero.
class task_group {
public:
    // `on_error` is told of an exception that left a coroutine; it must not throw.
    explicit task_group(std::function<void(std::exception_ptr)> on_error);
    ~task_group();

    // The coroutine must own its parameters.
    void spawn(executor where, task<void> t);

    [[nodiscard]] std::size_t running() const noexcept { return running_.load(); }
    // Blocks the calling thread (never a core's) until nothing runs.
    void wait() const noexcept;

private:
    std::function<void(std::exception_ptr)> on_error_;
    std::atomic<std::size_t> running_{0};
};

}  // namespace pilothouse
