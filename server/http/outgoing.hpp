// One answer on its way: the header made once, then header and body sent from wherever they lie.
#pragma once

#include "server/http/request_head.hpp"
#include "server/http/response.hpp"
#include "server/http/transport.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pilothouse::http {

// What the connection knows and the handler does not.
struct answer_frame {
    std::string_view date;
    std::string_view request_id;
    bool close = false;
    bool http_1_0 = false;  // whose clients must be told that the connection stays
};

// Writes status line and header fields into `out`, whose contents it replaces. Content-Length is
// that of the body, sent or not; none with 204, nor with a 304 whose body is unknown (RFC 9110
// 8.6). A stream is chunked, which HTTP/1.0 does not know (RFC 9112 6.1).
void write_head(std::string& out, response const& answer, answer_frame const& frame);

// Whether the body of this answer follows its header (RFC 9112 6.3).
[[nodiscard]] bool sends_body(unsigned status, method asked) noexcept;

// `bytes` as a chunk; not empty, for the empty chunk is the last (RFC 9112 7.1).
[[nodiscard]] std::string as_chunk(std::string_view bytes);
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

// Header and answer outlive it. Of a stream the header alone: see connection::send_stream.
class outgoing {
public:
    outgoing(std::string_view head, response const& answer, bool with_body);

    // Sends what the socket takes now, at most about a megabyte, for the other connections' sake.
    // moved: all of it is sent.
    [[nodiscard]] io_state advance(transport& to);

    [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }
    [[nodiscard]] std::uint64_t body_sent() const noexcept {
        return sent_ > head_.size() ? sent_ - head_.size() : 0;
    }

private:
    [[nodiscard]] std::string_view piece(std::size_t index) const noexcept;
    [[nodiscard]] std::size_t gather(std::span<iovec> into) const noexcept;
    [[nodiscard]] io_step send_some(transport& to);
    void skip(std::size_t bytes) noexcept;

    std::string_view head_;
    response const& answer_;
    file_body const* file_ = nullptr;
    std::size_t pieces_ = 1;  // the header is the first
    std::size_t index_ = 0;   // of the piece that comes next
    std::size_t offset_ = 0;  // in it
    std::uint64_t file_sent_ = 0;
    std::uint64_t sent_ = 0;
};

}  // namespace pilothouse::http
