// Bytes in and out of one connected socket, in the clear or through TLS, without ever waiting: who
// is told to wait, waits for the socket and asks again with the same bytes.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace pilothouse::http {

enum class io_state : std::uint8_t {
    moved,           // it is done, or a part of it
    needs_readable,  // nothing moved: ask again when the socket is readable
    needs_writable,  // nothing moved: ask again when the socket is writable
    ended,           // the peer is gone, or broke the protocol
};

struct io_step {
    io_state state = io_state::ended;
    std::size_t bytes = 0;  // moved; never 0 with io_state::moved
};

// Lives on one core. The socket is non-blocking and outlives the transport. SIGPIPE is ignored by
// the process: sendfile and OpenSSL cannot be told to leave it out.
class transport {
public:
    virtual ~transport() = default;

    // The TLS handshake, in as many calls as it takes; moved: done.
    [[nodiscard]] virtual io_state shake_hands() = 0;
    [[nodiscard]] virtual io_step read(char* into, std::size_t room) = 0;
    // The pieces in order, as much as fits; not empty. `more`: further bytes follow at once.
    [[nodiscard]] virtual io_step write(std::span<iovec> pieces, bool more) = 0;
    // A part of a file. Ended, too, where the file is shorter than it was.
    [[nodiscard]] virtual io_step write_file(int file, std::uint64_t offset,
                                             std::uint64_t length) = 0;
    // Whether read() may give bytes although the socket is not readable.
    [[nodiscard]] virtual bool holds_input() const noexcept = 0;
    // Nothing more will be written: tells the peer, who still may send.
    virtual void end_output() noexcept = 0;
};

[[nodiscard]] std::unique_ptr<transport> make_plain_transport(int socket);

}  // namespace pilothouse::http
