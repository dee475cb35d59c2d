#include "server/http/query.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::tests::query_test {

using namespace pilothouse::http;

namespace {

std::vector<std::string> pairs_of(std::string_view encoded) {
    std::vector<std::string> all;
    while (!encoded.empty()) {
        auto const [name, value] = take_pair(encoded);
        all.push_back(name + ":" + value);
    }
    return all;
}

}  // namespace

TEST_CASE("pairs are taken one after the other, decoded") {
    using list = std::vector<std::string>;
    CHECK(pairs_of("") == list{});
    CHECK(pairs_of("a=1&b=2") == list{"a:1", "b:2"});
    CHECK(pairs_of("a&b=&=c") == list{"a:", "b:", ":c"});
    CHECK(pairs_of("a=1&&b=2&") == list{"a:1", ":", "b:2"});
    CHECK(pairs_of("a=b=c") == list{"a:b=c"});
    CHECK(pairs_of("two+words=x+y&%6e%61me=%2B%26%3d") == list{"two words:x y", "name:+&="});
    CHECK(pairs_of("a=100%&b=%zz") == list{"a:100%", "b:%zz"});
}

}  // namespace pilothouse::tests::query_test
