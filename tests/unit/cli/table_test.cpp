#include "server/cli/table.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::table_test {

TEST_CASE("columns are as wide as their widest cell, and lines end without blanks") {
    CHECK(cli::table({"ID", "NAME", "STATE"}, {{"1", "alice", ""}, {"200", "bo", "blocked"}}) ==
          "ID   NAME   STATE\n"
          "1    alice\n"
          "200  bo     blocked\n");
}

TEST_CASE("an empty cell in the middle keeps the others in their columns") {
    CHECK(cli::table({"A", "B", "C"}, {{"aa", "", "c"}, {"a", "bb", "c"}}) ==
          "A   B   C\n"
          "aa      c\n"
          "a   bb  c\n");
}

TEST_CASE("width is counted in characters, not in bytes") {
    CHECK(cli::table({"N", "M"}, {{"\xC3\xA4\xC3\xB6", "1"}, {"ab", "2"}}) ==
          "N   M\n"
          "\xC3\xA4\xC3\xB6  1\n"
          "ab  2\n");
}

TEST_CASE("a table without rows is its heading") { CHECK(cli::table({"A", "B"}, {}) == "A  B\n"); }

TEST_CASE("a time in a table ends with its second") {
    CHECK(cli::when(*pilothouse::from_rfc3339("2026-01-02T03:04:05.678901234Z")) ==
          "2026-01-02T03:04:05Z");
}

}  // namespace pilothouse::tests::table_test
