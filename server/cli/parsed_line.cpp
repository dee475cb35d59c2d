#include "server/cli/parsed_line.hpp"

#include "server/cli/completion.hpp"
#include "server/cli/setting_flags.hpp"
#include "server/cli/usage.hpp"
#include "server/version.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <sstream>
#include <utility>

namespace pilothouse::cli {

namespace {

constexpr char const* about =
    "Pilothouse, a Helm chart registry.\n"
    "Commands work on the data folder, whether a server runs on it or not; or with --server on a\n"
    "server elsewhere, as far as the token's owner may.";

constexpr char const* elsewhere = "On a server elsewhere";

constexpr char const* first_things =
    "The server itself:\n"
    "  pilothouse serve --data DIR --listen ADDR:PORT\n"
    "  pilothouse check-config --config FILE\n"
    "Help for each: pilothouse COMMAND --help, or pilothouse help COMMAND";

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
    families.push_back(package_commands());
    families.push_back(protection_commands());
    families.push_back(webhook_commands());
    families.push_back(cluster_commands());
    families.push_back(release_commands());
    families.push_back(operation_commands());
    families.push_back(environment_commands());
    families.push_back(service_commands());
    families.push_back(audit_commands());
    families.push_back(setting_commands());
    families.push_back(caller_commands());
    families.push_back(server_commands());
    families.push_back(transfer_commands());
    families.push_back(sent_commands());
    return families;
}

// `help user create` is `user create --help`.
std::vector<std::string> with_help_behind(std::vector<std::string> arguments) {
    if (arguments.empty() || arguments.front() != "help") return arguments;
    std::rotate(arguments.begin(), arguments.begin() + 1, arguments.end());
    arguments.back() = "--help";
    return arguments;
}

std::string version_text(bool json) {
    return json ? "{\"version\":\"" PILOTHOUSE_VERSION "\"}\n"
                : "pilothouse " PILOTHOUSE_VERSION "\n";
}

// `serve` and `check-config` run in the process that was called: main looks for them in the first
// word. They are in the tree for their help, for completion, and for whoever mistypes them.
struct server_flags {
    setting_flags of_serve, of_check;
    check_config_flags besides;
};

void declare_server(CLI::App& root, server_flags& flags, std::string& chosen) {
    auto* const serve = root.add_subcommand("serve", serve_help);
    flags.of_serve.declare(*serve);
    serve->callback([&chosen] { chosen = "serve"; });
    auto* const check = root.add_subcommand("check-config", check_config_help);
    flags.of_check.declare(*check);
    flags.besides.declare(*check);
    check->callback([&chosen] { chosen = "check-config"; });
}

std::string not_first(std::string const& command) {
    return "pilothouse: `" + command + "` must be the first word, with its options behind it\n" +
           "`pilothouse " + command + " --help` says what there is.\n";
}

void declare_completion(CLI::App& root, std::string& shell) {
    auto* const app =
        root.add_subcommand("completion", "Prints a script by which a shell completes commands.");
    app->add_option("SHELL", shell, "whose")->required()->check(CLI::IsMember(completed_shells()));
    app->footer("Example:\n  pilothouse completion bash");
}

}  // namespace

parsed_line::parsed_line(std::vector<std::string> const& arguments)
    : families_(all_families()), for_the_server_(arguments) {
    CLI::App root(about, "pilothouse");
    bool version = false;
    std::string shell, of_server;
    declare(root, version);
    declare_completion(root, shell);
    server_flags flags;
    declare_server(root, flags, of_server);
    parse(root, with_help_behind(arguments));
    for (auto const& [option, value] : of_server_) leave_out(option, value);
    if (answer_) return;
    if (version)
        answer_ = cli_result{0, version_text(json_), ""};
    else if (!shell.empty())
        answer_ = cli_result{0, completion_script(root, shell), ""};
    else if (!of_server.empty())
        answer_ = cli_result{2, "", not_first(of_server)};
    else if (chosen_ == nullptr)
        answer_ = cli_result{2, "", usage_fault(root, "a command is missing")};
}

parsed_line::~parsed_line() = default;

void parsed_line::add_common(CLI::App& app) {
    app.add_option("--data", data_,
                   "the server's data folder; else from PILOTHOUSE_DATA, else ./data")
        ->type_name(folder_type)
        ->check(not_empty);
    app.add_flag("--json", json_, "print one JSON value, for programs");
    auto const add = [this, &app](char const* name, std::string& text, char const* help) {
        return app.add_option(name, text, help)
            ->check(not_empty)
            ->each([this, name](std::string const& v) { of_server_.emplace_back(name, v); })
            ->group(elsewhere);
    };
    add("--server", server_.server, "its URL; else from PILOTHOUSE_SERVER");
    add("--token-file", server_.token_file, "holds a token with the scope api")
        ->type_name(file_type);
    add("--token", server_.token,
        "the token itself, which the list of processes shows to all; better from PILOTHOUSE_TOKEN");
    add("--ca-file", server_.ca_file,
        "certificates to trust besides the system's; else from PILOTHOUSE_CA_FILE")
        ->type_name(file_type);
    app.add_flag("--allow-plaintext", server_.allow_plaintext,
                 "send the token over http:// too, for everybody on the way to read")
        ->group(elsewhere);
}

// Where the name stands before that very value, or with it.
void parsed_line::leave_out(std::string const& option, std::string const& value) {
    auto& all = for_the_server_;
    std::erase(all, option + "=" + value);
    for (auto at = std::ranges::find(all, option); at != all.end();
         at = std::find(at, all.end(), option)) {
        if (std::next(at) == all.end()) return;
        at = *std::next(at) == value ? all.erase(at, at + 2) : std::next(at);
    }
}

void parsed_line::declare(CLI::App& root, bool& version) {
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
            auto const call = family.name.empty() ? words.name : family.name + " " + words.name;
            app->callback([this, c = what.get(), call] {
                chosen_ = c;
                called_ = call;
            });
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
        if (auto fault = unknown_command(root); !fault.empty()) {
            answer_ = cli_result{2, "", std::move(fault)};
            return;
        }
        std::ostringstream out;
        root.exit(help, out, out);
        answer_ = cli_result{0, out.str(), ""};
    } catch (CLI::ParseError const& wrong) {
        answer_ = cli_result{2, "", usage_fault(root, wrong)};
    }
}

std::string parsed_line::data_folder() const {
    if (!data_.empty()) return data_;
    char const* const from_environment = std::getenv("PILOTHOUSE_DATA");
    return from_environment != nullptr && *from_environment != '\0' ? from_environment : "data";
}

}  // namespace pilothouse::cli
