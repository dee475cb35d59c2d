#include "server/cli/control_client.hpp"

#include "server/cli/control_message.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <span>
#include <utility>

namespace pilothouse::cli {

namespace {

namespace local = asio::local;
using boost::system::error_code;
namespace errors = boost::system::errc;

// The longest command is a collection of garbage over a large store.
constexpr std::chrono::seconds command_time{600};

bool nobody_listens(error_code const& e) {
    return e == errors::no_such_file_or_directory || e == errors::connection_refused ||
           e == errors::not_a_directory || e == errors::bad_file_descriptor;
}

failure broken(error_code const& e) {
    return {errc::unavailable, "the server did not answer: " + e.message() +
                                   "; look whether the command was done before trying again"};
}

// One command on its way to the server and back.
struct conversation {
    local::stream_protocol::socket socket;
    std::string request;
    std::vector<attachment> const& attached;
    byte_sink const& sink;
    result<cli_result> outcome = failure();  // set by talk()

    [[nodiscard]] asio::awaitable<void> talk();
    [[nodiscard]] asio::awaitable<void> send(attachment const& file);
    [[nodiscard]] asio::awaitable<result<void>> receive(std::string first, std::uint64_t size);
    [[nodiscard]] asio::awaitable<result<cli_result>> read_answer();
};

// A server that does not want the rest closes while we write, and its answer says why.
asio::awaitable<void> conversation::talk() {
    try {
        co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
        for (auto const& file : attached) co_await send(file);
    } catch (boost::system::system_error const&) {
    }
    try {
        outcome = co_await read_answer();
    } catch (boost::system::system_error const& e) {
        outcome = broken(e.code());
    }
}

asio::awaitable<void> conversation::send(attachment const& file) {
    std::string piece(piece_bytes, '\0');
    for (std::uint64_t offset = 0; offset < file.size_bytes;) {
        auto const wanted = std::min<std::uint64_t>(piece.size(), file.size_bytes - offset);
        auto const count = read_piece(file.descriptor, offset, std::span(piece).first(wanted));
        // The file was cut short while we read it: the server must not wait for the rest.
        if (count == 0) throw boost::system::system_error(asio::error::eof);
        auto const bytes = asio::buffer(piece.data(), count);
        co_await asio::async_write(socket, bytes, asio::use_awaitable);
        offset += count;
    }
}

asio::awaitable<result<cli_result>> conversation::read_answer() {
    std::string line;
    auto const end = co_await asio::async_read_until(
        socket, asio::dynamic_buffer(line, answer_bytes_max), '\n', asio::use_awaitable);
    auto answer = decode_answer(std::string_view(line).substr(0, end));
    if (!answer) co_return broken(asio::error::connection_reset);
    if (answer->attached) {
        auto const received = co_await receive(line.substr(end), *answer->attached);
        if (!received) co_return received.error();
    }
    co_return std::move(answer->result);
}

asio::awaitable<result<void>> conversation::receive(std::string first, std::uint64_t size) {
    while (size > 0) {
        if (first.empty()) {
            first.resize(std::min<std::uint64_t>(size, piece_bytes));
            auto const room = asio::buffer(first);
            auto const count = co_await socket.async_read_some(room, asio::use_awaitable);
            first.resize(count);
        }
        if (first.size() > size) co_return broken(asio::error::connection_reset);
        if (sink) {
            auto const taken = sink(first);
            if (!taken) co_return taken.error();
        }
        size -= first.size();
        first.clear();
    }
    co_return result<void>();
}

}  // namespace

result<std::optional<cli_result>> ask_server(std::filesystem::path const& data,
                                             std::vector<std::string> const& arguments,
                                             bool confirmed,
                                             std::vector<attachment> const& attached,
                                             byte_sink const& sink) {
    control_request request{arguments, confirmed};
    for (auto const& file : attached) request.attached.push_back(file.size_bytes);
    auto line = encode(request);
    if (line.size() > request_bytes_max)
        return failure(errc::invalid_argument, "the arguments are too long");

    asio::io_context loop(1);
    local::stream_protocol::socket socket(loop);
    control_address const address(data);
    error_code wrong;
    socket.connect(local::stream_protocol::endpoint(address.text()), wrong);
    if (nobody_listens(wrong)) return std::optional<cli_result>();
    if (wrong == errors::permission_denied)
        return failure(errc::denied,
                       "the data folder is another user's; run the command as that user");
    if (wrong) return broken(wrong);

    conversation with_server{std::move(socket), std::move(line), attached, sink};
    with_server.outcome = broken(asio::error::timed_out);  // unless it ends before the loop does
    std::exception_ptr thrown;
    asio::co_spawn(loop, with_server.talk(), [&](std::exception_ptr e) { thrown = e; });
    loop.run_for(command_time);
    if (thrown) std::rethrow_exception(thrown);
    if (!with_server.outcome) return with_server.outcome.error();
    return std::optional(std::move(*with_server.outcome));
}

}  // namespace pilothouse::cli
