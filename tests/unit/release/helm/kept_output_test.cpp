#include "release/helm/kept_output.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pilothouse::tests::kept_output_test {

using namespace pilothouse::release::helm;

namespace {

std::string filled(output_bounds bounds, std::string const& text, std::size_t piece) {
    kept_output kept(bounds);
    for (std::size_t at = 0; at < text.size(); at += piece) kept.add(text.substr(at, piece));
    return kept.text();
}

}  // namespace

TEST_CASE("what fits is kept as it came, in pieces of any size") {
    std::string const text = "one\ntwo\nthree\n";
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
        CHECK(filled({8, 8}, text, piece) == text);
        CHECK(filled({100, 0}, text, piece) == text);
        CHECK(filled({0, 100}, text, piece) == text);
    }
}

TEST_CASE("of more, the beginning and the end are kept, cut between lines") {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "line " + std::to_string(i) + "\n";
    for (std::size_t const piece : {1u, 7u, 64u, 5000u, 100'000u}) {
        auto const kept = filled({20, 20}, text, piece);
        CHECK(kept == "line 0\nline 1\n[" + std::to_string(text.size() - 14 - 18) +
                          " bytes are left out]\nline 998\nline 999\n");
    }
}

TEST_CASE("without lines it is cut between words, and without words not kept at all") {
    CHECK(filled({10, 10}, "alpha beta gamma delta omega", 3) ==
          "alpha [17 bytes are left out]\nomega");
    CHECK(filled({10, 10}, std::string(100, 'x'), 3) == "[100 bytes are left out]\n");
    CHECK(filled({0, 0}, "something", 3) == "[9 bytes are left out]\n");
}

TEST_CASE("a stream is cut into lines, in pieces of any size") {
    std::string const text = "one\n\ntwo\nthe rest";
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
        std::vector<std::string> lines;
        auto const take = [&](std::string_view line) { lines.emplace_back(line); };
        line_cutter cutter;
        for (std::size_t at = 0; at < text.size(); at += piece)
            cutter.add(std::string_view(text).substr(at, piece), take);
        cutter.finish(take);
        CHECK(lines == std::vector<std::string>{"one", "two", "the rest"});
    }
}

TEST_CASE("a line without an end takes bounded memory") {
    line_cutter cutter;
    std::size_t longest = 0;
    auto const take = [&](std::string_view line) { longest = line.size(); };
    for (int i = 0; i < 100; ++i) cutter.add(std::string(10'000, 'x'), take);
    cutter.add("\n", take);
    CHECK(longest == 64 * 1024);
}

}  // namespace pilothouse::tests::kept_output_test
