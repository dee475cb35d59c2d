// The socket itself: gathering sends, files without a copy through user space.
#include "server/http/transport.hpp"

#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace pilothouse::http {
namespace {

// What a system call's answer means to who waits for `direction`.
io_step step(ssize_t answer, io_state direction) {
    if (answer > 0) return {io_state::moved, static_cast<std::size_t>(answer)};
    if (answer < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {direction, 0};
    return {io_state::ended, 0};
}

template <class Call>
ssize_t uninterrupted(Call call) {
    ssize_t answer = call();
    while (answer < 0 && errno == EINTR) answer = call();
    return answer;
}

class plain_transport final : public transport {
public:
    explicit plain_transport(int socket) : socket_(socket) {}

    io_state shake_hands() override { return io_state::moved; }

    io_step read(char* into, std::size_t room) override {
        auto const answer = uninterrupted([&] { return ::recv(socket_, into, room, 0); });
        return step(answer, io_state::needs_readable);
    }

    io_step write(std::span<iovec> pieces, bool more) override {
        msghdr message{};
        message.msg_iov = pieces.data();
        message.msg_iovlen = pieces.size();
        int const flags = MSG_NOSIGNAL | (more ? MSG_MORE : 0);
        auto const answer = uninterrupted([&] { return ::sendmsg(socket_, &message, flags); });
        return step(answer, io_state::needs_writable);
    }

    io_step write_file(int file, std::uint64_t offset, std::uint64_t length) override {
        // One call takes no more than about 2 GiB anyway; a part of that keeps the core fair.
        auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(length, 1 << 20));
        auto at = static_cast<off_t>(offset);
        auto const answer = uninterrupted([&] { return ::sendfile(socket_, file, &at, count); });
        return step(answer, io_state::needs_writable);
    }

    bool holds_input() const noexcept override { return false; }
    void end_output() noexcept override { ::shutdown(socket_, SHUT_WR); }

private:
    int socket_;
};

}  // namespace

std::unique_ptr<transport> make_plain_transport(int socket) {
    return std::make_unique<plain_transport>(socket);
}

}  // namespace pilothouse::http
