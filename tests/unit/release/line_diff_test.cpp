// Two texts, line by line.
#include "release/line_diff.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace pilothouse::tests::line_diff_test {

namespace {

std::string diff_lines(std::string_view before, std::string_view after) {
    std::size_t cells = 1'000'000;
    return pilothouse::release::diff_lines(before, after, cells);
}

}  // namespace

TEST_CASE("differences of texts show what changed and three lines around it") {
    struct row {
        char const* before;
        char const* after;
        char const* shown;
    };
    row const rows[] = {
        {"", "", ""},
        {"a\nb\n", "a\nb\n", ""},
        {"", "a\nb\n", "+a\n+b\n"},
        {"a\nb\n", "", "-a\n-b\n"},
        {"a\nb\nc\n", "a\nx\nc\n", " a\n-b\n+x\n c\n"},
        {"a\nb\nc\n", "a\nc\n", " a\n-b\n c\n"},
        {"a\nc\n", "a\nb\nc\n", " a\n+b\n c\n"},
        {"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
         " ...\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n ...\n"},
        {"a\n1\n2\n3\n4\n5\n6\n7\nb\n", "x\n1\n2\n3\n4\n5\n6\n7\ny\n",
         "-a\n+x\n 1\n 2\n 3\n ...\n 5\n 6\n 7\n-b\n+y\n"},
        {"a\nb\n\n\n", "a\nb", ""},
        {"a\nb\n\n", "a\nc\n", " a\n-b\n+c\n"},
        {"a\nb\na\nb\n", "b\na\nb\na\n", "-a\n b\n a\n b\n+a\n"},
    };
    for (auto const& r : rows) {
        CAPTURE(r.before);
        CHECK(diff_lines(r.before, r.after) == r.shown);
    }
}

TEST_CASE("very long texts without much in common are one change") {
    std::string before, after;
    for (int i = 0; i < 5000; ++i) {
        before += "a" + std::to_string(i) + "\n";
        after += "b" + std::to_string(i) + "\n";
    }
    auto const shown = diff_lines("same\n" + before, "same\n" + after);
    CHECK(shown.starts_with(" same\n-a0\n"));
    CHECK(shown.ends_with("+b4999\n"));
}

TEST_CASE("what is left of the cells bounds the next comparison") {
    using pilothouse::release::diff_lines;
    std::size_t cells = 20;
    CHECK(diff_lines("a\nb\nc\n", "x\nb\ny\n", cells) == "-a\n+x\n b\n-c\n+y\n");
    CHECK(cells == 4);
    CHECK(diff_lines("a\nb\nc\n", "x\nb\ny\n", cells) == "-a\n-b\n-c\n+x\n+b\n+y\n");
    CHECK(cells == 4);
}

}  // namespace pilothouse::tests::line_diff_test
