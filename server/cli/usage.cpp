#include "server/cli/usage.hpp"

#include "server/nearest_word.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <vector>

namespace pilothouse::cli {

namespace {

CLI::App& deepest(CLI::App& app) {
    auto const chosen = app.get_subcommands();
    return chosen.empty() ? app : deepest(*chosen.back());
}

// Options of a group of options are the command's own.
void add_options(CLI::App const& app, std::vector<std::string>& names) {
    for (auto const* const option : app.get_options())
        for (auto const& name : option->get_lnames()) names.push_back("--" + name);
    for (auto const* const part : app.get_subcommands({}))
        if (part->get_name().empty()) add_options(*part, names);
}

// What is nearest to the first word that was not understood; empty where nothing is near.
std::string meant(CLI::App& where) {
    auto const unknown = where.remaining();
    if (unknown.empty()) return "";
    auto const word = unknown.front().substr(0, unknown.front().find('='));
    std::vector<std::string> known;
    if (word.starts_with("--")) {
        add_options(where, known);
    } else {
        for (auto const* const sub : where.get_subcommands({}))
            if (!sub->get_name().empty() && !sub->get_group().empty())
                known.push_back(sub->get_name());
    }
    return known.empty() ? "" : nearest_word(word, known);
}

// The library names the words in reverse.
std::string not_understood(CLI::App& root) {
    std::string text = "not understood:";
    for (auto const& word : deepest(root).remaining()) text += " " + word;
    return text;
}

}  // namespace

std::string call_of(CLI::App const& app) {
    auto const* const parent = app.get_parent();
    return parent == nullptr ? app.get_name() : call_of(*parent) + " " + app.get_name();
}

std::string usage_fault(CLI::App& root, std::string const& what_is_wrong) {
    auto& where = deepest(root);
    auto const call = call_of(where);
    std::string text = "pilothouse: " + what_is_wrong + "\n";
    auto const near = meant(where);
    if (!near.empty()) text += "Did you mean `" + call + " " + near + "`?\n";
    return text + "`" + call + " --help` says what there is.\n";
}

std::string usage_fault(CLI::App& root, CLI::ParseError const& wrong) {
    bool const extra = wrong.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
    return usage_fault(root, extra ? not_understood(root) : wrong.what());
}

std::string unknown_command(CLI::App& root) {
    auto& where = deepest(root);
    bool const has_commands = std::ranges::any_of(
        where.get_subcommands({}), [](auto const* sub) { return !sub->get_name().empty(); });
    return has_commands && !where.remaining().empty() ? usage_fault(root, not_understood(root))
                                                      : "";
}

}  // namespace pilothouse::cli
