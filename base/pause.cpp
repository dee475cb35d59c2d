#include "base/pause.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/wait_traits.hpp>

namespace pilothouse {

task<void> pause_for(std::chrono::milliseconds time) {
    using steady = std::chrono::steady_clock;
    asio::basic_waitable_timer<steady, asio::wait_traits<steady>, executor> timer(
        co_await asio::this_coro::executor, time);
    constexpr asio::use_awaitable_t<executor> token{};
    co_await timer.async_wait(token);
}

}  // namespace pilothouse
