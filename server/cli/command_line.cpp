#include "server/cli/command_line.hpp"

#include "server/cli/parsed_line.hpp"

#include <utility>

namespace pilothouse::cli {

namespace {

// Who commands here may see the log as well: the cause is for him too.
cli_result told(failure const& f, services const& s, parsed_line const& line) {
    auto const why = f.cause.empty() || !s.here() ? "" : " (" + f.cause + ")";
    return {1, "", "pilothouse: " + f.detail + why + "\n", nullptr, line.called()};
}

}  // namespace

task<cli_result> run(std::vector<std::string> arguments, bool confirmed, services& s,
                     std::vector<storage::staged_file> attached) {
    parsed_line const line(arguments);
    if (line.answer()) co_return *line.answer();
    if (auto const question = line.command().question(); question && !confirmed)
        co_return cli_result{2, "", "pilothouse: " + *question + " Add --yes if that is meant.\n"};
    line.command().take(std::move(attached));
    auto done = co_await line.command().run(s, line.json());
    if (!done) co_return told(done.error(), s, line);
    co_return cli_result{0, std::move(done->out), std::move(done->err), std::move(done->file),
                         line.called()};
}

task<std::optional<cli_result>> refuse_files(std::vector<std::string> arguments, std::size_t files,
                                             services& s) {
    parsed_line const line(arguments);
    if (line.answer()) co_return *line.answer();
    if (files > line.command().takes_files())
        co_return told(failure(errc::invalid_argument, "this command takes no such files"), s,
                       line);
    auto const may = co_await line.command().may_send_files(s);
    if (!may) co_return told(may.error(), s, line);
    co_return std::nullopt;
}

}  // namespace pilothouse::cli
