#include "server/console/command_handler.hpp"

#include "base/shared_bytes.hpp"
#include "server/cli/command_line.hpp"
#include "server/cli/control_message.hpp"
#include "server/cli/services.hpp"
#include "server/console/received_command.hpp"
#include "server/http/problem.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::console {

namespace {

constexpr std::size_t commands_max = 64;  // as many as the control socket takes

// One command under way.
class turn {
public:
    explicit turn(std::atomic<std::size_t>& running) : running_(running), number_(++running) {}
    ~turn() { --running_; }
    turn(turn const&) = delete;
    turn& operator=(turn const&) = delete;
    [[nodiscard]] bool too_many() const noexcept { return number_ > commands_max; }

private:
    std::atomic<std::size_t>& running_;
    std::size_t number_;
};

http::response refused(failure const& why, http::exchange const& x) {
    return http::problem_words().refuse(x, why);
}

http::response other_version(std::string const& ours, std::string_view theirs) {
    return http::problem(409, "other_version",
                         "this server is Pilothouse " + ours +
                             ", and takes commands of a program " +
                             "of that version alone; this one is " +
                             (theirs.empty() ? "of none" : std::string(theirs)));
}

// The answer's line, and the file behind it.
http::response::body_type body_of(cli::cli_result const& done) {
    auto line = cli::encode(done);
    if (!done.file) return line;
    auto const& file = *done.file;
    if (file.bytes.size() != file.size_bytes)
        return http::file_body{done.file, file.descriptor, 0, file.size_bytes, std::move(line)};
    std::vector<shared_bytes> pieces;
    auto const kept = std::make_shared<std::string const>(std::move(line));
    pieces.emplace_back(kept, *kept);
    if (file.size_bytes > 0) pieces.emplace_back(done.file, std::string_view(file.bytes));
    return pieces;
}

}  // namespace

task<http::response> command_handler::run(http::exchange& x) {
    auto answer = co_await answer_to(x);
    answer.header(cli::version_field, parts_.version);
    co_return answer;
}

// What kind of message it is comes first: forms of web pages cannot say that it is this one.
task<http::response> command_handler::answer_to(http::exchange& x) {
    if (x.head.field("Content-Type") != cli::command_media_type)
        co_return http::problem(415, "unsupported_media_type",
                                "this address takes commands of the pilothouse program alone");
    auto const theirs = x.head.field(cli::version_field);
    if (theirs != parts_.version) co_return other_version(parts_.version, theirs);
    turn const mine(running_);
    if (mine.too_many())
        co_return refused(failure(errc::unavailable,
                                  "the server is busy with " + std::to_string(commands_max) +
                                      " other commands, and did nothing of this one: try again in "
                                      "a moment"),
                          x);

    cli::services services(parts_.core, {x.who, std::string(x.peer)});
    auto received = co_await receive(x, services);
    if (!received) co_return refused(received.error(), x);
    if (!received->answered)
        received->answered = co_await cli::run(std::move(received->arguments), received->confirmed,
                                               services, std::move(received->files));
    auto const& done = *received->answered;
    if (!done.called.empty()) x.notes.emplace_back("command", done.called);
    x.notes.emplace_back("exit", std::to_string(done.exit_status));
    http::response answer(200);
    answer.header("Content-Type", cli::answer_media_type);
    answer.header("Cache-Control", "no-store");
    answer.header("X-Content-Type-Options", "nosniff");
    answer.body(body_of(done));
    co_return answer;
}

}  // namespace pilothouse::console
