// Coroutines that nobody awaits: they are waited for, whatever becomes of them.
#include "base/task_group.hpp"
#include "base/runtime.hpp"

#include <doctest/doctest.h>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace pilothouse::tests::task_group_test {

namespace {

constexpr asio::use_awaitable_t<executor> use_task{};

task<void> count(std::atomic<int>& done) {
    co_await asio::post(co_await asio::this_coro::executor, use_task);
    ++done;
}

task<void> fail() {
    co_await asio::post(co_await asio::this_coro::executor, use_task);
    throw std::runtime_error("out of coal");
}

task<void> wait_for_ever(std::shared_ptr<int> held) {
    asio::steady_timer timer(co_await asio::this_coro::executor,
                             asio::steady_timer::time_point::max());
    co_await timer.async_wait(use_task);
    ++*held;
}

std::string text_of(std::exception_ptr thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (std::exception const& e) {
        return e.what();
    }
}

}  // namespace

TEST_CASE("a group may go as soon as nothing of it runs") {
    runtime cores(2);
    std::atomic<int> done{0};
    for (int round = 0; round < 2000; ++round) {
        auto group = std::make_unique<task_group>([](std::exception_ptr) {});
        group->spawn(cores.core(0).get_executor(), count(done));
        group->spawn(cores.core(1).get_executor(), count(done));
        group.reset();  // waits
        REQUIRE(done == 2 * (round + 1));
    }
}

TEST_CASE("the group's owner is told of what a coroutine throws") {
    runtime cores(1);
    std::atomic<int> told{0};
    std::string text;
    task_group group([&](std::exception_ptr thrown) {
        text = text_of(std::move(thrown));
        ++told;
    });
    group.spawn(cores.core(0).get_executor(), fail());
    group.wait();
    CHECK(told == 1);
    CHECK(text == "out of coal");
    CHECK(group.running() == 0);
}

TEST_CASE("a coroutine that goes with its loop is not waited for") {
    int told = 0;
    task_group group([&](std::exception_ptr) { ++told; });
    auto const held = std::make_shared<int>(0);
    {
        asio::io_context loop(1);
        group.spawn(loop.get_executor(), wait_for_ever(held));
        group.spawn(loop.get_executor(), wait_for_ever(held));
        CHECK(group.running() == 2);
        loop.poll();
        CHECK(group.running() == 2);
        group.spawn(loop.get_executor(), wait_for_ever(held));  // this one never begins
    }
    CHECK(held.use_count() == 1);
    group.wait();
    CHECK(group.running() == 0);
    CHECK(told == 0);
}

}  // namespace pilothouse::tests::task_group_test
