#include "server/grpc/page_token.hpp"

#include "base/base64.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>

namespace pilothouse::tests::page_token_test {

using rpc::read_page_token;
using rpc::write_page_token;

namespace {

storage::release_place place_at(std::int64_t nanoseconds) {
    return {from_nanoseconds(nanoseconds), "r123456789012345678z"};
}

}  // namespace

TEST_CASE("a place comes back from its token") {
    for (auto const time :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{1'767'323'045'678'901'234},
          std::int64_t{-5}, std::numeric_limits<std::int64_t>::max()}) {
        CAPTURE(time);
        auto const token = write_page_token("harbour", place_at(time));
        CHECK(token.size() <= 100);
        auto const read = read_page_token("harbour", token);
        REQUIRE(read.has_value());
        CHECK(read->created == place_at(time).created);
        CHECK(read->id == place_at(time).id);
    }
}

TEST_CASE("a token that was changed, cut, or made for another list is none") {
    auto const good = write_page_token("harbour", place_at(1'767'323'045'678'901'234));
    CHECK(!read_page_token("quay", good));
    CHECK(!read_page_token("harbour", good + "A"));
    CHECK(!read_page_token("harbour", good + "AAAA"));
    for (std::size_t at = 0; at < good.size(); ++at) {
        CAPTURE(at);
        auto changed = good;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        CHECK(!read_page_token("harbour", changed));
        CHECK(!read_page_token("harbour", good.substr(0, at)));
    }
    CHECK(!read_page_token("harbour", ""));
    CHECK(!read_page_token("harbour", "2"));
    CHECK(!read_page_token("harbour", "not base64!"));
    CHECK(!read_page_token("harbour", std::string(101, 'A')));
    CHECK(!read_page_token("harbour", std::string(1'000'000, 'A')));
}

}  // namespace pilothouse::tests::page_token_test
