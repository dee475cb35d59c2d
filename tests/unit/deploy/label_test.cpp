// Names for people become labels of DNS.
#include "deploy/label.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::label_test {

using pilothouse::deploy::label_of;

TEST_CASE("a label keeps letters and digits, and joins them by single hyphens") {
    CHECK(label_of("shop", 53) == "shop");
    CHECK(label_of("The Shop (EU)", 53) == "the-shop-eu");
    CHECK(label_of("--a__b--", 53) == "a-b");
    CHECK(label_of("grp/sub/proj-Staging", 53) == "grp-sub-proj-staging");
    CHECK(label_of("Ümläut", 53) == "ml-ut");
    CHECK(label_of("", 53).empty());
    CHECK(label_of("⚓ … !", 53).empty());
}

TEST_CASE("a label that is cut does not end in a hyphen") {
    CHECK(label_of("abc def", 4) == "abc");
    CHECK(label_of("abc def", 5) == "abc-d");
    CHECK(label_of(std::string(100, 'a'), 53) == std::string(53, 'a'));
}

}  // namespace pilothouse::tests::label_test
