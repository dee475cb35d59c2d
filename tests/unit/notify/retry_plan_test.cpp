// When deliveries are tried again, and when no more.
#include "notify/retry_plan.hpp"
#include "notify/deliver.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pilothouse::tests::retry_plan_test {

using namespace pilothouse::notify;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST_CASE("pauses grow, and come to an end within a day") {
    retry_plan const plan;
    std::vector<milliseconds> pauses;
    for (int n = 1; auto const pause = plan.pause_after(n); ++n) pauses.push_back(*pause);
    CHECK(pauses == std::vector<milliseconds>{5s, 30s, 3min, 18min, 108min, 6h, 6h});
    milliseconds all{0};
    for (auto const pause : pauses) all += pause;
    CHECK(all < 24h);
}

TEST_CASE("no pause is longer than the longest") {
    retry_plan plan;
    plan.first = 7h;
    CHECK(plan.pause_after(1) == 6h);
    CHECK(plan.pause_after(7) == 6h);
    CHECK_FALSE(plan.pause_after(8));
    CHECK_FALSE(plan.pause_after(1'000'000));
}

TEST_CASE("a delivery tells what came of its last attempt") {
    instant const now = from_nanoseconds(1'000'000'000'000);
    retry_plan plan;
    plan.attempts_max = 2;
    storage::delivery_record d;
    take_up(d, {503, 20ms, "answered 503"}, plan, now);
    CHECK(d.state == storage::delivery_state::waiting);
    CHECK(d.next == now + 5s);
    CHECK(d.attempts == 1);
    CHECK(d.status == 503);
    CHECK(d.error == "answered 503");
    auto taken = d;
    take_up(taken, {204, 7ms, ""}, plan, now);
    CHECK(taken.state == storage::delivery_state::delivered);
    CHECK(taken.attempts == 2);
    CHECK(taken.status == 204);
    CHECK(taken.duration == 7ms);
    CHECK(taken.error.empty());
    take_up(d, {0, 1ms, std::string(10'000, 'x')}, plan, now);
    CHECK(d.state == storage::delivery_state::failed);
    CHECK(d.status == 0);
    CHECK(d.error.size() == 500);
}

TEST_CASE("a test is tried once") {
    storage::delivery_record d;
    d.test = true;
    take_up(d, {500, 1ms, "answered 500"}, {}, from_nanoseconds(1));
    CHECK(d.state == storage::delivery_state::failed);
}

}  // namespace pilothouse::tests::retry_plan_test
