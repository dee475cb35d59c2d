// Reads requests from bytes: the head at once when it is all there, the body piece by piece. No
// sockets.
#pragma once

#include "base/result.hpp"
#include "server/http/request_head.hpp"
#include "server/http/request_rules.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace pilothouse::http {

// Not thread-safe. One request at a time; restart() before each.
class request_parser {
public:
    struct bounds {
        std::size_t header_bytes = 16 * 1024;  // from the first byte to the empty line: 431 beyond
        std::size_t target_bytes = 8 * 1024;   // 414 beyond
        std::size_t fields = 100;              // 431 beyond
        std::size_t chunk_extension_bytes = 1024;  // of all chunks together: 400 beyond
    };
    enum class progress : std::uint8_t { incomplete, complete, refused };

    explicit request_parser(bounds const& b);
    ~request_parser();
    request_parser(request_parser const&) = delete;
    request_parser& operator=(request_parser const&) = delete;

    void restart();

    // `received` is all that came since the end of the request before; while incomplete, call again
    // with more of it at the same address. Empty lines before the request are skipped (RFC 9112
    // 2.2). Refused: see refused(); where another request would begin cannot be known.
    [[nodiscard]] progress read_head(std::string_view received);

    // Of what read_head was given, how much belongs to the head.
    [[nodiscard]] std::size_t head_bytes() const noexcept { return head_end_; }
    // Views into `received`. After a refusal: as much as was understood.
    [[nodiscard]] request_head const& head() const noexcept { return head_; }
    [[nodiscard]] refusal const& refused() const noexcept { return refused_; }

    struct piece {
        std::size_t consumed = 0;  // of what was given: not to be given again
        std::string_view data;     // of the body, within what was given; empty: more is needed
        bool last = false;         // the body ends with this piece
    };
    // The body of a request that has one. `received` is what follows the head or the last piece,
    // not empty. errc::invalid_request: malformed chunks, or too many extensions; the connection is
    // lost then.
    [[nodiscard]] result<piece> read_body(std::string_view received);

private:
    class reader;
    struct grammar;

    // The target's, and enough for any method and the version.
    [[nodiscard]] std::size_t request_line_bytes() const noexcept {
        return bounds_.target_bytes + 64;
    }
    [[nodiscard]] progress refuse(refusal r);
    [[nodiscard]] progress find_end(std::string_view received);
    [[nodiscard]] progress judge_unfinished(std::string_view received);
    [[nodiscard]] progress parse(std::string_view head);

    bounds bounds_;
    std::unique_ptr<grammar> grammar_;  // Beast, which stays out of headers
    request_head head_;
    refusal refused_;
    std::size_t begin_ = 0;     // of the request line
    std::size_t line_ = 0;      // of the line not yet complete
    std::size_t searched_ = 0;  // no line feed between line_ and here
    std::size_t head_end_ = 0;
    bool has_request_line_ = false;
};

}  // namespace pilothouse::http
