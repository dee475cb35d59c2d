#include "registry/channel_words.hpp"

#include <doctest/doctest.h>

namespace pilothouse::registry::channel_words_test {

TEST_CASE("every word of a channel's settings is read back") {
    for (auto const& name : index_choice_names()) {
        REQUIRE(parse_index_choice(name));
        CHECK(name_of(*parse_index_choice(name)) == name);
    }
    for (auto const& name : channel_duplicates_names()) {
        REQUIRE(parse_channel_duplicates(name));
        CHECK(name_of(*parse_channel_duplicates(name)) == name);
    }
    CHECK(channel_duplicates_names().size() == 4);
    for (auto const* const wrong : {"", "JSON", "none", "inherit "}) {
        CHECK_FALSE(parse_index_choice(wrong));
        CHECK_FALSE(parse_channel_duplicates(wrong));
    }
}

TEST_CASE("ages are a number and a unit") {
    using namespace std::chrono_literals;
    struct row {
        char const* text;
        std::chrono::seconds age;
        char const* back;
    };
    for (auto const& r :
         {row{"90s", 90s, "90s"}, row{"120s", 2min, "2m"}, row{"36h", 36h, "36h"},
          row{"48h", 48h, "2d"}, row{"30d", 720h, "30d"}, row{"30 d", 720h, "30d"}}) {
        CHECK(parse_age(r.text) == r.age);
        CHECK(age_text(r.age) == r.back);
    }
    for (auto const* const wrong : {"", "d", "30", "0", "30 ", "30D", "-1d", "1.5d", "30dd", "1w",
                                    "99999999999999999999d", "9007199254740993s"})
        CHECK_FALSE(parse_age(wrong));
}

}  // namespace pilothouse::registry::channel_words_test
