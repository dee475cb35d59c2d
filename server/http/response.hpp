// What a handler answers: immutable once returned, sent by the connection.
#pragma once

#include "base/shared_bytes.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pilothouse::http {

class body_stream;

// A part of an open file, sent without passing through user space where the transport allows.
struct file_body {
    std::shared_ptr<void const> owner;  // keeps the descriptor open
    int descriptor = -1;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::string before = {};  // sent in front of it
};

// The connection adds Date, Content-Length, Connection and X-Request-Id, and leaves the body out
// for HEAD, 204 and 304 (whose Content-Length is then that of the body left out; none for 204). A
// stream has no length: it goes out in chunks, or to clients of HTTP/1.0 until the connection ends,
// and is always the connection's last answer (docs/HTTP-API.md, "Streams").
class response {
public:
    using body_type = std::variant<std::string, std::vector<shared_bytes>, file_body,
                                   std::shared_ptr<body_stream>>;

    explicit response(unsigned status) : status_(status) {}

    // Names and values are ours or validated: no line breaks.
    response& header(std::string_view name, std::string_view value) &;
    response&& header(std::string_view name, std::string_view value) && {
        return std::move(this->header(name, value));
    }
    response& body(body_type b) & {
        body_ = std::move(b);
        return *this;
    }
    response&& body(body_type b) && { return std::move(this->body(std::move(b))); }
    // The connection ends after this answer.
    response& close() & {
        close_ = true;
        return *this;
    }
    response&& close() && { return std::move(this->close()); }
    // For the access line alone: why, where that is not for the client (failure::cause).
    response& because(std::string cause) & {
        cause_ = std::move(cause);
        return *this;
    }

    [[nodiscard]] unsigned status() const noexcept { return status_; }
    [[nodiscard]] std::string const& header_lines() const noexcept {
        return header_lines_;
    }  // each ends in CRLF
    [[nodiscard]] body_type const& body() const noexcept { return body_; }
    // Of a stream 0.
    [[nodiscard]] std::uint64_t body_length() const noexcept;
    [[nodiscard]] body_stream* stream() const noexcept;  // null: the body is none
    [[nodiscard]] bool closes() const noexcept { return close_; }
    [[nodiscard]] std::string const& cause() const noexcept { return cause_; }

private:
    unsigned status_;
    bool close_ = false;
    std::string header_lines_;
    std::string cause_;
    body_type body_;
};

// "Not Found" for 404; "Unknown" for a status we never send.
[[nodiscard]] std::string_view reason_phrase(unsigned status) noexcept;

}  // namespace pilothouse::http
