#include "server/cli/control_socket.hpp"

#include "base/task_group.hpp"
#include "server/cli/attachment.hpp"
#include "server/cli/control_message.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <set>
#include <string>
#include <utility>

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pilothouse::cli {

namespace {

using boost::system::error_code;
using protocol = asio::local::stream_protocol;
using peer_socket = asio::basic_stream_socket<protocol, executor>;
using peer_acceptor = asio::basic_socket_acceptor<protocol, executor>;
using timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, executor>;

constexpr asio::use_awaitable_t<executor> use_task{};
constexpr std::chrono::seconds request_time{10};
constexpr std::chrono::seconds answer_time{60};  // for an answer's line, or 64 KiB of a file

// Its own user, or root, as the kernel says.
bool may_command(peer_socket& peer) {
    ucred who{};
    socklen_t size = sizeof who;
    if (::getsockopt(peer.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return false;
    return who.uid == ::geteuid() || who.uid == 0;
}

cli_result refused(std::string const& why) { return {1, "", "pilothouse: " + why + "\n"}; }

// Without waiting: the answer fits the socket's empty buffer. The peer finds it there even if its
// own request came too late.
void turn_away(peer_socket& peer) {
    auto const answer =
        encode(refused("the server is busy with " + std::to_string(commands_max) +
                       " other commands, and did nothing of this one: try again in a moment"));
    error_code ignored;
    peer.non_blocking(true, ignored);
    peer.write_some(asio::buffer(answer), ignored);
}

// One peer, and the time it has for what it is doing. Used on one core alone.
struct session : std::enable_shared_from_this<session> {
    explicit session(peer_socket s) : socket(std::move(s)), deadline(socket.get_executor()) {}

    // The handler may be on its way already when the deadline moves, so it looks again.
    void expire_after(std::chrono::seconds time) {
        deadline.expires_after(time);
        deadline.async_wait([self = shared_from_this()](error_code const& e) {
            if (!e && self->deadline.expiry() <= timer::clock_type::now()) self->abandon();
        });
    }
    void expire_never() { deadline.expires_at(timer::time_point::max()); }
    // Ends whatever the session waits for.
    void abandon() {
        error_code ignored;
        socket.close(ignored);
    }

    peer_socket socket;
    timer deadline;
};

}  // namespace

struct control_socket::state {
    state(std::filesystem::path const& folder, runtime& cores, services& s)
        : address(folder),
          loop(cores.core(0).get_executor()),
          acceptor(loop),
          commands(s),
          group([](std::exception_ptr) {}) {}

    [[nodiscard]] result<void> listen();
    [[nodiscard]] task<void> accept();
    [[nodiscard]] task<void> serve(std::shared_ptr<session> peer);
    [[nodiscard]] task<cli_result> answer_to(std::shared_ptr<session> peer, std::string received);
    [[nodiscard]] task<storage::staged_file> receive(session& peer, std::string& received,
                                                     std::uint64_t size_bytes);
    [[nodiscard]] task<void> send(session& peer, storage::blob const& file);

    control_address address;
    executor loop;
    peer_acceptor acceptor;      // of the core alone, once it listens
    std::set<session*> reading;  // of the core alone: they wait for a request
    bool stopping = false;       // of the core alone
    services& commands;
    bool listening = false;
    task_group group;
};

// Bound, then given its rights, then opened to callers: there is no moment at which anybody else
// could connect.
result<void> control_socket::state::listen() {
    auto const* const path = address.text().c_str();
    ::unlink(path);
    error_code wrong;
    acceptor.open(protocol(), wrong);
    if (!wrong) acceptor.bind(protocol::endpoint(address.text()), wrong);
    if (!wrong && ::chmod(path, S_IRUSR | S_IWUSR) != 0)
        wrong.assign(errno, boost::system::system_category());
    if (!wrong) acceptor.listen(asio::socket_base::max_listen_connections, wrong);
    if (wrong)
        return failure(errc::unavailable,
                       "the socket for the command line, control.sock in the "
                       "data folder, cannot be made: " +
                           wrong.message());
    listening = true;
    return {};
}

task<void> control_socket::state::accept() {
    for (;;) {
        error_code wrong;
        auto socket = co_await acceptor.async_accept(asio::redirect_error(use_task, wrong));
        if (stopping) co_return;
        if (wrong) {
            // Out of descriptors, most likely: others may be closed soon.
            timer pause(loop, std::chrono::milliseconds(100));
            co_await pause.async_wait(asio::redirect_error(use_task, wrong));
            continue;
        }
        if (!may_command(socket)) continue;
        if (group.running() > commands_max) {
            turn_away(socket);
            continue;
        }
        group.spawn(loop, serve(std::make_shared<session>(std::move(socket))));
    }
}

task<void> control_socket::state::serve(std::shared_ptr<session> peer) {
    std::string received;
    error_code wrong;
    peer->expire_after(request_time);
    reading.insert(peer.get());
    co_await asio::async_read_until(peer->socket, asio::dynamic_buffer(received, request_bytes_max),
                                    '\n', asio::redirect_error(use_task, wrong));
    if (!wrong) {
        auto const answer = co_await answer_to(peer, std::move(received));
        auto const line = encode(answer);
        peer->expire_after(answer_time);
        co_await asio::async_write(peer->socket, asio::buffer(line),
                                   asio::redirect_error(use_task, wrong));
        if (!wrong && answer.file) co_await send(*peer, *answer.file);
    }
    reading.erase(peer.get());
    peer->expire_never();
}

// `received` is the request's line, and what came with it of the files behind it.
task<cli_result> control_socket::state::answer_to(std::shared_ptr<session> peer,
                                                  std::string received) {
    auto const line_bytes = received.find('\n') + 1;
    auto request = decode_request(std::string_view(received).substr(0, line_bytes));
    if (!request) co_return refused("the request is not one of this version's command line");
    received.erase(0, line_bytes);
    std::string broken;
    try {
        std::vector<storage::staged_file> attached;
        for (auto const size_bytes : request->attached)
            attached.push_back(co_await receive(*peer, received, size_bytes));
        reading.erase(peer.get());
        peer->expire_never();
        co_return co_await run(std::move(request->arguments), request->confirmed, commands,
                               std::move(attached));
    } catch (storage_full const& full) {
        broken = std::string("the disk is full: ") + full.what();
    } catch (std::exception const& e) {
        broken = e.what();
    }
    co_return refused(broken);
}

task<storage::staged_file> control_socket::state::receive(session& peer, std::string& received,
                                                          std::uint64_t size_bytes) {
    auto const writer = co_await commands.staging.create();
    for (;;) {
        auto const missing = size_bytes - writer->size_bytes();
        auto const here = std::min<std::uint64_t>(missing, received.size());
        co_await writer->write(std::string_view(received).substr(0, here));
        received.erase(0, here);
        if (here == missing) break;
        peer.expire_after(answer_time);
        received.resize(std::min<std::uint64_t>(missing - here, piece_bytes));
        auto const room = asio::buffer(received);
        auto const count = co_await peer.socket.async_read_some(room, use_task);
        received.resize(count);
    }
    co_return co_await writer->finish();
}

task<void> control_socket::state::send(session& peer, storage::blob const& file) {
    std::string piece(piece_bytes, '\0');
    std::uint64_t offset = 0;
    auto const read = [&]() -> result<std::size_t> { return read_blob(file, offset, piece); };
    while (offset < file.size_bytes) {
        auto const count = co_await commands.files.run(read);
        if (!count) co_return;  // the line promised more: the caller sees that it was cut off
        peer.expire_after(answer_time);
        auto const bytes = asio::buffer(piece.data(), *count);
        error_code wrong;
        co_await asio::async_write(peer.socket, bytes, asio::redirect_error(use_task, wrong));
        if (wrong) co_return;
        offset += *count;
    }
}

control_socket::control_socket(std::unique_ptr<state> s) : state_(std::move(s)) {}

control_socket::~control_socket() { stop(); }

result<std::unique_ptr<control_socket>> control_socket::start(std::filesystem::path const& folder,
                                                              runtime& cores, services& s) {
    auto made = std::make_unique<state>(folder, cores, s);
    if (auto const ok = made->listen(); !ok) return ok.error();
    made->group.spawn(made->loop, made->accept());
    return std::unique_ptr<control_socket>(new control_socket(std::move(made)));
}

void control_socket::stop() {
    if (!std::exchange(state_->listening, false)) return;
    ::unlink(state_->address.text().c_str());
    asio::post(state_->loop, [s = state_.get()] {
        s->stopping = true;
        error_code ignored;
        s->acceptor.close(ignored);
        for (session* const waiting : s->reading) waiting->abandon();
    });
    state_->group.wait();
}

}  // namespace pilothouse::cli
