// Who waits is woken, from whichever thread, and by a ring that came before.
#include "base/doorbell.hpp"

#include "base/runtime.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

namespace pilothouse::tests::doorbell_test {

using namespace std::chrono_literals;

TEST_CASE("a ring is heard by whoever waits, and rings before are one") {
    doorbell bell;
    bell.ring();
    bell.ring();
    CHECK(run_to_end(bell.wait(1h)));
    CHECK_FALSE(run_to_end(bell.wait(1ms)));
    CHECK_FALSE(run_to_end(bell.wait(0ms)));
}

TEST_CASE("a ring of another thread wakes") {
    for (int i = 0; i < 100; ++i) {
        doorbell bell;
        std::jthread const other([&] { bell.ring(); });
        CHECK(run_to_end(bell.wait(1h)));
    }
}

TEST_CASE("rings after a wait that ran out are heard by the next one") {
    doorbell bell;
    CHECK_FALSE(run_to_end(bell.wait(1ms)));
    bell.ring();
    CHECK(run_to_end(bell.wait(1h)));
}

}  // namespace pilothouse::tests::doorbell_test
