// Random text: its length and its alphabet; of its randomness only that it is not the same twice.
#include "base/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

namespace pilothouse::tests::random_test {

TEST_CASE("random bytes come in the number asked for, and differ") {
    CHECK(random_bytes(0).empty());
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        auto const bytes = random_bytes(16);
        CHECK(bytes.size() == 16);
        CHECK(seen.insert(bytes).second);
    }
}

TEST_CASE("random text uses every one of its 62 characters and no other") {
    CHECK(random_base62(0).empty());
    CHECK(random_base62(7).size() == 7);
    auto const text = random_base62(20'000);
    CHECK(text.size() == 20'000);
    CHECK(text.find_first_not_of(base62_digits) == std::string::npos);
    for (char const c : base62_digits) {
        CAPTURE(c);
        auto const count = std::ranges::count(text, c);  // 322 are expected
        CHECK(count > 150);
        CHECK(count < 600);
    }
}

TEST_CASE("random text of small letters and digits uses all 36, and no other") {
    CHECK(random_base36(0).empty());
    auto const text = random_base36(20'000);
    CHECK(text.size() == 20'000);
    std::set<char> const used(text.begin(), text.end());
    CHECK(used.size() == 36);
    for (char const c : used) {
        CAPTURE(c);
        CHECK(((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')));
        auto const count = std::ranges::count(text, c);  // 555 are expected
        CHECK(count > 300);
        CHECK(count < 900);
    }
}

}  // namespace pilothouse::tests::random_test
