#include "server/cli/command_line.hpp"

#include "server/cli/parsed_line.hpp"

#include <utility>

namespace pilothouse::cli {

task<cli_result> run(std::vector<std::string> arguments, bool confirmed, services& s,
                     std::vector<storage::staged_file> attached) {
    parsed_line const line(arguments);
    if (line.answer()) co_return *line.answer();
    if (auto const question = line.command().question(); question && !confirmed)
        co_return cli_result{2, "", "pilothouse: " + *question + " Add --yes if that is meant.\n"};
    line.command().take(std::move(attached));
    auto done = co_await line.command().run(s, line.json());
    // Who commands here may see the log as well: the cause is for him too.
    if (!done) {
        auto const& f = done.error();
        auto const why = f.cause.empty() ? "" : " (" + f.cause + ")";
        co_return cli_result{1, "", "pilothouse: " + f.detail + why + "\n"};
    }
    co_return cli_result{0, std::move(done->out), std::move(done->err), std::move(done->file)};
}

}  // namespace pilothouse::cli
