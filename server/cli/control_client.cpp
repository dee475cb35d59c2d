#include "server/cli/control_client.hpp"

#include "server/cli/control_message.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <cstddef>
#include <utility>

namespace pilothouse::cli {

namespace {

namespace local = asio::local;
using boost::system::error_code;
namespace errors = boost::system::errc;

// The longest command is a collection of garbage over a large store.
constexpr std::chrono::seconds patience{600};

bool nobody_listens(error_code const& e) {
    return e == errors::no_such_file_or_directory || e == errors::connection_refused ||
           e == errors::not_a_directory || e == errors::bad_file_descriptor;
}

failure broken(error_code const& e) {
    return {errc::unavailable, "the server did not answer: " + e.message() +
                                   "; look whether the command was done before trying again"};
}

}  // namespace

result<std::optional<cli_result>> ask_server(std::filesystem::path const& data,
                                             std::vector<std::string> const& arguments,
                                             bool confirmed) {
    auto const request = encode(control_request{arguments, confirmed});
    if (request.size() > request_bytes_max)
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

    std::string line;
    wrong = asio::error::timed_out;  // unless one of these ends before the loop does
    error_code not_written;
    auto const on_read = [&](error_code const& e, std::size_t) { wrong = e; };
    // A server that is too busy answers without reading: what could not be written is no reason not
    // to look for its answer.
    auto const on_written = [&](error_code const& e, std::size_t) {
        not_written = e;
        asio::async_read(socket, asio::dynamic_buffer(line, answer_bytes_max), on_read);
    };
    asio::async_write(socket, asio::buffer(request), on_written);
    loop.run_for(patience);
    if (auto answer = decode_answer(line)) return answer;
    if (not_written) return broken(not_written);
    return broken(wrong == asio::error::eof ? asio::error::connection_reset : wrong);
}

}  // namespace pilothouse::cli
