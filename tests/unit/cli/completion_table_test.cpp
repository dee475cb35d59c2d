// What shells are told of the tree of commands. The scripts themselves: e2e.completion.
#include "server/cli/completion_table.hpp"

#include <doctest/doctest.h>
#include <CLI/CLI.hpp>

#include <algorithm>

namespace pilothouse::tests::completion_table_test {

namespace {

// "a b" of the words at a place; "" where it has none.
std::string words_at(CLI::App const& root, std::string const& key) {
    std::string text;
    for (auto const& row : cli::completion_table(root))
        if (row.key == key)
            for (auto const& c : row.candidates) text += (text.empty() ? "" : " ") + c.word;
    return text;
}

}  // namespace

TEST_CASE("commands, options, values and arguments have their places") {
    CLI::App root("", "top");
    std::string text;
    bool flag = false;
    auto* const fruit = root.add_subcommand("fruit", "Sweet.");
    fruit->add_option("WHICH", text)->check(CLI::IsMember(std::vector<std::string>{"fig", "kiwi"}));
    fruit->add_option("PATH", text)->type_name("FILE");
    fruit->add_flag("--ripe", flag, "now");
    auto* const part = fruit->add_option_group("part");
    part->add_option("--to", text)->type_name("DIR");
    part->add_option("--by", text)->check(CLI::IsMember(std::vector<std::string>{"sea"}));
    auto* const hidden = root.add_subcommand("hidden", "");
    hidden->group("");

    CHECK(words_at(root, "c ") == "fruit");
    CHECK(words_at(root, "o fruit") == "--help --ripe --to --by");
    CHECK(words_at(root, "t fruit") == "--to --by");
    CHECK(words_at(root, "v fruit --to") == "@folder");
    CHECK(words_at(root, "v fruit --by") == "sea");
    CHECK(words_at(root, "p fruit 0") == "fig kiwi");
    CHECK(words_at(root, "p fruit 1") == "@file");
    CHECK(words_at(root, "o hidden").empty());
    auto const rows = cli::completion_table(root);
    auto const top = std::ranges::find(rows, "c ", &cli::completion_row::key);
    REQUIRE(top != rows.end());
    CHECK(top->candidates.front().help == "Sweet.");
}

}  // namespace pilothouse::tests::completion_table_test
