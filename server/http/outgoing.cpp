#include "server/http/outgoing.hpp"

#include <fmt/compile.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace pilothouse::http {
namespace {

constexpr std::size_t pieces_a_call = 64;
constexpr std::uint64_t bytes_a_turn = 1 << 20;

iovec as_iovec(std::string_view bytes) {
    // sendmsg only reads; its structure has no const.
    return {const_cast<char*>(bytes.data()), bytes.size()};
}

}  // namespace

bool sends_body(unsigned status, method asked) noexcept {
    return asked != method::head && status != 204 && status != 304;
}

void write_head(std::string& out, response const& answer, answer_frame const& frame) {
    out.clear();
    auto const end = std::back_inserter(out);
    fmt::format_to(end, FMT_COMPILE("HTTP/1.1 {} {}\r\n"), answer.status(),
                   reason_phrase(answer.status()));
    out.append(answer.header_lines());
    out.append("Date: ").append(frame.date);
    out.append("\r\nX-Request-Id: ").append(frame.request_id).append("\r\n");
    auto const length = answer.body_length();
    if (answer.stream() != nullptr) {
        if (!frame.http_1_0) out.append("Transfer-Encoding: chunked\r\n");
    } else if (answer.status() != 204 && (answer.status() != 304 || length > 0)) {
        fmt::format_to(end, FMT_COMPILE("Content-Length: {}\r\n"), length);
    }
    if (frame.close) {
        out.append("Connection: close\r\n");
    } else if (frame.http_1_0) {
        out.append("Connection: keep-alive\r\n");
    }
    out.append("\r\n");
}

std::string as_chunk(std::string_view bytes) {
    return fmt::format(FMT_COMPILE("{:x}\r\n{}\r\n"), bytes.size(), bytes);
}

outgoing::outgoing(std::string_view head, response const& answer, bool with_body)
    : head_(head), answer_(answer) {
    if (!with_body || answer_.stream() != nullptr) return;
    if (auto const* several = std::get_if<std::vector<shared_bytes>>(&answer.body())) {
        pieces_ += several->size();
    } else if (auto const* file = std::get_if<file_body>(&answer.body())) {
        if (!file->before.empty()) ++pieces_;
        if (file->length > 0) file_ = file;
    } else {
        ++pieces_;
    }
}

std::string_view outgoing::piece(std::size_t index) const noexcept {
    if (index == 0) return head_;
    if (auto const* text = std::get_if<std::string>(&answer_.body())) return *text;
    if (auto const* file = std::get_if<file_body>(&answer_.body())) return file->before;
    return std::get<std::vector<shared_bytes>>(answer_.body())[index - 1].bytes;
}

std::size_t outgoing::gather(std::span<iovec> into) const noexcept {
    std::size_t count = 0;
    std::size_t offset = offset_;
    for (auto index = index_; index < pieces_ && count < into.size(); ++index) {
        auto const bytes = piece(index).substr(offset);
        if (!bytes.empty()) into[count++] = as_iovec(bytes);
        offset = 0;
    }
    return count;
}

void outgoing::skip(std::size_t bytes) noexcept {
    offset_ += bytes;
    while (index_ < pieces_ && offset_ >= piece(index_).size()) {
        offset_ -= piece(index_).size();
        ++index_;
    }
}

io_step outgoing::send_some(transport& to) {
    std::array<iovec, pieces_a_call> pieces;
    auto const count = gather(pieces);
    if (count > 0) {
        auto const step = to.write(std::span(pieces).first(count), file_ != nullptr);
        skip(step.bytes);
        return step;
    }
    auto const step =
        to.write_file(file_->descriptor, file_->offset + file_sent_, file_->length - file_sent_);
    file_sent_ += step.bytes;
    return step;
}

io_state outgoing::advance(transport& to) {
    auto const turn_ends = sent_ + bytes_a_turn;
    while (index_ < pieces_ || (file_ != nullptr && file_sent_ < file_->length)) {
        if (sent_ >= turn_ends) return io_state::needs_writable;
        auto const step = send_some(to);
        if (step.state != io_state::moved) return step.state;
        sent_ += step.bytes;
    }
    return io_state::moved;
}

}  // namespace pilothouse::http
