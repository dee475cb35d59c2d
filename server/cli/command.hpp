// One command: its words, its arguments, what it does.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "server/cli/arguments.hpp"
#include "server/cli/services.hpp"
#include "storage/blob_store.hpp"
#include "storage/staging_area.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace pilothouse::cli {

class command_link;
struct cli_result;

// What a command prints. Standard output is for what a script wants, standard error for what is
// said to people besides.
struct output {
    std::string out;
    std::string err;
    std::shared_ptr<storage::blob const> file = nullptr;  // of a transfer: sent behind the rest
    int exit_status = 0;  // of a question that was answered, with no: not 1, nor 2
};

struct command_words {
    std::string name;     // "create"
    std::string help;     // one sentence
    std::string example;  // a whole command line
};

// Lives as long as the command line it was parsed from; used once, on one thread.
class command {
public:
    virtual ~command() = default;

    // Tells the parser of the arguments; it writes them into this object.
    virtual void declare(CLI::App& app) { static_cast<void>(app); }
    // What is to be asked before it is done, once the arguments are known.
    [[nodiscard]] virtual std::optional<std::string> question() const { return std::nullopt; }
    // A command that only looks, and fails where there is nothing to ask about: run before that
    // question. Empty: none.
    [[nodiscard]] virtual std::vector<std::string> look_first() const { return {}; }
    // True when it asks after the running server, and has no answer where there is none.
    [[nodiscard]] virtual bool needs_server() const { return false; }
    // True when it makes nothing: then it makes no data folder either where there is none.
    [[nodiscard]] virtual bool only_reads() const { return false; }
    // How many files it takes at most.
    [[nodiscard]] virtual std::size_t takes_files() const { return 0; }
    // Whether the caller may send them: asked before they are received.
    [[nodiscard]] virtual task<result<void>> may_send_files(services& s);
    // Files that were sent with the command, before it runs.
    virtual void take(std::vector<storage::staged_file> attached) { static_cast<void>(attached); }
    // With `json`, output::out is one JSON value and a line feed.
    [[nodiscard]] virtual task<result<output>> run(services& s, bool json) = 0;
};

// A command about files of whoever calls: it runs in the caller's own process, with the caller's
// rights and folder, and has the house do its part by commands of its own (docs/decisions/0009).
class caller_command : public command {
public:
    // Blocks; may write to standard error while it is at work.
    [[nodiscard]] virtual cli_result run_at_caller(command_link& house, bool json) = 0;
    // Refuses: nobody else may have it run.
    [[nodiscard]] task<result<output>> run(services& s, bool json) final;
};

struct described_command {
    command_words words;
    std::unique_ptr<command> what;
};

// Commands that share a first word; without one, commands of one word.
struct command_family {
    std::string name;  // "user"
    std::string help;  // empty: not for people, and not shown
    std::vector<described_command> commands;
};

[[nodiscard]] command_family user_commands();
[[nodiscard]] command_family group_commands();
[[nodiscard]] command_family project_commands();
[[nodiscard]] command_family member_commands();
[[nodiscard]] command_family token_commands();
[[nodiscard]] command_family access_token_commands();
[[nodiscard]] command_family deploy_token_commands();
[[nodiscard]] command_family job_token_commands();
[[nodiscard]] command_family channel_commands();
[[nodiscard]] command_family chart_commands();
[[nodiscard]] command_family package_commands();
[[nodiscard]] command_family protection_commands();
[[nodiscard]] command_family webhook_commands();
[[nodiscard]] command_family audit_commands();
[[nodiscard]] command_family setting_commands();
[[nodiscard]] command_family server_commands();    // of one word
[[nodiscard]] command_family caller_commands();    // of one word: import, export
[[nodiscard]] command_family transfer_commands();  // what those two ask of the house
[[nodiscard]] command_family cluster_commands();
[[nodiscard]] command_family release_commands();
[[nodiscard]] command_family operation_commands();
[[nodiscard]] command_family environment_commands();
[[nodiscard]] command_family service_commands();
[[nodiscard]] command_family sent_commands();  // what these five ask of the house

// For the functions above: {words, a new Command made of `arguments`}.
template <class Command, class... Arguments>
described_command describe(command_words words, Arguments&&... arguments) {
    return {std::move(words), std::make_unique<Command>(std::forward<Arguments>(arguments)...)};
}

// A vector of what cannot be copied; an initializer list would have to.
template <class... Described>
std::vector<described_command> commands_of(Described... d) {
    std::vector<described_command> all;
    (all.push_back(std::move(d)), ...);
    return all;
}

}  // namespace pilothouse::cli
