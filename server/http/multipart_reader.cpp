#include "server/http/multipart_reader.hpp"

#include "server/http/field_syntax.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::http {

multipart_reader::multipart_reader(std::string_view boundary, multipart_limits const& limits)
    : delimiter_("\r\n--"), limits_(limits) {
    delimiter_ += boundary;
    look_for_boundary(place::preamble);
}

// A boundary line begins with the CRLF that ends the line before it. At the very beginning, and
// right after a part's header, that CRLF has been read or never was: it is taken as seen.
void multipart_reader::look_for_boundary(place where) noexcept {
    place_ = where;
    matched_ = imagined_ = 2;
}

result<std::span<multipart_reader::event const>> multipart_reader::feed(std::string_view bytes) {
    events_.clear();
    if (place_ == place::failed) return failure_;
    while (!bytes.empty()) {
        if (auto const ok = step(bytes); !ok) {
            place_ = place::failed;
            failure_ = ok.error();
            events_.clear();
            return failure_;
        }
    }
    return std::span<event const>(events_);
}

result<void> multipart_reader::end() const {
    if (place_ == place::failed) return failure_;
    if (place_ == place::epilogue) return {};
    if (place_ == place::last_line && trim(line_).empty()) return {};
    return malformed_form("it ends before its last boundary");
}

result<void> multipart_reader::step(std::string_view& bytes) {
    switch (place_) {
        case place::preamble:
        case place::content: return scan(bytes);
        case place::boundary_line: return end_boundary_line(bytes);
        case place::header: {
            PILOTHOUSE_TRY(bool const complete, gather(bytes));
            return complete ? end_header_line() : result<void>();
        }
        case place::last_line: {
            PILOTHOUSE_TRY(bool const complete, gather(bytes));
            if (!complete) return {};
            if (!trim(line_).empty())
                return malformed_form("a line goes on after the last boundary");
            skipped_bytes_ = 0;
            place_ = place::epilogue;
            return {};
        }
        case place::epilogue: return skip(std::exchange(bytes, {}).size(), limits_.epilogue_bytes);
        case place::failed: break;
    }
    return failure_;
}

// Passes on what is no boundary, in as few pieces as can be. The only CR of a delimiter is its
// first byte: where a match breaks off, the bytes matched so far are content, and a new match
// begins with this byte at the earliest. So nothing is ever kept: what is held of earlier calls is,
// byte for byte, the beginning of the delimiter.
result<void> multipart_reader::scan(std::string_view& bytes) {
    std::size_t at = 0;
    std::size_t held = matched_;
    while (at < bytes.size() && matched_ < delimiter_.size()) {
        if (bytes[at] == delimiter_[matched_]) {
            ++matched_;
            ++at;
        } else if (matched_ == 0) {
            at = std::min(bytes.find('\r', at), bytes.size());
        } else {
            auto const given_back = std::string_view(delimiter_).substr(0, held);
            if (auto const ok = pass(given_back.substr(imagined_)); !ok) return ok;
            matched_ = held = imagined_ = 0;
        }
    }
    if (auto const ok = pass(bytes.substr(0, at - (matched_ - held))); !ok) return ok;
    bytes.remove_prefix(at);
    if (matched_ < delimiter_.size()) return {};
    if (place_ == place::content) events_.emplace_back(part_end());
    header_bytes_ = 0;
    place_ = place::boundary_line;
    return {};
}

result<void> multipart_reader::pass(std::string_view bytes) {
    if (place_ == place::preamble) return skip(bytes.size(), limits_.preamble_bytes);
    if (!bytes.empty()) events_.emplace_back(part_data{bytes});
    return {};
}

result<void> multipart_reader::skip(std::size_t bytes, std::size_t most) {
    skipped_bytes_ += bytes;
    if (skipped_bytes_ > most) return malformed_form("too much text outside its parts");
    return {};
}

// Adds to line_; true when the line is complete, its CRLF left out.
result<bool> multipart_reader::gather(std::string_view& bytes) {
    auto const line_end = bytes.find('\n');
    bool const complete = line_end != std::string_view::npos;
    auto const taken = bytes.substr(0, complete ? line_end + 1 : bytes.size());
    header_bytes_ += taken.size();
    if (header_bytes_ > limits_.part_header_bytes)
        return malformed_form("the header of a part is too long");
    line_ += taken;
    bytes.remove_prefix(taken.size());
    if (!complete) return false;
    if (!line_.ends_with("\r\n")) return malformed_form("a line ends in LF alone");
    line_.resize(line_.size() - 2);
    return true;
}

// `--` makes it the last one, at once: a body may end there, without a line end.
result<void> multipart_reader::end_boundary_line(std::string_view& bytes) {
    if (line_.size() < 2 && bytes.front() == '-') {
        line_ += '-';
        bytes.remove_prefix(1);
        if (line_ != "--") return {};
        line_.clear();
        events_.emplace_back(finished());
        place_ = place::last_line;
        return {};
    }
    PILOTHOUSE_TRY(bool const complete, gather(bytes));
    if (!complete) return {};
    if (!trim(line_).empty()) return malformed_form("a line goes on after the boundary");
    if (++parts_ > limits_.parts) return malformed_form("it has too many parts");
    line_.clear();
    lines_.clear();
    place_ = place::header;
    return {};
}

result<void> multipart_reader::end_header_line() {
    if (!line_.empty()) {
        lines_.push_back(std::exchange(line_, {}));
        return {};
    }
    PILOTHOUSE_TRY(auto part, parse_form_part(lines_));
    events_.emplace_back(part_begin{std::move(part)});
    look_for_boundary(place::content);
    return {};
}

}  // namespace pilothouse::http
