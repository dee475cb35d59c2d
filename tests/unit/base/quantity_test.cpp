#include "base/quantity.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::quantity_test {

using namespace std::chrono_literals;

TEST_CASE("bytes are read plain and in their units, with and without a blank") {
    CHECK(parse_bytes("0") == 0);
    CHECK(parse_bytes("5242880") == 5242880);
    CHECK(parse_bytes("10MiB") == 10 * 1024 * 1024);
    CHECK(parse_bytes("10 MiB") == 10 * 1024 * 1024);
    CHECK(parse_bytes("3KiB") == 3072);
    CHECK(parse_bytes("2GiB") == 2147483648);
    CHECK(parse_bytes("9007199254740992") == 1ull << 53);
    for (char const* const text :
         {"", " ", "MiB", "-1", "+1", "1.5MiB", "10MB", "10mib", "10 ", "10MiB ", " 10", "1e3",
          "9007199254740993", "8388609GiB", "99999999999999999999", "0x10", "10M iB"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_bytes(text));
    }
}

TEST_CASE("times are read in seconds, or in the unit that stands behind") {
    CHECK(parse_duration("3600") == 3600s);
    CHECK(parse_duration("90s") == 90s);
    CHECK(parse_duration("15m") == 15min);
    CHECK(parse_duration("12h") == 12h);
    CHECK(parse_duration("30d") == 720h);
    CHECK(parse_duration("30 d") == 720h);
    CHECK(parse_duration("0") == 0s);
    for (char const* const text : {"", "d", "-1s", "1.5h", "1h30m", "1w", "1ms", "1D", "1 d "}) {
        CAPTURE(text);
        CHECK_FALSE(parse_duration(text));
    }
}

TEST_CASE("a quantity is printed in the largest unit that leaves no rest") {
    CHECK(print_quantity(0, byte_units) == "0");
    CHECK(print_quantity(1023, byte_units) == "1023");
    CHECK(print_quantity(1024, byte_units) == "1 KiB");
    CHECK(print_quantity(1536 * 1024, byte_units) == "1536 KiB");
    CHECK(print_quantity(2 * 86'400, duration_units) == "2 d");
    CHECK(print_quantity(90, duration_units) == "90 s");
}

}  // namespace pilothouse::tests::quantity_test
