// So many at once for each key; who waits comes in order.
#include "release/helm/lanes.hpp"

#include "base/doorbell.hpp"
#include "base/pause.hpp"
#include "base/runtime.hpp"
#include "base/task_group.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <vector>

namespace pilothouse::tests::lanes_test {

using namespace std::chrono_literals;
using release::helm::lanes;

namespace {

struct walk {
    lanes& of;
    std::vector<int> came;
    int inside = 0, most = 0;
};

task<void> pass(walk& w, int number, std::size_t key, std::chrono::milliseconds time) {
    auto const slot = co_await w.of.enter(key);
    w.came.push_back(number);
    w.most = std::max(w.most, ++w.inside);
    co_await pause_for(time);
    --w.inside;
}

task<void> six(walk& w, task_group& group) {
    auto const core = co_await this_core();
    for (int i = 0; i < 6; ++i) group.spawn(core, pass(w, i, 7, 2ms));
    while (w.came.size() < 6 || w.inside != 0) co_await pause_for(1ms);
}

task<void> look_in(lanes& of, std::size_t key, bool& came) {
    auto const slot = co_await of.enter(key);
    came = true;
}

}  // namespace

TEST_CASE("as many as the lane is wide are inside, the others follow in order") {
    lanes two(2);
    walk w{two, {}};
    task_group group([](std::exception_ptr const& e) { std::rethrow_exception(e); });
    run_to_end(six(w, group));
    CHECK(w.most == 2);
    CHECK(w.came == std::vector<int>{0, 1, 2, 3, 4, 5});
}

TEST_CASE("one more than may wait is refused, and only there") {
    lanes narrow(1, 0);
    auto const full = run_to_end(narrow.enter(1));
    REQUIRE(full.has_value());
    CHECK(run_to_end(narrow.enter(1)).error().code == errc::unavailable);
    CHECK(run_to_end(narrow.enter(2)).has_value());
}

TEST_CASE("a full lane keeps nobody waiting in another") {
    lanes one(1);
    auto const full = run_to_end(one.enter(1));
    bool first = false, second = false;
    run_to_end(look_in(one, 2, first));
    run_to_end(look_in(one, 2, second));  // the first one has left
    CHECK(first);
    CHECK(second);
}

}  // namespace pilothouse::tests::lanes_test
