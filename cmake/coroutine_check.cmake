# Runs the smallest program on which some compilers (g++ 12.2 among them) destroy a temporary twice around co_await.
include(CheckCXXSourceRuns)
set(CMAKE_REQUIRED_FLAGS "-std=c++20 -O1")
check_cxx_source_runs([=[
#include <coroutine>
#include <utility>
static int alive = 0;
struct counted {
    counted() { ++alive; }
    counted(counted&&) noexcept { ++alive; }
    ~counted() { --alive; }
};
struct aggregate { counted c; };
struct task {
    struct promise_type {
        task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() {}
    };
    std::coroutine_handle<promise_type> handle;
};
struct ready {
    bool await_ready() { return true; }
    void await_suspend(std::coroutine_handle<>) {}
    void await_resume() {}
};
static ready take(aggregate) { return {}; }
static task run() { co_await take({counted()}); }
int main() {
    auto t = run();
    t.handle.destroy();
    return alive == 0 ? 0 : 1;
}
]=] PILOTHOUSE_COROUTINES_WORK)
unset(CMAKE_REQUIRED_FLAGS)
if(NOT PILOTHOUSE_COROUTINES_WORK)
    message(FATAL_ERROR
        "This compiler (${CMAKE_CXX_COMPILER}) destroys temporaries twice around co_await. "
        "Use clang 16 or newer: on Debian 12, `tools/install-packages build`, then configure with "
        "-DCMAKE_CXX_COMPILER=clang++-19 (the presets do).")
endif()
