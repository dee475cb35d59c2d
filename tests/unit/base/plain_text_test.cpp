#include "base/plain_text.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::plain_text_test {

using namespace std::string_view_literals;

TEST_CASE("text for people has no characters that do more than stand there") {
    auto const fits = [](std::string_view text, text_shape shape) {
        return check_text("a name", text, 10, shape).has_value();
    };
    for (auto const good : {""sv, "Harbour"sv, "H\u00e4fen \u6e2f"sv, "\U0001f6a2\U0001f6a2"sv}) {
        CHECK(fits(good, text_shape::one_line));
        CHECK(fits(good, text_shape::lines));
    }
    for (auto const lines : {"a\nb"sv, "a\r\nb"sv, "a\tb"sv}) {
        CHECK(fits(lines, text_shape::lines));
        CHECK_FALSE(fits(lines, text_shape::one_line));
    }
    for (auto const bad : {"a\0b"sv, "\x1b[2J"sv, "\x7f"sv, "\u0085"sv, "\u2028"sv, "\u202e"sv,
                           "\u2066"sv, "\xff"sv, "\xc3("sv}) {
        CHECK_FALSE(fits(bad, text_shape::lines));
        CHECK_FALSE(fits(bad, text_shape::one_line));
    }
}

TEST_CASE("its length is counted in characters") {
    std::string ten;
    for (int n = 0; n < 10; ++n) ten += "\u00e4";
    CHECK(check_text("a name", ten, 10, text_shape::one_line));
    auto const refused = check_text("a name", ten + "x", 10, text_shape::one_line);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::invalid_argument);
    CHECK(refused.error().detail == "a name has more than 10 characters");
}

}  // namespace pilothouse::tests::plain_text_test
