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

// Lives until it was sent.
struct sent_answer {
    std::string line;
    std::shared_ptr<storage::blob const> file;
    std::shared_ptr<void const> turn;
};

// The answer's line, and the file behind it. What is in memory keeps its command's turn until it
// was sent: who asks for much and does not read it cannot ask for more meanwhile.
http::response::body_type body_of(cli::cli_result const& done, std::shared_ptr<void const> turn) {
    auto line = cli::encode(done);
    auto const* const file = done.file.get();
    if (file != nullptr && file->bytes.size() != file->size_bytes)
        return http::file_body{done.file, file->descriptor, 0, file->size_bytes, std::move(line)};
    auto const kept =
        std::make_shared<sent_answer const>(std::move(line), done.file, std::move(turn));
    std::vector<shared_bytes> pieces;
    pieces.emplace_back(kept, kept->line);
    if (file != nullptr && file->size_bytes > 0) pieces.emplace_back(kept, file->bytes);
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

    cli::services services(parts_.core, {x.who, std::string(x.peer)});
    auto received = co_await receive(x, services);
    if (!received) co_return refused(received.error(), x);
    // Not before: whoever sends slowly waits for himself alone.
    auto turn = turns_.take(*x.who);
    if (!turn) co_return refused(turn.error(), x);
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
    answer.body(body_of(done, std::move(*turn)));
    co_return answer;
}

}  // namespace pilothouse::console
