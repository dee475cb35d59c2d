// A secret says nothing by itself, and leaves nothing behind.
#include "base/secret.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <new>
#include <string>
#include <type_traits>

namespace pilothouse::tests::secret_test {

namespace {

constexpr std::string_view hidden = "plhp_opensesame";  // fits a string's own place
static_assert(hidden.size() == 15);

template <class T>
concept printable = requires(std::ostream& out, T const& value) { out << value; };
static_assert(!printable<secret>);
static_assert(!std::is_convertible_v<secret, std::string>);
static_assert(!std::is_convertible_v<secret, std::string_view>);

// The bytes of an object, as they lie in memory.
std::string_view memory_of(std::byte const* place) {
    return {reinterpret_cast<char const*>(place), sizeof(secret)};
}
bool shows(std::byte const* place) {
    return memory_of(place).find(hidden.substr(1)) != std::string_view::npos;
}

}  // namespace

TEST_CASE("a secret reveals its text to who asks, and copies are secrets of their own") {
    secret const one{std::string(hidden)};
    CHECK(one.reveal() == hidden);
    CHECK_FALSE(one.empty());
    secret two = one;
    CHECK(two.reveal() == hidden);
    two = secret(std::string(100, 'x'));
    CHECK(two.reveal() == std::string(100, 'x'));
    CHECK(one.reveal() == hidden);
    auto& same = two;
    two = same;
    CHECK(two.reveal() == std::string(100, 'x'));
    two = one;
    CHECK(two.reveal() == hidden);
    CHECK(secret().empty());
}

TEST_CASE("no byte of a secret stays where it was moved from, assigned over, or ended") {
    alignas(secret) std::byte place[sizeof(secret)]{};
    auto* const s = new (place) secret(std::string(hidden));
    REQUIRE(shows(place));

    SUBCASE("moved from by a new one") {
        secret const other(std::move(*s));
        CHECK(other.reveal() == hidden);
        CHECK_FALSE(shows(place));
        s->~secret();
    }
    SUBCASE("moved from by an old one") {
        secret other(std::string(100, 'x'));
        other = std::move(*s);
        CHECK(other.reveal() == hidden);
        CHECK_FALSE(shows(place));
        s->~secret();
    }
    SUBCASE("assigned over") {
        *s = secret(std::string("short"));
        CHECK(s->reveal() == "short");
        CHECK_FALSE(shows(place));
        s->~secret();
    }
    SUBCASE("ended") {
        s->~secret();
        CHECK_FALSE(shows(place));
    }
}

}  // namespace pilothouse::tests::secret_test
