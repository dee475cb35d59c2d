#include "base/uuid.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <set>
#include <string>

namespace pilothouse::tests::uuid_test {

TEST_CASE("a random UUID is of version 4, in lower case, and never the same") {
    std::set<std::string> seen;
    std::set<char> variants;
    for (int i = 0; i < 200; ++i) {
        auto const uuid = random_uuid();
        CAPTURE(uuid);
        CHECK(parse_uuid(uuid) == uuid);
        CHECK(uuid[14] == '4');
        variants.insert(uuid[19]);
        CHECK(seen.insert(uuid).second);
    }
    CHECK(variants == std::set<char>{'8', '9', 'a', 'b'});
}

TEST_CASE("a UUID is read in either case, of any version") {
    CHECK(parse_uuid("3FA85F64-5717-4562-b3fc-2c963f66AFA6") ==
          "3fa85f64-5717-4562-b3fc-2c963f66afa6");
    CHECK(parse_uuid("00000000-0000-0000-0000-000000000000"));
    CHECK(parse_uuid("ffffffff-ffff-ffff-ffff-ffffffffffff"));
}

TEST_CASE("what is nearly a UUID is none") {
    for (char const* const text : {
             "",
             "3fa85f64",
             "3fa85f6457174562b3fc2c963f66afa6",
             "3fa85f64-5717-4562-b3fc-2c963f66afa",
             "3fa85f64-5717-4562-b3fc-2c963f66afa66",
             "3fa85f64-5717-4562-b3fc-2c963f66afag",
             "3fa85f645-717-4562-b3fc-2c963f66afa6",
             "3fa85f64-5717-4562-b3fc+2c963f66afa6",
             "{3fa85f64-5717-4562-b3fc-2c963f66afa}",
             " 3fa85f64-5717-4562-b3fc-2c963f66afa",
             "------------------------------------",
             "\xc3\xa4"
             "a85f64-5717-4562-b3fc-2c963f66afa6",
         }) {
        CAPTURE(text);
        CHECK_FALSE(parse_uuid(text));
        CHECK_FALSE(number_in_uuid('c', text));
    }
    std::string with_nul = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
    with_nul[5] = '\0';
    CHECK_FALSE(parse_uuid(with_nul));
}

TEST_CASE("a number and its kind can be read in a numbered UUID") {
    CHECK(numbered_uuid('c', 42) == "00000063-0000-8000-8000-00000000002a");
    CHECK(numbered_uuid('p', 0x123456789abcdef0) == "00000070-0000-8001-8234-56789abcdef0");
    for (std::int64_t const number :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{1} << 47, std::int64_t{1} << 59,
          std::int64_t{1} << 60, std::numeric_limits<std::int64_t>::max(), std::int64_t{-1},
          std::numeric_limits<std::int64_t>::min()}) {
        CAPTURE(number);
        auto const uuid = numbered_uuid('g', number);
        CHECK(parse_uuid(uuid) == uuid);
        CHECK(uuid[14] == '8');
        CHECK(uuid[19] == '8');
        CHECK(number_in_uuid('g', uuid) == number);
        CHECK_FALSE(number_in_uuid('p', uuid));
    }
    CHECK(number_in_uuid('c', "00000063-0000-8000-8000-00000000002A") == 42);
}

TEST_CASE("other UUIDs have no number in them") {
    for (char const* const uuid : {
             "3fa85f64-5717-4562-b3fc-2c963f66afa6",
             "00000063-0000-4000-8000-00000000002a",
             "00000063-0000-8000-9000-00000000002a",
             "00000063-0000-8100-8000-00000000002a",
             "00000063-0001-8000-8000-00000000002a",
             "01000063-0000-8000-8000-00000000002a",
             "00000000-0000-0000-0000-000000000000",
         }) {
        CAPTURE(uuid);
        CHECK(parse_uuid(uuid));
        CHECK_FALSE(number_in_uuid('c', uuid));
    }
}

}  // namespace pilothouse::tests::uuid_test
