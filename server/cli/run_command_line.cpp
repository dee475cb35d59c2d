// The side of the command line that a person or a script meets: it asks, finds who is to run the
// command, prints.
#include "server/cli/command_line.hpp"
#include "server/cli/command_link.hpp"
#include "server/cli/control_client.hpp"
#include "server/cli/parsed_line.hpp"
#include "server/cli/remote_link.hpp"
#include "server/cli/server_choice.hpp"

#include "base/runtime.hpp"
#include "storage/fs/layout.hpp"

#include <chrono>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <unistd.h>

namespace pilothouse::cli {

namespace {

int print(cli_result const& r) {
    std::cout << r.out << std::flush;
    std::cerr << r.err << std::flush;
    if (std::cout) return r.exit_status;
    std::cerr << "pilothouse: standard output cannot be written\n";
    return r.exit_status == 0 ? 1 : r.exit_status;
}

cli_result failed(std::string const& why) { return {1, "", "pilothouse: " + why + "\n"}; }

cli_result no_server(std::string const& data) {
    return failed("no server runs on the data folder " + data);
}

bool says_yes(std::string const& question) {
    std::cerr << question << "\nType 'yes' to go on: " << std::flush;
    std::string typed;
    return std::getline(std::cin, typed) && typed == "yes";
}

// In this process; errc::locked where another one holds the folder.
result<cli_result> run_here(std::vector<std::string> const& arguments, bool confirmed,
                            std::string const& data) {
    static system_clock const time;
    settings s;
    s.data = data;
    PILOTHOUSE_TRY(auto const opened, core::open(s, storage::folder_backend{data}, time));
    services those(*opened);
    return run_to_end(run(arguments, confirmed, those));
}

// A mistyped folder must not be made only to be found empty.
std::string no_folder(std::string const& data) {
    return "there is no data folder at " + data +
           ": name it with --data or PILOTHOUSE_DATA; `pilothouse serve --data DIR` makes one, and "
           "so does `pilothouse user create NAME --data DIR`";
}

cli_result run_somewhere(std::vector<std::string> const& arguments, bool confirmed,
                         command const& what, std::string const& data) {
    bool const needs_server = what.needs_server();
    auto const until = std::chrono::steady_clock::now() + folder_patience;
    for (;;) {
        auto const by_server = ask_server(data, arguments, confirmed);
        if (!by_server) return failed(by_server.error().detail);
        if (*by_server) return **by_server;
        if (needs_server) return no_server(data);
        if (what.only_reads() && !std::filesystem::exists(storage::fs::layout{data}.version()))
            return failed(no_folder(data));
        auto const here = run_here(arguments, confirmed, data);
        if (here) return *here;
        bool const locked = here.error().code == errc::locked;
        if (!locked || std::chrono::steady_clock::now() > until) return failed(here.error().detail);
        std::this_thread::sleep_for(between_attempts);
    }
}

cli_result run_at_caller(caller_command& what, bool json, std::string const& data) {
    auto const house = open_command_link(data);
    if (!house) return failed(house.error().detail);
    if (what.needs_server() && !(*house)->is_served()) return no_server(data);
    return what.run_at_caller(**house, json);
}

cli_result run_elsewhere(parsed_line const& line, bool confirmed, remote_server const& where) {
    auto const house = remote_link::open(where);
    if (!house) return failed(house.error().detail);
    if (auto* const at_caller = dynamic_cast<caller_command*>(&line.command()))
        return at_caller->run_at_caller(**house, line.json());
    auto answer = (*house)->call(line.for_the_server(), confirmed, {}, {});
    return answer ? std::move(*answer) : failed(answer.error().detail);
}

cli_result run_there(parsed_line const& line, std::vector<std::string> const& arguments,
                     bool confirmed, std::optional<remote_server> const& elsewhere,
                     std::string const& data) {
    if (elsewhere) return run_elsewhere(line, confirmed, *elsewhere);
    if (auto* const at_caller = dynamic_cast<caller_command*>(&line.command()))
        return run_at_caller(*at_caller, line.json(), data);
    return run_somewhere(arguments, confirmed, line.command(), data);
}

// Nobody is asked about what is not there.
std::optional<cli_result> looked_in_vain(parsed_line const& line,
                                         std::optional<remote_server> const& elsewhere) {
    auto const look = line.command().look_first();
    if (look.empty()) return std::nullopt;
    parsed_line const looking(look);
    auto seen = run_there(looking, look, false, elsewhere, line.data_folder());
    if (seen.exit_status == 0) return std::nullopt;
    return seen;
}

}  // namespace

int run_command_line(std::vector<std::string> arguments) try {
    parsed_line const line(arguments);
    if (line.answer()) return print(*line.answer());
    auto const elsewhere = choose_server(line.server(), line.names_folder());
    if (!elsewhere) return print({2, "", "pilothouse: " + elsewhere.error().detail + "\n"});
    bool confirmed = false;
    if (auto const question = line.command().question()) {
        if (auto const wrong = looked_in_vain(line, *elsewhere)) return print(*wrong);
        if (::isatty(STDIN_FILENO) == 0)
            return print({2, "",
                          "pilothouse: " + *question +
                              " There is no terminal to ask on: add --yes if that is meant.\n"});
        confirmed = says_yes(*question);
        if (!confirmed) return print(failed("nothing was done"));
    }
    return print(run_there(line, arguments, confirmed, *elsewhere, line.data_folder()));
} catch (storage_full const& full) {
    return print(failed(std::string("the disk is full: ") + full.what()));
} catch (std::exception const& e) {
    return print(failed(e.what()));
}

}  // namespace pilothouse::cli
