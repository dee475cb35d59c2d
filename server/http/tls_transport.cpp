// A socket through OpenSSL, which reads and writes the descriptor itself.
#include "server/http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>

namespace pilothouse::http {
namespace {

constexpr std::size_t record_bytes = 16 * 1024;  // the most that one TLS record holds

// Small pieces are joined here, so that each makes no record of its own. Between two attempts at
// one write the same bytes are joined again: what the caller sends does not change.
thread_local std::array<char, record_bytes> joined;

class tls_transport final : public transport {
public:
    tls_transport(SSL_CTX* context, int socket) : session_(SSL_new(context)) {
        if (session_ == nullptr) throw std::bad_alloc();
        if (SSL_set_fd(session_, socket) != 1) {
            SSL_free(session_);
            throw std::bad_alloc();
        }
        SSL_set_accept_state(session_);
    }
    ~tls_transport() override { SSL_free(session_); }
    tls_transport(tls_transport const&) = delete;
    tls_transport& operator=(tls_transport const&) = delete;

    io_state shake_hands() override {
        ERR_clear_error();
        int const answer = SSL_do_handshake(session_);
        return answer == 1 ? io_state::moved : judge(answer);
    }

    io_step read(char* into, std::size_t room) override {
        ERR_clear_error();
        std::size_t count = 0;
        int const answer = SSL_read_ex(session_, into, room, &count);
        return answer == 1 ? io_step{io_state::moved, count} : io_step{judge(answer), 0};
    }

    io_step write(std::span<iovec> pieces, bool) override {
        if (pieces.size() == 1 || pieces[0].iov_len >= record_bytes) {
            return write(static_cast<char const*>(pieces[0].iov_base), pieces[0].iov_len);
        }
        std::size_t filled = 0;
        for (iovec const& piece : pieces) {
            auto const part = std::min(piece.iov_len, joined.size() - filled);
            std::copy_n(static_cast<char const*>(piece.iov_base), part, joined.data() + filled);
            filled += part;
            if (filled == joined.size()) break;
        }
        return write(joined.data(), filled);
    }

    io_step write_file(int file, std::uint64_t offset, std::uint64_t length) override {
        auto const want = static_cast<std::size_t>(std::min<std::uint64_t>(length, joined.size()));
        ssize_t got = 0;
        do {
            got = ::pread(file, joined.data(), want, static_cast<off_t>(offset));
        } while (got < 0 && errno == EINTR);
        if (got <= 0) return {io_state::ended, 0};
        return write(joined.data(), static_cast<std::size_t>(got));
    }

    bool holds_input() const noexcept override { return SSL_has_pending(session_) == 1; }

    void end_output() noexcept override {
        ERR_clear_error();
        if (!broken_) SSL_shutdown(session_);
        ::shutdown(SSL_get_fd(session_), SHUT_WR);
    }

private:
    io_step write(char const* bytes, std::size_t count) {
        ERR_clear_error();
        std::size_t written = 0;
        int const answer = SSL_write_ex(session_, bytes, count, &written);
        return answer == 1 ? io_step{io_state::moved, written} : io_step{judge(answer), 0};
    }

    io_state judge(int answer) {
        switch (SSL_get_error(session_, answer)) {
            case SSL_ERROR_WANT_READ: return io_state::needs_readable;
            case SSL_ERROR_WANT_WRITE: return io_state::needs_writable;
            case SSL_ERROR_ZERO_RETURN: return io_state::ended;
            default: broken_ = true; return io_state::ended;
        }
    }

    SSL* session_;
    bool broken_ = false;  // after a fatal error OpenSSL must not be asked to say good-bye
};

}  // namespace

std::unique_ptr<transport> tls_context::accept(int socket) const {
    return std::make_unique<tls_transport>(native_, socket);
}

}  // namespace pilothouse::http
