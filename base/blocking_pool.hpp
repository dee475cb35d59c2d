// The only way off the event loop: a bounded set of threads for work that blocks.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace pilothouse {

// Thread-safe. Jobs run in the order in which they were accepted. A job, once accepted, always
// runs: the coroutine that waits for it cannot be cancelled meanwhile, so what the job refers to in
// that coroutine's frame stays alive.
class blocking_pool {
public:
    struct settings {
        std::size_t threads = 4;
        std::size_t waiting_max = 1024;  // jobs accepted but not begun; one more is refused
    };

    blocking_pool(std::string name, settings s);
    ~blocking_pool();  // drains
    blocking_pool(blocking_pool const&) = delete;
    blocking_pool& operator=(blocking_pool const&) = delete;

    // Runs f() on a thread of this pool and resumes the caller on its own core with what f
    // returned; an exception of f comes out of the co_await. f returns a result<T>; a full or
    // stopped pool is errc::unavailable.
    template <class F>
    [[nodiscard]] task<std::invoke_result_t<F>> run(F f);

    // False when the pool is full or stopped; the job is then not kept.
    [[nodiscard]] bool try_post(std::function<void()> job);

    // Refuses new jobs and returns when the accepted ones are done. Idempotent.
    void drain();

    [[nodiscard]] std::size_t waiting() const;

private:
    void work();

    std::string name_;
    settings settings_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> jobs_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

// Suspends the calling coroutine, hands `start` a resumer, and goes on (on the caller's core) with
// the value that the resumer is called with, from whichever thread, exactly once.
//
//     int n = co_await suspend_for<int>([&](resumer<int> r) { other_thread.later([r] { r(42); });
//     });
template <class T>
class resumer {
public:
    explicit resumer(std::function<void(T)> resume)
        : resume_(std::make_shared<std::function<void(T)>>(std::move(resume))) {}
    void operator()(T value) const { (*resume_)(std::move(value)); }

private:
    std::shared_ptr<std::function<void(T)>> resume_;
};

template <class T, class Start>
[[nodiscard]] task<T> suspend_for(Start start) {
    auto core = co_await asio::this_coro::executor;
    auto initiate = [core, start = std::move(start)](auto handler) mutable {
        using handler_type = decltype(handler);
        auto shared = std::make_shared<handler_type>(std::move(handler));
        auto work = asio::make_work_guard(core);
        start(resumer<T>([core, shared, work](T value) {
            auto boxed = std::make_shared<T>(std::move(value));
            asio::post(core,
                       [shared, boxed, work]() mutable { std::move (*shared)(std::move(*boxed)); });
        }));
    };
    // The token is spelled with the concrete executor; a default one would be any_io_executor's.
    constexpr asio::use_awaitable_t<executor> token{};
    co_return co_await asio::async_initiate<asio::use_awaitable_t<executor> const, void(T)>(
        std::move(initiate), token);
}

template <class F>
task<std::invoke_result_t<F>> blocking_pool::run(F f) {
    using value = std::invoke_result_t<F>;
    struct outcome {
        std::optional<value> returned;
        std::exception_ptr thrown;
    };
    auto start = [this, &f](resumer<outcome> resume) {
        auto job = [&f, resume] {
            outcome o;
            try {
                o.returned.emplace(f());
            } catch (...) {
                o.thrown = std::current_exception();
            }
            resume(std::move(o));
        };
        if (!try_post(job)) {
            outcome o;
            o.returned.emplace(failure(errc::unavailable,
                                       "the server is busy; try again in a moment",
                                       name_ + " pool is full"));
            resume(std::move(o));
        }
    };
    outcome o = co_await suspend_for<outcome>(std::move(start));
    if (o.thrown) std::rethrow_exception(o.thrown);
    co_return std::move(*o.returned);
}

}  // namespace pilothouse
