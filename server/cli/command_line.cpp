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

// It is made whole in the server's memory, for each caller.
failure too_long(bool only_reads) {
    std::string const size = std::to_string(remote_output_bytes_max / (1024 * 1024)) + " MiB";
    if (only_reads)
        return {errc::too_large, "the answer is longer than the " + size +
                                     " that a server says to other machines: ask for less of it, "
                                     "as one group, channel or chart, or a smaller --limit"};
    return {errc::too_large, "the command was done, but what it says of that is longer than the " +
                                 size +
                                 " that a server says to other machines; have it change less at a "
                                 "time, as one chart or a narrower --range"};
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
    if (!s.here() && done->out.size() > remote_output_bytes_max)
        co_return told(too_long(line.command().only_reads()), s, line);
    co_return cli_result{done->exit_status, std::move(done->out), std::move(done->err),
                         std::move(done->file), line.called()};
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
