// Work off the event loop: order, bounds, exceptions, draining.
#include "base/blocking_pool.hpp"
#include "base/runtime.hpp"
#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <array>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

#include <pthread.h>

namespace pilothouse::tests::blocking_pool_test {

namespace {

// Keeps a pool's thread busy until it is let go.
class held_thread {
public:
    explicit held_thread(blocking_pool& pool) {
        std::promise<void> begun;
        REQUIRE(pool.try_post([&begun, go = go_.get_future().share()] {
            begun.set_value();
            go.wait();
        }));
        begun.get_future().wait();
    }
    void let_go() { go_.set_value(); }

private:
    std::promise<void> go_;
};

task<result<int>> ask(blocking_pool& pool, std::function<result<int>()> job) {
    co_return co_await pool.run(std::move(job));
}

}  // namespace

TEST_CASE("jobs of one thread run in the order in which they were accepted") {
    blocking_pool pool("order", {.threads = 1, .waiting_max = 10});
    held_thread first(pool);
    std::vector<int> ran;
    for (int i = 0; i < 5; ++i) REQUIRE(pool.try_post([&ran, i] { ran.push_back(i); }));
    CHECK(pool.waiting() == 5);
    first.let_go();
    pool.drain();
    CHECK(ran == std::vector{0, 1, 2, 3, 4});
    CHECK(pool.waiting() == 0);
}

TEST_CASE("a job beyond the bound is refused and not kept") {
    blocking_pool pool("bound", {.threads = 1, .waiting_max = 2});
    held_thread first(pool);
    int ran = 0;
    CHECK(pool.try_post([&ran] { ++ran; }));
    CHECK(pool.try_post([&ran] { ++ran; }));
    CHECK_FALSE(pool.try_post([&ran] { ran += 100; }));
    auto const refused = run_to_end(ask(pool, [] { return result<int>(1); }));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::unavailable);
    CHECK(refused.error().cause == "bound pool is full");
    first.let_go();
    pool.drain();
    CHECK(ran == 2);
}

TEST_CASE("a drained pool has done what it accepted, and refuses the rest") {
    blocking_pool pool("drain", {.threads = 2, .waiting_max = 100});
    std::atomic<int> ran{0};
    for (int i = 0; i < 50; ++i) REQUIRE(pool.try_post([&ran] { ++ran; }));
    pool.drain();
    CHECK(ran == 50);
    CHECK_FALSE(pool.try_post([&ran] { ++ran; }));
    pool.drain();
    CHECK(ran == 50);
}

TEST_CASE("a caller goes on, on its own thread, with what the job returned or threw") {
    blocking_pool pool("a name longer than the kernel keeps", {.threads = 1});
    auto const here = std::this_thread::get_id();
    std::thread::id there;
    std::array<char, 32> name{};
    auto const answer = run_to_end(ask(pool, [&] {
        there = std::this_thread::get_id();
        ::pthread_getname_np(::pthread_self(), name.data(), name.size());
        return result<int>(42);
    }));
    REQUIRE(answer);
    CHECK(*answer == 42);
    CHECK(there != here);
    CHECK(std::string(name.data()) == "a name longer t");

    auto const refused = run_to_end(
        ask(pool, [] { return result<int>(failure(errc::not_found, "no such number")); }));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::not_found);

    CHECK_THROWS_AS(
        run_to_end(ask(pool, []() -> result<int> { throw std::logic_error("broken"); })),
        std::logic_error);
    CHECK(*run_to_end(ask(pool, [] { return result<int>(7); })) == 7);  // the thread lives on
}

}  // namespace pilothouse::tests::blocking_pool_test
