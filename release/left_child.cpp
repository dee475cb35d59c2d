#include "release/left_child.hpp"

#include "release/left_process.hpp"

#include <chrono>

namespace pilothouse::release {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

task<void> look_until(storage::operation_process child, run_watch& watch,
                      steady::time_point until) {
    constexpr auto look_again = 50ms;
    while (is_alive(child) && steady::now() < until && !watch.stopping())
        co_await watch.sleep(look_again);
}

}  // namespace

task<void> await_left_child(runner_times const& times, operation_in_hand const& at) {
    auto const child = at.operation().process;
    auto& watch = *at.watch();
    if (child.number == 0) {
        // Its parent's death has ended it by then.
        if (at.operation().revision_before) co_await watch.sleep(times.unknown_child);
        co_return;
    }
    constexpr auto killed_within = 5s;
    auto const until = steady::now() + times.cancel_grace;
    ask_to_end(child);
    co_await look_until(child, watch, until);
    if (!is_alive(child) || watch.stopping()) co_return;
    make_end(child);
    co_await look_until(child, watch, until + killed_within);
}

}  // namespace pilothouse::release
