#include "server/cli/parsed_line.hpp"

#include "server/nearest_word.hpp"
#include "server/version.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <utility>

namespace pilothouse::cli {

namespace {

constexpr char const* about =
    "Pilothouse, a Helm chart registry.\n"
    "Commands work on the data folder, whether a server runs on it or not.";

constexpr char const* first_things =
    "The server itself:\n"
    "  pilothouse serve --data DIR --listen ADDR:PORT\n"
    "  pilothouse check-config --config FILE\n"
    "Help for each: pilothouse COMMAND --help";

std::vector<command_family> all_families() {
    std::vector<command_family> families;
    families.push_back(user_commands());
    families.push_back(group_commands());
    families.push_back(project_commands());
    families.push_back(member_commands());
    families.push_back(token_commands());
    families.push_back(access_token_commands());
    families.push_back(deploy_token_commands());
    families.push_back(job_token_commands());
    families.push_back(channel_commands());
    families.push_back(chart_commands());
    families.push_back(protection_commands());
    families.push_back(audit_commands());
    families.push_back(setting_commands());
    families.push_back(caller_commands());
    families.push_back(server_commands());
    families.push_back(transfer_commands());
    return families;
}

// "pilothouse user create"
std::string call_of(CLI::App const& app) {
    auto const* const parent = app.get_parent();
    return parent == nullptr ? app.get_name() : call_of(*parent) + " " + app.get_name();
}

CLI::App& deepest(CLI::App& app) {
    auto const chosen = app.get_subcommands();
    return chosen.empty() ? app : deepest(*chosen.back());
}

// The nearest command to the first word that was not understood; empty where nothing is near.
std::string meant(CLI::App& where) {
    std::vector<std::string> known;
    for (auto const* const sub : where.get_subcommands({})) known.push_back(sub->get_name());
    auto const unknown = where.remaining();
    return known.empty() || unknown.empty() ? "" : nearest_word(unknown.front(), known);
}

std::string version_text(bool json) {
    return json ? "{\"version\":\"" PILOTHOUSE_VERSION "\"}\n"
                : "pilothouse " PILOTHOUSE_VERSION "\n";
}

}  // namespace

parsed_line::parsed_line(std::vector<std::string> const& arguments) : families_(all_families()) {
    CLI::App root(about, "pilothouse");
    bool version = false;
    declare(root, version);
    parse(root, arguments);
    if (!answer_ && version) answer_ = cli_result{0, version_text(json_), ""};
    if (!answer_ && chosen_ == nullptr) refuse(deepest(root), "a command is missing");
}

parsed_line::~parsed_line() = default;

void parsed_line::declare(CLI::App& root, bool& version) {
    auto const add_common = [this](CLI::App& app) {
        app.add_option("--data", data_,
                       "the server's data folder; else from PILOTHOUSE_DATA, else ./data")
            ->check(not_empty);
        app.add_flag("--json", json_, "print one JSON value, for programs");
    };
    root.footer(first_things);
    add_common(root);
    root.add_flag("--version", version, "print the version");
    for (auto& family : families_) {
        auto* const parent =
            family.name.empty() ? &root : root.add_subcommand(family.name, family.help);
        if (parent != &root && family.help.empty()) parent->group("");
        for (auto& [words, what] : family.commands) {
            auto* const app = parent->add_subcommand(words.name, words.help);
            app->footer("Example:\n  " + words.example);
            what->declare(*app);
            add_common(*app);
            app->callback([this, c = what.get()] { chosen_ = c; });
        }
    }
    // It needs no folder, but takes one as all do: scripts add --data to every call.
    auto* const of_version = root.add_subcommand("version", "Prints the version of this program.");
    of_version->callback([&version] { version = true; });
    add_common(*of_version);
}

void parsed_line::parse(CLI::App& root, std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    try {
        root.parse(arguments);
    } catch (CLI::CallForHelp const& help) {
        std::ostringstream out;
        root.exit(help, out, out);
        answer_ = cli_result{0, out.str(), ""};
    } catch (CLI::ParseError const& wrong) {
        refuse(deepest(root), wrong.what());
    }
}

void parsed_line::refuse(CLI::App& where, std::string const& what_is_wrong) {
    auto const call = call_of(where);
    std::string text = "pilothouse: " + what_is_wrong + "\n";
    auto const near = meant(where);
    if (!near.empty()) text += "Did you mean `" + call + " " + near + "`?\n";
    answer_ = cli_result{2, "", text + "`" + call + " --help` says what there is.\n"};
}

std::string parsed_line::data_folder() const {
    if (!data_.empty()) return data_;
    char const* const from_environment = std::getenv("PILOTHOUSE_DATA");
    return from_environment != nullptr && *from_environment != '\0' ? from_environment : "data";
}

}  // namespace pilothouse::cli
