#include "server/http/stream_slots.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <vector>

namespace pilothouse::tests::stream_slots_test {

using namespace pilothouse::http;

TEST_CASE("there are so many streams, and so many of one caller") {
    stream_slots slots(3, 2);
    auto first = slots.take("u1");
    auto second = slots.take("u1");
    REQUIRE(first);
    REQUIRE(second);
    auto const refused = slots.take("u1");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::throttled);
    CHECK(refused.error().retry_after > 0);

    auto third = slots.take("u2");
    REQUIRE(third);
    CHECK(slots.taken() == 3);
    auto const full = slots.take("u3");
    REQUIRE_FALSE(full);
    CHECK(full.error().code == errc::unavailable);

    first->reset();
    CHECK(slots.taken() == 2);
    CHECK(slots.take("u1"));  // and given back at once
    CHECK(slots.taken() == 2);
}

TEST_CASE("who was refused has taken nothing") {
    stream_slots slots(10, 1);
    {
        auto const held = slots.take("u1");
        for (int i = 0; i < 5; ++i) CHECK_FALSE(slots.take("u1"));
    }
    CHECK(slots.taken() == 0);
    CHECK(slots.take("u1"));
}

TEST_CASE("a slot may be given back when nobody counts any more") {
    std::optional<stream_slots> slots(std::in_place, 1, 1);
    auto held = slots->take("u1");
    slots.reset();
    held->reset();
    CHECK(*held == nullptr);
}

}  // namespace pilothouse::tests::stream_slots_test
