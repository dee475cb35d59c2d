// Takes a multipart/form-data body apart while it arrives (RFC 7578; RFC 2046, 5.1.1).
#pragma once

#include "base/result.hpp"
#include "server/http/form_part.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pilothouse::http {

struct multipart_limits {
    std::size_t parts = 16;
    std::size_t part_header_bytes = 8 * 1024;  // boundary line included
    std::size_t preamble_bytes = 1024;         // what stands before the first boundary
    std::size_t epilogue_bytes = 1024;         // what stands after the last
};

// Fed with bytes, however they are cut, it answers with events; it never reads, and keeps no more
// than one part's header. Stricter than RFC 2046 where two readers could differ: lines end in CRLF,
// and what begins like a boundary line is one, or the body is refused.
//
//     for (auto const& event : events) {
//         if (auto const* part = std::get_if<multipart_reader::part_begin>(&event)) …
//     }
class multipart_reader {
public:
    struct part_begin {
        form_part part;
    };
    struct part_data {
        std::string_view bytes;  // never empty; a part's content comes in any number of pieces
    };
    struct part_end {};
    struct finished {};  // the last boundary was read; what may follow has no meaning
    using event = std::variant<part_begin, part_data, part_end, finished>;

    // `boundary` as boundary_of() gives it.
    explicit multipart_reader(std::string_view boundary, multipart_limits const& limits = {});

    // The events that these bytes complete. They, and the views in them, live until the next call,
    // and as long as `bytes`. errc::invalid_request: malformed, or beyond the limits; the reader
    // then answers every call with the same failure.
    [[nodiscard]] result<std::span<event const>> feed(std::string_view bytes);

    // To be asked when the body has ended: errc::invalid_request when its last boundary never came.
    [[nodiscard]] result<void> end() const;

private:
    enum class place : std::uint8_t {
        preamble,       // before the first boundary
        boundary_line,  // what follows `--boundary`
        header,
        content,
        last_line,  // what follows `--boundary--`
        epilogue,
        failed,
    };

    result<void> step(std::string_view& bytes);
    result<void> scan(std::string_view& bytes);
    result<void> pass(std::string_view bytes);
    result<void> skip(std::size_t bytes, std::size_t most);
    result<bool> gather(std::string_view& bytes);
    result<void> end_boundary_line(std::string_view& bytes);
    result<void> end_header_line();
    void look_for_boundary(place where) noexcept;

    std::string delimiter_;  // CRLF, `--`, boundary
    multipart_limits limits_;
    place place_ = place::preamble;
    failure failure_;                // in place::failed
    std::size_t matched_ = 0;        // how much of the delimiter the last bytes were
    std::size_t imagined_ = 0;       // of those, how many were never sent
    std::size_t skipped_bytes_ = 0;  // of preamble or epilogue
    std::size_t header_bytes_ = 0;   // of the part whose header is being read
    std::size_t parts_ = 0;
    std::string line_;                // being read
    std::vector<std::string> lines_;  // of the header being read
    std::vector<event> events_;
};

}  // namespace pilothouse::http
