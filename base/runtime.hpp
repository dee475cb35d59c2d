// The cores: one io_context and one thread each.
#pragma once

#include "base/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace pilothouse {

// Started by the constructor; what is posted to a core runs on that core's thread alone.
class runtime {
public:
    explicit runtime(std::size_t cores);
    ~runtime();  // stop()
    runtime(runtime const&) = delete;
    runtime& operator=(runtime const&) = delete;

    [[nodiscard]] std::size_t cores() const noexcept { return contexts_.size(); }
    [[nodiscard]] asio::io_context& core(std::size_t index) noexcept { return *contexts_[index]; }

    // Lets each loop end when it has nothing left to do, and joins. Idempotent.
    void stop();

private:
    using guard = asio::executor_work_guard<executor>;
    std::vector<std::unique_ptr<asio::io_context>> contexts_;
    std::vector<guard> guards_;
    std::vector<std::thread> threads_;
};

// Runs one coroutine to its end on a loop of its own, on the calling thread: for the command line
// and for tests. An exception of the coroutine comes out.
template <class T>
T run_to_end(task<T> t) {
    asio::io_context loop(1);
    std::exception_ptr thrown;
    if constexpr (std::is_void_v<T>) {
        asio::co_spawn(loop, std::move(t), [&](std::exception_ptr e) { thrown = e; });
        loop.run();
        if (thrown) std::rethrow_exception(thrown);
    } else {
        std::optional<T> value;
        auto done = [&](std::exception_ptr e, std::optional<T> v) {
            thrown = e;
            value = std::move(v);
        };
        // The coroutine's T need not be default-constructible: it travels in an optional.
        auto wrap = [](task<T> inner) -> task<std::optional<T>> {
            std::optional<T> v(co_await std::move(inner));
            co_return v;
        };
        asio::co_spawn(loop, wrap(std::move(t)), done);
        loop.run();
        if (thrown) std::rethrow_exception(thrown);
        return std::move(*value);
    }
}

}  // namespace pilothouse
