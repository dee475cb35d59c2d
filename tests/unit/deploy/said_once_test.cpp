// What a round says once and not each time.
#include "deploy/said_once.hpp"

#include <doctest/doctest.h>

#include <set>

namespace pilothouse::tests::said_once_test {

using pilothouse::deploy::said_once;

TEST_CASE("the same is said of a thing once, until there is something else or nothing to say") {
    said_once<int> said;
    CHECK(said.is_news(1, "down"));
    CHECK_FALSE(said.is_news(1, "down"));
    CHECK(said.is_news(2, "down"));
    CHECK(said.is_news(1, "gone"));
    CHECK(said.is_news(1, "down"));
    CHECK_FALSE(said.is_news(1, ""));
    CHECK(said.is_news(1, "down"));
}

TEST_CASE("what is not there any more is forgotten") {
    said_once<int> said;
    CHECK(said.is_news(1, "down"));
    CHECK(said.is_news(2, "down"));
    said.keep(std::set<int>{2});
    CHECK(said.is_news(1, "down"));
    CHECK_FALSE(said.is_news(2, "down"));
}

}  // namespace pilothouse::tests::said_once_test
